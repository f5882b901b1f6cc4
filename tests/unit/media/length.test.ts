import { expect, test } from 'vitest'
import { checkMade, secondsMade } from '../../../src/media/ffmpeg/length.ts'
import type { Probe, Track } from '../../../src/media/ffmpeg/probe.ts'

const track = (seconds: number | null, own = true): Track => ({ codec: 'flac', rate: 44_100, channels: 2, layout: 'stereo', sampleFormat: 's16', bits: 16, seconds, own })
const probe = (audio: Track | null, video: Track | null = null, tracks = 1, demuxer = 'flac'): Probe => ({ format: { demuxer, film: video !== null }, audio, video, tracks, open: false })
const ended = (time: string): readonly string[] => ['Output #0, wav', `size=    1034kB time=${time} bitrate=1411.3kbits/s speed= 330x    `, 'video:0kB audio:1034kB']

test('ffmpeg says at its end how much it made', () => {
  expect(secondsMade(['size=       0kB time=00:00:00.00 bitrate=N/A', ...ended('01:02:03.25')])).toBe(3723.25)
  expect(secondsMade(['frame=   10 fps=0.0 q=-1.0 Lsize=      12kB time=00:00:00.90 bitrate= 109.1kbits/s'])).toBe(0.9)
  expect(secondsMade(['size=       0kB time=N/A bitrate=N/A', 'Conversion failed!'])).toBeNull()
})

test('what is shorter than its file says is told, and nothing else', () => {
  const cut = (each: Probe, film: boolean, time: string) => () => { checkMade(each, film, ended(time)) }
  expect(cut(probe(track(60)), false, '00:00:30.00')).toThrow(expect.objectContaining({ code: 'media-cut', data: { expected: 60, made: 30 } }) as Error)
  for (const time of ['00:00:59.50', '00:01:00.00', '00:02:00.00']) expect(cut(probe(track(60)), false, time)).not.toThrow()
  expect(cut(probe(track(null, false)), false, '00:00:01.00')).not.toThrow()
  expect(cut(probe(track(60), null, 1, 'avi'), false, '00:00:30.00')).not.toThrow()
  // A track that says nothing of itself may be shorter than another one of its file.
  expect(cut(probe(track(60, false), track(60, false), 3), true, '00:00:30.00')).not.toThrow()
  expect(cut(probe(track(60, false), track(60, false), 2), true, '00:00:30.00')).toThrow('shorter')
  expect(cut(probe(track(40), track(60), 2), true, '00:00:41.00')).not.toThrow()
  expect(cut(probe(track(60), track(60), 2), false, '00:00:30.00')).toThrow('shorter')
})

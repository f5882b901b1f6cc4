import { HoldfastError } from '../../base/index.ts'
import type { Probe } from './probe.ts'

/** How much shorter what was made may be than the file says: what encoders put before and after it, and the last picture of a slow film. */
const slackSeconds = 1

/** Files whose headers say how long they are and are believed, as whatever makes them counts; others (AVI, ASF, FLV, ..) say it more or less. Of WAV and its like ffmpeg tells the length of what is there: `countFault`. */
const telling = new Set(['flac', 'tta', 'wv', 'ape', 'mov', 'matroska', 'mp3', 'au'])

/** How long what was made is, as ffmpeg says at its end; null where it says nothing. */
export function secondsMade(log: readonly string[]): number | null {
  for (const line of log.toReversed()) {
    const [, hours, minutes, seconds] = /^(?:size|frame)=.*\btime=(\d+):(\d\d):(\d\d(?:\.\d+)?)/.exec(line) ?? []
    if (hours !== undefined) return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  }
  return null
}

/**
 * ffmpeg is content with what it gets of a file that was cut, and makes something shorter. `media-cut` where that is shorter than the file says each track of it is that went in. A file that
 * says nothing that can be trusted, or has other tracks that may be longer, is never refused.
 */
export function checkMade({ format, audio, video, tracks }: Probe, film: boolean, log: readonly string[]): void {
  const used = [audio, ...film ? [video] : []].filter(track => track !== null)
  const made = secondsMade(log)
  const lengths = used.map(({ seconds, own }) => own || used.length === tracks ? seconds : null)
  if (!telling.has(format.demuxer) || made === null || lengths.length === 0 || lengths.includes(null)) return
  const expected = Math.min(...lengths.map(Number))
  if (made < expected - slackSeconds) throw new HoldfastError('media-cut', 'it is shorter than it says', { expected: Math.round(expected), made: Math.round(made) })
}

import { HoldfastError, limits } from '../base/index.ts'
import type { StagingFile } from '../store/index.ts'
import type { ExportRequest } from './convert-api.ts'
import { outputPath } from './ffmpeg/files.ts'
import { runInMemory } from './ffmpeg/in-memory.ts'
import { checkMade } from './ffmpeg/length.ts'
import { failureOf, inputArgs, probe, soundOf, type Probe, type Track } from './ffmpeg/probe.ts'
import { runFfmpeg } from './ffmpeg/run.ts'
import { readAhead } from './read-ahead.ts'
import { flacArgs } from './transcode.ts'

type Format = ExportRequest['format']

/** Codecs that MP4 holds and players know, so that their streams are copied. */
const mp4Video = new Set(['h264', 'hevc', 'av1', 'vp9', 'mpeg4'])
const mp4Audio = new Set(['aac', 'mp3', 'ac3', 'eac3', 'alac', 'opus'])

/** Converts what is in `file` to another format in `out`, whose bytes it returns the number of. `media-cut` where the file ends before it says. */
export async function convertFile(file: Blob, format: Format, out: StagingFile, onProgress: (done: number) => void = () => {}): Promise<number> {
  const probed = await probe(file)
  await out.resize(0)
  if (format === 'flac' && probed.format.demuxer === 'flac') {
    soundOf(probed)
    return await copy(file, out, onProgress)
  }
  const args = [...inputArgs(probed.format), ...exportArgs(format, probed), outputPath]
  const { ok, log } = (format === 'mp3' || format === 'm4a') && file.size <= limits.mediaMemoryBytes
    ? await converted(file, args, out, onProgress)
    : await runFfmpeg({ file, args, out, onProgress })
  const size = await out.size()
  if (!ok || size === 0) throw failureOf(log)
  checkMade(probed, format === 'mp4', log)
  await out.flush()
  return size
}

async function converted(file: Blob, args: readonly string[], out: StagingFile, onProgress: (done: number) => void): ReturnType<typeof runInMemory> {
  const run = await runInMemory({ file, args, onProgress })
  await out.write(0, run.bytes)
  return run
}

async function copy(file: Blob, out: StagingFile, onProgress: (done: number) => void): Promise<number> {
  let done = 0
  for await (const chunk of readAhead([{ path: 'input', file }])) {
    await out.write(done, chunk)
    onProgress((done += chunk.length) / file.size)
  }
  await out.flush()
  return done
}

/** All but the output itself. Names of files and people do not leave with it. */
export function exportArgs(format: Format, probed: Probe): readonly string[] {
  if (format === 'mp4') return filmArgs(probed)
  const track = soundOf(probed)
  const plain = ['-map', '0:a:0', '-map_metadata', '-1', '-fflags', '+bitexact']
  switch (format) {
    case 'flac': return flacArgs(track).slice(0, -1)
    case 'wav': return [...plain, '-c:a', isWide(track) ? 'pcm_s24le' : 'pcm_s16le', '-rf64', 'auto', '-f', 'wav']
    case 'mp3': return [...plain, '-c:a', 'libmp3lame', '-q:a', '2', '-f', 'mp3']
    case 'm4a': return [...plain, '-c:a', 'aac', '-b:a', '256k', '-f', 'ipod']
  }
}

function isWide({ bits, sampleFormat }: Track): boolean {
  return bits > 16 || (bits === 0 && /^(?:s32|flt|dbl)/.test(sampleFormat))
}

function filmArgs({ video, audio }: Probe): readonly string[] {
  if (video === null) throw new HoldfastError('media-unsupported', 'there are no moving pictures in it')
  // Encoders of x264 want even numbers of rows and columns.
  const pictures = mp4Video.has(video.codec) ? ['-c:v', 'copy'] : ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-pix_fmt', 'yuv420p', '-vf', 'crop=trunc(iw/2)*2:trunc(ih/2)*2']
  const sound = audio === null ? [] : ['-map', '0:a:0', '-c:a', ...mp4Audio.has(audio.codec) ? ['copy'] : ['aac', '-b:a', '192k']]
  return ['-map', '0:V:0', ...pictures, ...sound, '-map_metadata', '-1', '-fflags', '+bitexact', '-movflags', '+faststart', '-f', 'mp4']
}

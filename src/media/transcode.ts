import { createSHA256 } from 'hash-wasm'
import { HoldfastError } from '../base/index.ts'
import { transportPacket } from '../content/index.ts'
import type { StagingFile, StoredFile } from '../store/index.ts'
import type { Transcoded } from './convert-api.ts'
import { coreId } from './ffmpeg/core.ts'
import { outputPath } from './ffmpeg/files.ts'
import { failureOf, inputArgs, probe, soundOf, type Track } from './ffmpeg/probe.ts'
import { runFfmpeg } from './ffmpeg/run.ts'
import { readStreamInfo, streamInfoBytes, type StreamInfo } from './ffmpeg/stream-info.ts'
import { readAhead } from './read-ahead.ts'

/** The recipe: another one makes other bytes of the same recording, so it has a number, and changing it is a change of format. */
export const flacRecipe = 1
export const flacMaker = `${coreId}/flac-${String(flacRecipe)}`

/** Codecs that give back the samples that went in. */
const losslessCodecs = /^(?:pcm_(?!f)|flac$|alac$|ape$|wavpack$|tta$|tak$|wmalossless$|truehd$|mlp$|shorten$|ralf$)/
/** What FLAC can hold as it is; other orders of channels would be mixed anew. */
const layouts = new Set(['', 'mono', 'stereo', '3.0', 'quad', '5.0', '5.0(side)', '5.1', '5.1(side)', '6.1', '7.1'])
/** Most bits of a sample that ffmpeg's encoder writes. */
const bitsMost = 24

export function isLossless({ codec, sampleFormat, bits, layout }: Track): boolean {
  const width = bits > 0 ? bits : sampleFormat.startsWith('s32') ? 32 : 16
  return losslessCodecs.test(codec) && !/^(?:flt|dbl|s64)/.test(sampleFormat) && width <= bitsMost && layouts.has(layout)
}

/** Sound into FLAC. Frozen; see `flacRecipe`. Samples of lossy sources have no bits of their own and get 16, all others keep theirs. */
export function flacArgs(track: Track): readonly string[] {
  const whole = losslessCodecs.test(track.codec) || /^(?:pcm_|dsd_)/.test(track.codec)
  return ['-map', '0:a:0', '-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', ...whole ? [] : ['-sample_fmt', 's16'], '-c:a', 'flac', '-compression_level', '5', '-f', 'flac', outputPath]
}

/** Containers that count lossless samples one by one; others round to ms. */
const counting = new Set(['wav', 'w64', 'aiff', 'flac', 'au', 'tta', 'wv', 'ape', 'mov'])
/** How much longer or shorter any other recording may come out than its file says: what encoders put before and after it. */
const slackSeconds = 0.25

/** Makes the FLAC of a recording in `out`. What is in it after a failure is the caller's to remove. */
export async function transcode(file: Blob, out: StagingFile, onProgress?: (done: number) => void): Promise<Omit<Transcoded, 'cid' | 'size'>> {
  const probed = await probe(file)
  const track = soundOf(probed)
  // The last packets of a broadcast may be of its pictures, and then the decoder misses nothing.
  if (probed.format.demuxer === 'mpegts' && file.size % transportPacket !== 0) throw new HoldfastError('media-damaged', 'it ends within a packet')
  // Any bytes are samples of PCM: what could be wrong with them is that they end, and nobody said where.
  const strict = probed.open && track.codec.startsWith('pcm_') ? [] : ['-xerror']
  const { ok, log } = await runFfmpeg({ file, args: [...strict, ...inputArgs(probed.format), ...flacArgs(track)], out, ...onProgress === undefined ? {} : { onProgress } })
  const size = await out.size()
  const info = size < streamInfoBytes ? null : readStreamInfo(await out.read(0, streamInfoBytes))
  if (!ok || info === null || info.samples === 0) throw failureOf(log)
  const lossless = isLossless(track)
  if (probed.video === null) checkLength(track, info, lossless && counting.has(probed.format.demuxer)) // the sound of a film may be shorter than it
  return { seconds: info.samples / info.rate, rate: info.rate, channels: info.channels, bits: info.bits, lossless, maker: flacMaker }
}

/** ffmpeg is content with what it gets of a file that was cut: only the count of samples tells. */
function checkLength({ seconds }: Track, { rate, samples }: StreamInfo, counted: boolean): void {
  if (seconds === null || Math.abs(seconds * rate - samples) <= (counted ? 1 : slackSeconds * rate)) return
  throw new HoldfastError('media-damaged', 'it is shorter or longer than it says', { expected: Math.round(seconds * rate), samples })
}

/** SHA-256 of a stored file; `onRead` for each part of it, as it takes the longer the longer the file is. */
export async function sha256Of(file: StoredFile, path: string, onRead: () => void = () => {}): Promise<string> {
  const sha256 = await createSHA256()
  for await (const chunk of readAhead([{ path, file }])) {
    sha256.update(chunk)
    onRead()
  }
  return sha256.digest()
}

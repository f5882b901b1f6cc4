import { HoldfastError, isMap, limits } from '../../base/index.ts'
import { countFault, isCountOpen, sniffBytes, sniffMedia, type MediaFormat } from '../../content/index.ts'
import { inputPath } from './files.ts'
import { lastWords, runFfprobe } from './run.ts'

/** A track of sound or pictures, as far as it is said. */
export interface Track {
  readonly codec: string
  /** Samples a second; 0 of pictures. */
  readonly rate: number
  readonly channels: number
  readonly layout: string
  /** How its samples lie once they are decoded: u8, s16, s32, flt, ..; planar ones end in p. */
  readonly sampleFormat: string
  /** Bits of a sample, where it is less than those of its format. */
  readonly bits: number
  /** Null where it is not known, or only guessed. */
  readonly seconds: number | null
  /** Whether it says so of itself, and not of the whole file alone. */
  readonly own: boolean
}

export interface Probe {
  readonly format: MediaFormat
  readonly audio: Track | null
  /** Moving pictures; a cover is none. */
  readonly video: Track | null
  /** How many there are of any sort. */
  readonly tracks: number
  /** Whether its header leaves open how long it is. */
  readonly open: boolean
}

/** The only way a file is opened: by the demuxer that its first bytes ask for, which may open nothing besides. */
export function inputArgs({ demuxer }: MediaFormat): readonly string[] {
  return ['-protocol_whitelist', 'file', '-f', demuxer, '-i', inputPath]
}

/** What a recording is made of. `media-none`, `not-media`, `media-miscounted`, `media-cut`, `media-damaged`. */
export async function probe(file: Blob): Promise<Probe> {
  if (file.size === 0) throw new HoldfastError('media-none', 'the file has 0 bytes')
  const first = new Uint8Array(await readable(file.slice(0, sniffBytes).arrayBuffer()))
  const format = sniffMedia(first)
  if (format === null) throw new HoldfastError('not-media', 'its first bytes are those of no music and no film')
  const fault = countFault(first, file.size)
  if (fault !== null) throw new HoldfastError(fault, fault === 'media-cut' ? 'it is shorter than its header says' : 'it holds more than its header can say', { bytes: file.size })
  const { json, log } = await runFfprobe(file, ['-v', 'warning', '-show_streams', '-show_format', ...inputArgs(format)])
  const streams = isMap(json) ? json['streams'] : null
  if (!Array.isArray(streams)) throw new HoldfastError('media-damaged', 'it cannot be read', { said: lastWords(log) })
  const whole = isMap(json) && isMap(json['format']) ? number(json['format']['duration']) : null
  const guessed = log.some(line => /Estimating duration from bitrate/.test(line))
  const find = (type: string): Track | null => {
    const found: unknown = streams.find(stream => isMap(stream) && stream['codec_type'] === type && !(isMap(stream['disposition']) && stream['disposition']['attached_pic'] === 1))
    return isMap(found) ? trackOf(found, guessed ? null : whole) : null
  }
  return { format, audio: find('audio'), video: find('video'), tracks: streams.length, open: isCountOpen(first) }
}

function trackOf(stream: Readonly<Record<string, unknown>>, whole: number | null): Track {
  return {
    codec: text(stream['codec_name']),
    rate: number(stream['sample_rate']) ?? 0,
    channels: number(stream['channels']) ?? 0,
    layout: text(stream['channel_layout']),
    sampleFormat: text(stream['sample_fmt']),
    bits: number(stream['bits_per_raw_sample']) ?? number(stream['bits_per_sample']) ?? 0,
    seconds: whole === null ? null : number(stream['duration']) ?? whole,
    own: whole !== null && number(stream['duration']) !== null,
  }
}

/** Refuses what cannot become sound here: `no-audio`, `media-unsupported`, `media-damaged`. */
export function soundOf({ audio }: Probe): Track {
  if (audio === null) throw new HoldfastError('no-audio', 'there is no sound in it')
  if (audio.codec === '' || audio.codec === 'unknown') throw new HoldfastError('media-unsupported', 'nobody here decodes its sound')
  if (audio.channels > limits.mediaChannels) throw new HoldfastError('media-unsupported', `more than ${String(limits.mediaChannels)} channels`)
  if (audio.rate < 1 || audio.channels < 1) throw new HoldfastError('media-damaged', 'it does not say how its sound is made')
  return audio
}

/** Why a run failed. */
export function failureOf(log: readonly string[]): HoldfastError {
  const unsupported = log.find(line => /Decoder .* not found|Unknown decoder|Unsupported codec/.test(line))
  return unsupported === undefined
    ? new HoldfastError('media-damaged', 'it is cut off or has faults', { said: lastWords(log) })
    : new HoldfastError('media-unsupported', 'nobody here decodes it', { said: unsupported.slice(0, 200) })
}

async function readable<T>(reading: Promise<T>): Promise<T> {
  try { return await reading } catch (error) {
    throw new HoldfastError('file-unreadable', 'the file cannot be read, or was changed since it was chosen', {}, { cause: error })
  }
}

function number(value: unknown): number | null {
  const found = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return Number.isFinite(found) && found > 0 ? found : null
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

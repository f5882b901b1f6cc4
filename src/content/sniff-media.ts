/** What the first bytes of a file say it is. */
export interface MediaFormat {
  /** ffmpeg's own name of the demuxer that reads it; no other may, so that nothing which names other files or hosts (playlists, lists of parts) is ever opened. */
  readonly demuxer: string
  /** Whether such a file may hold moving pictures. */
  readonly film: boolean
}

/** How much of a file is looked at: a few packets of a transport stream, and what stands before the samples of a WAV. */
export const sniffBytes = 65_536

/** Bytes of an ID3v2 header. */
const id3Bytes = 10
export const transportPacket = 188

interface Magic { readonly demuxer: string, readonly film?: true, readonly at?: number, readonly text?: string, readonly hex?: string, readonly also?: readonly [number, string] }

const magics: readonly Magic[] = [
  { demuxer: 'wav', text: 'RIFF', also: [8, 'WAVE'] },
  { demuxer: 'wav', text: 'RF64', also: [8, 'WAVE'] },
  { demuxer: 'wav', text: 'BW64', also: [8, 'WAVE'] },
  { demuxer: 'w64', hex: '726966662e91cf11a5d628db04c10000' },
  { demuxer: 'aiff', text: 'FORM', also: [8, 'AIFF'] },
  { demuxer: 'aiff', text: 'FORM', also: [8, 'AIFC'] },
  { demuxer: 'avi', text: 'RIFF', also: [8, 'AVI '], film: true },
  { demuxer: 'flac', text: 'fLaC' },
  { demuxer: 'ogg', text: 'OggS' },
  { demuxer: 'matroska', hex: '1a45dfa3', film: true },
  { demuxer: 'mov', at: 4, text: 'moov', film: true },
  { demuxer: 'mov', at: 4, text: 'mdat', film: true },
  { demuxer: 'mov', at: 4, text: 'wide', film: true },
  { demuxer: 'mov', at: 4, text: 'free', film: true },
  { demuxer: 'asf', hex: '3026b2758e66cf11', film: true },
  { demuxer: 'flv', text: 'FLV\u0001', film: true },
  { demuxer: 'mpeg', hex: '000001ba', film: true },
  { demuxer: 'rm', text: '.RMF', film: true },
  { demuxer: 'ape', text: 'MAC ' },
  { demuxer: 'wv', text: 'wvpk' },
  { demuxer: 'tta', text: 'TTA1' },
  { demuxer: 'tak', text: 'tBaK' },
  { demuxer: 'mpc', text: 'MP+' },
  { demuxer: 'mpc8', text: 'MPCK' },
  { demuxer: 'caf', text: 'caff' },
  { demuxer: 'au', text: '.snd' },
  { demuxer: 'amr', text: '#!AMR' },
  { demuxer: 'dsf', text: 'DSD ' },
  { demuxer: 'iff', text: 'FRM8', also: [12, 'DSD '] },
  { demuxer: 'dts', hex: '7ffe8001' },
  { demuxer: 'truehd', at: 4, hex: 'f8726fba' },
]

/** Brands of an ISO file that are pictures: nothing for a player. */
const pictureBrands = /^(?:avi[fs]|hei[cfsxm]|he[vi][cm]|mi[af]1|ms[af]1|crx |jxl )/

/** Null for what is neither music nor film, and for whatever nobody here reads. `first`: `sniffBytes` of it, or all there are. */
export function sniffMedia(first: Uint8Array): MediaFormat | null {
  const found = magics.find(magic => fits(first, magic))
  if (found !== undefined) return { demuxer: found.demuxer, film: found.film === true }
  if (hasText(first, 4, 'ftyp')) return pictureBrands.test(textAt(first, 8, 4)) ? null : { demuxer: 'mov', film: !/^M4[AB] /.test(textAt(first, 8, 4)) }
  if (isTransportStream(first)) return { demuxer: 'mpegts', film: true }
  const demuxer = soundOf(first)
  return demuxer === null ? null : { demuxer, film: false }
}

/** Frames of sound without a container, perhaps behind an ID3 tag. */
function soundOf(first: Uint8Array): string | null {
  if (hasText(first, 0, 'ID3') && first.length >= id3Bytes) {
    const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + (first[i]! & 0x7f), 0)
    const behind = id3Bytes + size
    if (behind + 4 > first.length) return 'mp3' // a large tag: what else has one is rare, and is told by the decoder
    const rest = first.subarray(behind)
    return hasText(rest, 0, 'fLaC') ? 'flac' : frameOf(rest) ?? 'mp3'
  }
  return frameOf(first)
}

function frameOf(bytes: Uint8Array): string | null {
  const [one = 0, two = 0, three = 0] = bytes
  if (one === 0x0b && two === 0x77) return (bytes[5] ?? 0) >> 3 > 10 ? 'eac3' : 'ac3'
  if (one !== 0xff || two < 0xe0) return null
  if ((two & 0xf6) === 0xf0) return (three >> 2 & 0x0f) < 13 ? 'aac' : null
  // Version, layer, bit rate and sample rate that exist: ISO 11172-3, 2.4.2.3.
  return (two & 0x18) !== 0x08 && (two & 0x06) !== 0 && three >> 4 !== 0x0f && three >> 4 !== 0 && (three & 0x0c) !== 0x0c ? 'mp3' : null
}

function isTransportStream(first: Uint8Array): boolean {
  return first.length > 4 * transportPacket && [0, 1, 2, 3, 4].every(i => first[i * transportPacket] === 0x47)
}

function fits(bytes: Uint8Array, { at = 0, text, hex = '', also }: Magic): boolean {
  const begins = text === undefined ? Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)).every((byte, i) => bytes[at + i] === byte) : hasText(bytes, at, text)
  return begins && (also === undefined || hasText(bytes, ...also))
}

function hasText(bytes: Uint8Array, at: number, text: string): boolean {
  return textAt(bytes, at, text.length) === text
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}

import { sniffMedia } from './sniff-media.ts'

/** Whole RIFF and IFF files count their own bytes with 32 bits, and those of each part: nothing they say of more is true. */
const countedMost = 2 ** 32 + 8

/** With these of a WAV, ffmpeg reads to the end of the file. */
const endless = new Set([0, 0xffff_ffff])

/**
 * What programs write who do not know yet how much comes: 0, the most there is, or the most that a reader with signed numbers takes (SoX 0x7f000000 into AIFF and 0x7ffff000 into WAV, GStreamer 0x7fff0000,
 * decoders of Ogg 0x7fffffff, arecord 0x80000000), some with a header added or taken off. With 64 bits, what no file can be.
 */
const isOpen = (length: number): boolean => length <= 0 || length >= 0x7f00_0000 && length < 0x8001_0000 || length >= 0xffff_0000 && length <= 0xffff_ffff || !Number.isSafeInteger(length)

/** More than tags and pictures behind samples take. */
const tagsMost = 16 * 2 ** 20

/** Whoever writes the whole length into the header, and not what follows these two words, counts so many too many. */
const countSlack = 8

/** How a format counts. Each part begins with its name and its length. */
interface Counting {
  /** Where the length of the whole stands, if it does, and where the first part. */
  readonly whole: number | null
  readonly parts: number
  readonly name: number
  readonly wide: boolean
  readonly little: boolean
  /** Whether a length is of the name and the length, too. */
  readonly own: boolean
  /** What parts are filled up to, which their lengths do not say. */
  readonly even: number
  /** What the name of the part that holds the samples begins with. */
  readonly samples: string
}

const countings: Readonly<Partial<Record<string, Counting>>> = {
  wav: { whole: 4, parts: 12, name: 4, wide: false, little: true, own: false, even: 2, samples: 'data' },
  w64: { whole: 16, parts: 40, name: 16, wide: true, little: true, own: true, even: 8, samples: 'data' },
  aiff: { whole: 4, parts: 12, name: 4, wide: false, little: false, own: false, even: 2, samples: 'SSND' },
  caf: { whole: null, parts: 8, name: 4, wide: true, little: false, own: false, even: 1, samples: 'data' },
}

/**
 * How the header of a WAV, W64, AIFF or CAF contradicts the `size` of the file, which its decoder would say nothing of: `media-miscounted` where it holds more than can be counted, so that its end would be
 * lost; `media-cut` where there is less than was counted. `first`: its beginning, as far as its samples. One that leaves the count open is taken as it is. Null for all other formats.
 */
export function countFault(first: Uint8Array, size: number): 'media-miscounted' | 'media-cut' | null {
  const counting = countings[sniffMedia(first)?.demuxer ?? '']
  if (counting === undefined || first.length < counting.parts) return null
  const samples = findSamples(first, counting)
  const counts64 = counting.wide || ['RF64', 'BW64'].includes(textAt(first, 0))
  const goesOn = counting.little && samples !== null && endless.has(samples.said)
  // A length that stands for one that was not known is one to a decoder, which stops there.
  const most = samples !== null && samples.end === null && samples.said > 0 ? Math.min(countedMost, samples.from + samples.said + tagsMost) : countedMost
  if (!counts64 && !goesOn && size > most) return 'media-miscounted'
  const end = samples === null ? wholeEnd(first, counting) : samples.end
  return end !== null && end > size ? 'media-cut' : null
}

/** Whether the header of such a file leaves open how much follows: its decoder takes the end for a fault, wherever that is. */
export function isCountOpen(first: Uint8Array): boolean {
  const counting = countings[sniffMedia(first)?.demuxer ?? '']
  return counting !== undefined && findSamples(first, counting)?.end === null
}

/** Where the samples begin, what is said of their length, and where they end; the latter null where that was not known. Null where they are not in `first`. */
function findSamples(first: Uint8Array, counting: Counting): { readonly from: number, readonly said: number, readonly end: number | null } | null {
  const { parts, name, wide, own, even, samples } = counting
  const head = name + (wide ? 8 : 4)
  let large: number | null = null // of RF64 and BW64, EBU Tech 3306: what is too much for 32 bits stands in a part before
  for (let at = parts; at + head <= first.length;) {
    const said = numberAt(first, at + name, counting)
    const length = own ? said - head : said
    const kind = textAt(first, at)
    if (kind === samples) {
      const known = said === 0xffff_ffff ? large ?? said : length
      return { from: at + head, said, end: isOpen(known) ? null : at + head + known }
    }
    if (kind === 'ds64' && at === parts && at + head + 16 <= first.length) large = numberAt(first, at + head + 8, { wide: true, little: true })
    if (length < 0) return null
    at += Math.ceil((head + length) / even) * even
  }
  return null
}

/** Where the whole ends, by its first length; null where that was not known. */
function wholeEnd(first: Uint8Array, counting: Counting): number | null {
  if (counting.whole === null) return null
  const said = numberAt(first, counting.whole, counting)
  return isOpen(said) ? null : said + (counting.own ? 0 : counting.whole + 4) - countSlack
}

function numberAt(bytes: Uint8Array, at: number, { wide, little }: Pick<Counting, 'wide' | 'little'>): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little)
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

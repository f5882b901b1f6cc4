/** Whole RIFF and IFF files count their own bytes with 32 bits, and those of each part: nothing they say of more is true. */
const countedMost = 2 ** 32 + 8

/** What programs write that do not know yet how much comes, or cannot say it. A decoder then reads to the end of the file. */
const unknown = new Set([0, 0xffff_ffff])

/**
 * Whether a recording of `size` bytes holds more than its header can say, so that a decoder would stop early without a word: a WAV or AIFF that wrapped around. `first`: its beginning, as far as
 * its samples. One that leaves the count open is taken as it is; RF64, BW64 and W64 count with 64 bits.
 */
export function isMiscounted(first: Uint8Array, size: number): boolean {
  if (size <= countedMost) return false
  const [whole, form] = [textAt(first, 0), textAt(first, 8)]
  if (whole === 'FORM') return form === 'AIFF' || form === 'AIFC'
  if (whole !== 'RIFF' || form !== 'WAVE') return false
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength)
  for (let at = 12; at + 8 <= first.length;) {
    const length = view.getUint32(at + 4, true)
    if (textAt(first, at) === 'data') return !unknown.has(length)
    at += 8 + length + length % 2
  }
  return true // its samples cannot be found this way, nor counted
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4))
}

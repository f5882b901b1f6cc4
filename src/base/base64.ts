const plain = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const forUrls = `${plain.slice(0, 62)}-_`
const values = (digits: string): ReadonlyMap<string, number> => new Map(Array.from(digits, (digit, value) => [digit, value]))
const plainValues = /* @__PURE__ */ values(plain)
const urlValues = /* @__PURE__ */ values(forUrls)

/** Base64 (RFC 4648, section 4), with padding. */
export function toBase64(bytes: Uint8Array): string {
  const text = encode(bytes, plain)
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** The bytes of padded base64, or null where it is not the one way in which they are written. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null
  return decode(text.replace(/={1,2}$/, ''), plainValues, text.length)
}

/** Base64 for URLs (RFC 4648, section 5), without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, forUrls)
}

/** The bytes of unpadded base64 for URLs, or null where it is not the one way in which they are written. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  return decode(text, urlValues, Math.ceil(text.length / 4) * 4)
}

function encode(bytes: Uint8Array, digits: string): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3)
    const bits = first << 16 | second << 8 | third
    text += digits.charAt(bits >> 18) + digits.charAt(bits >> 12 & 63)
    if (at + 1 < bytes.length) text += digits.charAt(bits >> 6 & 63)
    if (at + 2 < bytes.length) text += digits.charAt(bits & 63)
  }
  return text
}

function decode(text: string, digits: ReadonlyMap<string, number>, padded: number): Uint8Array<ArrayBuffer> | null {
  if (Math.ceil(text.length / 4) * 4 !== padded || text.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor(text.length * 3 / 4))
  let [bits, held, at] = [0, 0, 0]
  for (const char of text) {
    const value = digits.get(char)
    if (value === undefined) return null
    bits = (bits << 6 | value) & 0xfff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes[at++] = bits >> held
  }
  // Bits that belong to no byte are zero, or there would be several texts for the same bytes.
  return (bits & (1 << held) - 1) === 0 ? bytes : null
}

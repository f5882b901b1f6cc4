import { CborFault, HoldfastError, byteString, hexString, textString, uint, type Codec } from '../base/index.ts'

export const version = uint(1, 1)
/** First 8 bytes of the hash of a network's genesis root; in code 16 hex digits. */
export type NetworkId = string
export const networkId: Codec<NetworkId> = hexString(8)
/** What a genesis header holds where others name their network. */
export const noNetwork: NetworkId = '0000000000000000'
export const signature = byteString(65)
/** Seconds since 1970. */
export const time = uint(0xffff_ffff)

const userText = textString(1024)

/** A person's own JSON, as text: at most 1,024 bytes that parse to an object. Kept to the letter, whatever it says. */
export const jsonText: Codec<string> = {
  write(out, value) {
    if (!isJsonObject(value)) throw new HoldfastError('bad-input', 'not the JSON of an object')
    userText.write(out, value)
  },
  read(input) {
    const value = userText.read(input)
    if (!isJsonObject(value)) throw new CborFault('not the JSON of an object')
    return value
  },
}

function isJsonObject(text: string): boolean { return jsonObject(text) !== null }

export function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : null
  } catch { return null }
}

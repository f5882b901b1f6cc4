import { CID } from 'multiformats/cid'
import { HoldfastError, toHex } from '../base/index.ts'

const [dagCbor, sha2] = [0x71, 0x12]

/** A root as people write it, as 64 hexadecimal digits. Throws `bad-input` for anything else. */
export function rootHex(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  const cid = cidOf(text)
  if (cid?.code !== dagCbor || cid.multihash.code !== sha2) throw new HoldfastError('bad-input', `${text} is no root: 64 hexadecimal digits are one, or what begins with bafyr`)
  return toHex(cid.multihash.digest)
}

function cidOf(text: string): CID | null {
  try { return CID.parse(text) } catch { return null }
}

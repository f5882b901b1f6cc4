import { base32 } from 'multiformats/bases/base32'
import { concat } from '../../src/base/index.ts'

/** The CID of a node as text: version 1, dag-cbor, sha2-256, in base 32. */
export function cidOfNode(digest: Uint8Array): string {
  return base32.encode(concat(Uint8Array.of(0x01, 0x71, 0x12, 0x20), digest))
}

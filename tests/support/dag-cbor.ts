import { fromHex } from '../../src/base/index.ts'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

/** The link to the DAG-CBOR node of this SHA-256 digest, as `@ipld/dag-cbor` takes it. */
export function linkTo(digest: string): CID {
  return CID.createV1(0x71, create(0x12, fromHex(digest) ?? new Uint8Array(32)))
}

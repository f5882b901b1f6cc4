import {
  addressField, addressOfKey, byteString, cidLink, decode, encode, nullable, sha256, struct, toHex, u32, u64, type Cid, type Encoded, type Secp256k1,
} from '../base/index.ts'
import { jsonText, networkId, signature, time, version } from './fields.ts'
import { breaks, keeps, type Verdict } from './rules.ts'
import { digestOf } from './transaction.ts'

const unsignedFields = {
  version,
  network: networkId,
  /** Blocks since genesis. */
  number: u32,
  time,
  /** The state root this block goes on from; null at genesis. */
  previousRoot: nullable(cidLink),
  /** The root whose powers count for this block; null at genesis. */
  powerRoot: nullable(cidLink),
  baseTarget: u64,
  /** Of the chain up to here. */
  difficulty: u64,
  generation: byteString(32),
  miner: addressField,
  /** One more than the blocks the miner has on this chain. */
  nonce: u64,
  /** JSON text of an object, which becomes the miner's profile. */
  profile: nullable(jsonText),
  body: cidLink,
} as const

const unsignedHeader = struct(unsignedFields)
export const header = struct({ ...unsignedFields, signature })

export type UnsignedHeader = Encoded<typeof unsignedHeader>
/** All that a vote or a peer without the state needs of a block. */
export type Header = Encoded<typeof header>

export function judgeHeaderBytes(bytes: Uint8Array): Verdict<Header> {
  const judged = decode(header, bytes)
  return judged.ok ? keeps(judged.value) : breaks('block-encoding', judged.reason)
}

/** A block's content id, which is its header's: the seed's contract hash. */
export function blockId(value: Header): Cid { return toHex(sha256(encode(header, value))) }

const blockDomain = 'holdfast/block/1'

export function headerDigest(value: UnsignedHeader): Uint8Array<ArrayBuffer> {
  return digestOf(blockDomain, value.network, encode(unsignedHeader, value))
}

export function signHeader(value: UnsignedHeader, secret: Uint8Array, { sign }: Secp256k1): Header {
  return { ...value, signature: sign(headerDigest(value), secret) }
}

/** The miner's compressed public key, or null where the signature is not the miner's. */
export function minerKey(value: Header, { recover }: Secp256k1): Uint8Array<ArrayBuffer> | null {
  const key = recover(headerDigest(value), value.signature)
  return key !== null && addressOfKey(key) === value.miner ? key : null
}


import { addressField, byteString, encode, fromHex, hexString, tuple, uint, utf8, type Address, type Cid } from '../../base/index.ts'
import { keyCommitment } from '../key-commitment.ts'
import type { Envelope } from '../publication.ts'
import { openBase, type HpkeContext } from './hpke.ts'

/** What a key is given for. `holder`: to be given to others; `recover`: back to its owner. */
export const keyPurposes = ['access', 'holder', 'recover'] as const
export type KeyPurpose = typeof keyPurposes[number]

/** What an envelope is bound to: it opens for nobody and nothing else. */
export interface EnvelopeContext {
  /** 16 hex digits. */
  readonly network: string
  readonly cid: Cid
  readonly owner: Address
  readonly purpose: KeyPurpose
  readonly requester: Address
  /** X25519 key it is sealed to, 64 hex digits. */
  readonly box: string
  /** SHA-256 of the request's bytes, 64 hex digits; null on the ledger. */
  readonly request: string | null
}

export const keyBytes = 32
export const envelopeBytes = { enc: 32, ct: 48 } as const

const domain = utf8('holdfast/dek/1')
const aadFields = tuple(hexString(8), hexString(32), addressField, uint(2), addressField, hexString(32), byteString(32))

/** What HPKE is told beside the key itself. Throws `bad-input` for a context outside its shape. */
export function envelopeTerms({ network, cid, owner, purpose, requester, box, request }: EnvelopeContext): HpkeContext {
  const digest = request === null ? new Uint8Array(32) : fromHex(request) ?? new Uint8Array(0)
  return { info: domain, aad: encode(aadFields, [network, cid, owner, keyPurposes.indexOf(purpose), requester, box, digest]) }
}

/** Whether what the secret of a box opens is the key that was committed to: what `settle` asks of a one-time secret. */
export async function opensTo(secret: Uint8Array, envelope: Envelope, context: EnvelopeContext, keyCommit: string): Promise<boolean> {
  const key = await openBase(secret, envelope, envelopeTerms(context))
  return key !== null && key.length === keyBytes && keyCommitment(context.cid, key) === keyCommit
}

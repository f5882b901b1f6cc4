import { expand, extract } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { addressBytes, concat, encodeCbor, fromHex, sharedX25519, utf8, type Address, type Cid } from '../base/index.ts'
import type { Envelope } from './publication.ts'

/*
 * Keys of files travel sealed to somebody's X25519 key: HPKE (RFC 9180) in base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Opening is a function of what goes
 * in, which execution can do; so is sealing, whose randomness goes in. The keys room does both with WebCrypto's X25519 where there is one.
 */

export const envelopePurposes = { access: 0, holder: 1, recover: 2 } as const
export type EnvelopePurpose = keyof typeof envelopePurposes

/** What an envelope is bound to. `network`: 16 hex digits. `box`: whom it is sealed to. `request`: SHA-256 of the request it answers; null on the chain. */
export interface EnvelopeScope {
  readonly network: string
  readonly cid: Cid
  readonly owner: Address
  readonly purpose: EnvelopePurpose
  readonly requester: Address
  readonly box: string
  readonly request: Uint8Array | null
}

/** HPKE's `info`. */
export const envelopeInfo: Uint8Array<ArrayBuffer> = utf8('holdfast/dek/1')

/** HPKE's additional data: DAG-CBOR of the scope as a list, names as bytes. */
export function envelopeScope({ network, cid, owner, purpose, requester, box, request }: EnvelopeScope): Uint8Array<ArrayBuffer> {
  return encodeCbor([fromHex(network), fromHex(cid), addressBytes(owner), envelopePurposes[purpose], addressBytes(requester), fromHex(box), request ?? new Uint8Array(32)])
}

const basePoint = Uint8Array.of(9, ...new Uint8Array(31))

/** The public key of an X25519 secret of 32 bytes. */
export function boxOf(secret: Uint8Array): Uint8Array<ArrayBuffer> { return sharedX25519(secret, basePoint)! } // a clamped secret times the base point is never zero

const kemSuite = concat(utf8('KEM'), Uint8Array.of(0, 0x20))
const suite = concat(utf8('HPKE'), Uint8Array.of(0, 0x20, 0, 1, 0, 2))
const version = utf8('HPKE-v1')
const none = new Uint8Array(0)

const labeledExtract = (id: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array => extract(sha256, concat(version, id, utf8(label), ikm), salt)

const labeledExpand = (id: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(expand(sha256, prk, concat(Uint8Array.of(0, length), version, id, utf8(label), info), length))

/** What is sealed in an envelope to the box of this secret; null where it does not open: another key, another scope, other bytes. */
export async function openEnvelope(secret: Uint8Array, { enc, ct }: Envelope, scope: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  const dh = sharedX25519(secret, enc)
  if (dh === null) return null
  const { key, iv } = schedule(dh, enc, boxOf(secret))
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  try { return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: scope }, aes, ct)) } catch { return null } // the one reason is a tag that does not fit
}

/** An envelope with `plain` to a box; null where that is of small order: nobody's. `ephemeral`: 32 bytes that nobody knows, used this once. */
export async function sealEnvelope(ephemeral: Uint8Array, box: Uint8Array, plain: Uint8Array<ArrayBuffer>, scope: Uint8Array<ArrayBuffer>): Promise<Envelope | null> {
  const dh = sharedX25519(ephemeral, box)
  if (dh === null) return null
  const enc = boxOf(ephemeral)
  const { key, iv } = schedule(dh, enc, box)
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  return { enc, ct: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: scope }, aes, plain)) }
}

function schedule(dh: Uint8Array, enc: Uint8Array, box: Uint8Array): { readonly key: Uint8Array<ArrayBuffer>, readonly iv: Uint8Array<ArrayBuffer> } {
  const eae = labeledExtract(kemSuite, none, 'eae_prk', dh)
  const shared = labeledExpand(kemSuite, eae, 'shared_secret', concat(enc, box), 32)
  const context = concat(Uint8Array.of(0), labeledExtract(suite, none, 'psk_id_hash', none), labeledExtract(suite, none, 'info_hash', envelopeInfo))
  const scheduled = labeledExtract(suite, shared, 'secret', none)
  return { key: labeledExpand(suite, scheduled, 'key', context, 32), iv: labeledExpand(suite, scheduled, 'base_nonce', context, 12) }
}

import { extract, expand } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat, publicX25519, sharedX25519, utf8 } from '../../base/index.ts'
import type { Envelope } from '../publication.ts'

/*
 * HPKE, base mode, one message (RFC 9180): DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. The same in every browser and in execution, where no key may be
 * left to WebCrypto's own reading of curves; the keys worker uses WebCrypto's X25519 where there is one.
 */

const kemSuite = concat(utf8('KEM'), Uint8Array.of(0x00, 0x20))
const suite = concat(utf8('HPKE'), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x02))
const version = utf8('HPKE-v1')
const none = new Uint8Array(0)

export interface HpkeContext { readonly info: Uint8Array, readonly aad: Uint8Array<ArrayBuffer> }

/** Null where the box is of small order: nobody's. `ephemeral`: 32 bytes that nobody knows and nobody used before. */
export async function sealBase(box: Uint8Array, plain: Uint8Array<ArrayBuffer>, ephemeral: Uint8Array, { info, aad }: HpkeContext): Promise<Envelope | null> {
  const dh = sharedX25519(ephemeral, box)
  if (dh === null) return null
  const enc = publicX25519(ephemeral)
  const { key, nonce } = schedule(sharedSecret(dh, enc, box), info)
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  return { enc, ct: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: aad }, aes, plain)) }
}

/** The message, or null where it was sealed to another box, in another context, or not at all. */
export async function openBase(secret: Uint8Array, { enc, ct }: Envelope, { info, aad }: HpkeContext): Promise<Uint8Array<ArrayBuffer> | null> {
  const dh = sharedX25519(secret, enc)
  if (dh === null) return null
  const { key, nonce } = schedule(sharedSecret(dh, enc, publicX25519(secret)), info)
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  try { return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: aad }, aes, ct)) } catch { return null }
}

function sharedSecret(dh: Uint8Array, enc: Uint8Array, box: Uint8Array): Uint8Array {
  return labeledExpand(labeledExtract(none, kemSuite, 'eae_prk', dh), kemSuite, 'shared_secret', concat(enc, box), 32)
}

function schedule(shared: Uint8Array, info: Uint8Array): { readonly key: Uint8Array<ArrayBuffer>, readonly nonce: Uint8Array<ArrayBuffer> } {
  const context = concat(Uint8Array.of(0), labeledExtract(none, suite, 'psk_id_hash', none), labeledExtract(none, suite, 'info_hash', info))
  const secret = labeledExtract(shared, suite, 'secret', none)
  return { key: labeledExpand(secret, suite, 'key', context, 32), nonce: labeledExpand(secret, suite, 'base_nonce', context, 12) }
}

function labeledExtract(salt: Uint8Array, suiteId: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return extract(sha256, concat(version, suiteId, utf8(label), ikm), salt)
}

function labeledExpand(prk: Uint8Array, suiteId: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(expand(sha256, prk, concat(Uint8Array.of(0, length), version, suiteId, utf8(label), info), length))
}

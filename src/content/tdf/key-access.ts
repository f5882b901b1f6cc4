import { concat, fromBase64, fromUtf8, isMap, sha256, toBase64, toHex, utf8, type Random } from '../../base/index.ts'
import { hashText, ivBytes } from './manifest.ts'

/**
 * Who would be asked for the key. Nobody is: `.invalid` never resolves (RFC 2606). OpenTDF wants a URL, and its owner can answer in that
 * name with a key server of his own.
 */
const keyServer = 'https://local.holdfast.invalid/kas'

/** The policy of a file, which says nothing of what is in it: base64 of its JSON. `dissem`: whose it is, where that is to be known. */
export function makePolicy(uuid: string, dissem: readonly string[] = []): string {
  return toBase64(utf8(JSON.stringify({ uuid, body: { dataAttributes: [], dissem } })))
}

/** Whose file a policy says it is: the entries of `dissem`; null where it is no such policy. */
export function dissemOf(policy: string): readonly string[] | null {
  const text = fromUtf8(fromBase64(policy) ?? Uint8Array.of(0xff))
  try {
    const body: unknown = text === null ? null : (JSON.parse(text) as { body?: unknown } | null)?.body
    const dissem = isMap(body) ? body['dissem'] : null
    return Array.isArray(dissem) && dissem.every(each => typeof each === 'string') ? dissem : null
  } catch { return null }
}

export interface WrapRequest {
  /** The 32 bytes that become both keys. */
  readonly key: Uint8Array<ArrayBuffer>
  /** HMAC with SHA-256 over these, for `sign`. */
  readonly mac: CryptoKey
  readonly policy: string
  /** P-256, of whoever may always open the file. */
  readonly owner: CryptoKey
  /** P-256, made for this once. */
  readonly ephemeral: CryptoKeyPair
  readonly random: Random
}

/**
 * The key access object of type `ec-wrapped`: the key under AES-256-GCM with what ECDH of the two P-256 keys gives, by HKDF with SHA-256,
 * salt SHA-256("TDF"), no info. The binding of the policy is written as all SDKs write it, base64 of hex.
 */
export async function wrapKey({ key, mac, policy, owner, ephemeral, random }: WrapRequest): Promise<object> {
  const wrapping = await wrappingKey(ephemeral.privateKey, owner, 'encrypt')
  const iv = random.bytes(ivBytes)
  const wrapped = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, key))
  return {
    type: 'ec-wrapped', url: keyServer, protocol: 'kas',
    kid: toHex(sha256(new Uint8Array(await crypto.subtle.exportKey('spki', owner)))).slice(0, 32),
    wrappedKey: toBase64(concat(iv, wrapped)),
    policyBinding: await bindPolicy(mac, policy),
    ephemeralPublicKey: pem(new Uint8Array(await crypto.subtle.exportKey('spki', ephemeral.publicKey))),
    schemaVersion: '1.0',
  }
}

/** The key again, by the secret of its owner; null where it is not for that one. */
export async function unwrapKey(owner: CryptoKey, ephemeral: CryptoKey, wrapped: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | null> {
  const wrapping = await wrappingKey(owner, ephemeral, 'decrypt')
  try { return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: wrapped.slice(0, ivBytes) }, wrapping, wrapped.slice(ivBytes))) } catch { return null }
}

async function wrappingKey(secret: CryptoKey, other: CryptoKey, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, secret, 256)
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const salt = sha256(utf8('TDF'))
  return await crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: new Uint8Array(0) }, material, { name: 'AES-GCM', length: 256 }, false, [usage])
}

export async function bindPolicy(mac: CryptoKey, policy: string): Promise<{ readonly alg: 'HS256', readonly hash: string }> {
  return { alg: 'HS256', hash: hashText(new Uint8Array(await crypto.subtle.sign('HMAC', mac, utf8(policy))), true) }
}

function pem(key: Uint8Array): string {
  return ['-----BEGIN PUBLIC KEY-----', ...toBase64(key).match(/.{1,64}/g) ?? [], '-----END PUBLIC KEY-----', ''].join('\n')
}

import { HoldfastError, limits, utf8, type Random } from '../base/index.ts'

/** How a key was made of a passphrase, kept beside what it seals. */
export interface Stretching { readonly salt: Uint8Array<ArrayBuffer>, readonly iterations: number }

/** AES-256-GCM: 12 bytes, and what came of it with its tag of 16. */
export interface Sealed { readonly iv: Uint8Array<ArrayBuffer>, readonly ct: Uint8Array<ArrayBuffer> }

export const saltBytes = 16
export const ivBytes = 12

export function freshStretching(random: Random): Stretching {
  return { salt: random.bytes(saltBytes), iterations: limits.passphraseIterations }
}

/** A key that only encrypts and decrypts, of a passphrase in any Unicode form (PBKDF2 with HMAC-SHA-256 over its NFKC). */
export async function keyOfPassphrase(passphrase: string, { salt, iterations }: Stretching): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8(passphrase.normalize('NFKC')), 'PBKDF2', false, ['deriveKey'])
  return await crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
}

export async function sealBytes(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>, purpose: string, random: Random): Promise<Sealed> {
  const iv = random.bytes(ivBytes)
  return { iv, ct: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(purpose) }, key, bytes)) }
}

/** The bytes again, or null where the key is another, or anything was changed. */
export async function openBytes(key: CryptoKey, { iv, ct }: Sealed, purpose: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try { return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: utf8(purpose) }, key, ct)) } catch { return null }
}

/** Throws `bad-input` where it is too short to protect anything. */
export function checkNewPassphrase(passphrase: string): void {
  if (passphrase.normalize('NFKC').length < limits.passphraseChars) throw new HoldfastError('bad-input', 'too short for a passphrase')
}

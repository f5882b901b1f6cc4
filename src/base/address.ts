import { ripemd160 } from '@noble/hashes/legacy.js'
import { base58btc } from 'multiformats/bases/base58'
import { concat, equalBytes, toHex } from './bytes.ts'
import { CborFault } from './cbor-reader.ts'
import type { Codec } from './codec.ts'
import { sha256 } from './sha256.ts'
import { HoldfastError } from './errors.ts'

/** An account's address as people read it: Base58Check of version 0x41 and 20 bytes, which always begins with "T" and has 34 characters. */
export type Address = string

const version = 0x41
const letters = /^T[1-9A-HJ-NP-Za-km-z]{33}$/

/** The address of a compressed secp256k1 public key: RIPEMD160(SHA256(key)). */
export function addressOfKey(publicKey: Uint8Array): Address {
  return addressOfBytes(ripemd160(sha256(publicKey)))
}

/** Addresses met lately, by their bytes in hex and by their text: Base58 and two hashes cost more than all else in a transfer. Forgotten all at once when full. */
const texts = new Map<string, Address>()
const bytesByText = new Map<Address, Uint8Array<ArrayBuffer>>()
const mostKnown = 20_000

/** The text of 20 bytes. */
export function addressOfBytes(bytes: Uint8Array): Address {
  if (bytes.length !== 20) throw new HoldfastError('bad-input', 'an address has 20 bytes')
  const key = toHex(bytes)
  const known = texts.get(key)
  if (known !== undefined) return known
  const versioned = concat(Uint8Array.of(version), bytes)
  const address = base58btc.baseEncode(concat(versioned, checksum(versioned)))
  remember(address, versioned.subarray(1))
  return address
}

function remember(address: Address, bytes: Uint8Array<ArrayBuffer>): void {
  if (texts.size >= mostKnown) {
    texts.clear()
    bytesByText.clear()
  }
  texts.set(toHex(bytes), address)
  bytesByText.set(address, bytes)
}

/** The 20 bytes of an address, or null where the text is none: wrong letters, version, length or checksum. */
export function addressBytes(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = knownBytes(text)
  return bytes === null ? null : bytes.slice()
}

function knownBytes(text: string): Uint8Array<ArrayBuffer> | null {
  const known = bytesByText.get(text)
  if (known !== undefined) return known
  if (!letters.test(text)) return null // the decoder takes letters beyond U+00FF for some digit, which would make many texts of one address
  let whole: Uint8Array
  try { whole = base58btc.baseDecode(text) } catch { return null }
  if (whole.length !== 25 || whole[0] !== version) return null
  if (!equalBytes(checksum(whole.subarray(0, 21)), whole.subarray(21))) return null
  const bytes = new Uint8Array(whole.subarray(1, 21))
  remember(text, bytes)
  return bytes
}

export function isAddress(text: unknown): text is Address {
  return typeof text === 'string' && knownBytes(text) !== null
}

/** An address as its 20 bytes. */
export const addressField: Codec<Address> = {
  write(out, value) {
    const bytes = knownBytes(value)
    if (bytes === null) throw new HoldfastError('bad-input', 'not an address')
    out.bytes(bytes)
  },
  read(input) {
    const bytes = input.bytes(20)
    if (bytes.length !== 20) throw new CborFault('an address has 20 bytes')
    return addressOfBytes(bytes)
  },
}

function checksum(bytes: Uint8Array): Uint8Array {
  return sha256(sha256(bytes)).subarray(0, 4)
}

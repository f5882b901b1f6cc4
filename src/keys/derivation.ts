import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { HDKey } from '@scure/bip32'
import { HoldfastError, addressBytes, addressOfKey, concat, fromHex, utf8, type Address, type Cid } from '../base/index.ts'
import type { NetworkId } from '../ledger/index.ts'

/*
 * Every key of a person, all from the 64-byte seed of one BIP-39 phrase without a passphrase of BIP-39's own:
 *
 *   ledger           secp256k1   m/44'/5521749'/0'/0/0         signs transactions, blocks and statements; its hash is the address
 *   Factoid          Ed25519     m/44'/131'/n'/0/0             the node's private key is the Ed25519 seed, as Factom's wallets have it
 *   Entry Credit     Ed25519     m/44'/132'/n'/0/0             likewise
 *   recovery         P-256       1 + HKDF("holdfast/recovery-p256/1", 48 bytes) mod (order - 1)
 *   box              X25519      HKDF("holdfast/box/1", 32 bytes)
 *   box of a purchase  X25519    HKDF("holdfast/buy/1" || content id (32) || owner (20), 32 bytes)
 *   wrapping         AES-256     HKDF("holdfast/factom-keys/1", 32 bytes)   seals Factom's keys that were made elsewhere, on the device and nowhere else
 *
 * n is the low 31 bits of the network id: Factom's items carry no network, so one key on two networks would let them be replayed. HKDF is with
 * SHA-256, the seed as its key material, no salt, the text as its info.
 */

/** "TAU" in ASCII, 0x544155, which SLIP-44 has registered for nobody (as of August 2026). */
const ledgerCoin = 5_521_749
const factoidCoin = 131
const entryCreditCoin = 132

export interface KeyPair { readonly secret: Uint8Array<ArrayBuffer>, readonly public: Uint8Array<ArrayBuffer> }

/** What anybody may know of a person, and what stays known here while the phrase is locked away. */
export interface PublicKeys {
  readonly address: Address
  /** Compressed secp256k1, 33 bytes. */
  readonly ledger: Uint8Array<ArrayBuffer>
  /** P-256, uncompressed, 65 bytes: the owner of files protected by this person. */
  readonly recovery: Uint8Array<ArrayBuffer>
  /** X25519, 32 bytes. */
  readonly box: Uint8Array<ArrayBuffer>
}

/** Signs transactions, blocks and statements; the public key is compressed. */
export function ledgerKey(seed: Uint8Array): KeyPair {
  return atPath(seed, `m/44'/${String(ledgerCoin)}'/0'/0/0`)
}

/** Ed25519: `secret` is the seed. */
export function factoidKey(seed: Uint8Array, network: NetworkId): KeyPair {
  return signingKey(seed, factoidCoin, network)
}

/** Ed25519: `secret` is the seed. */
export function entryCreditKey(seed: Uint8Array, network: NetworkId): KeyPair {
  return signingKey(seed, entryCreditCoin, network)
}

/** P-256, the public key uncompressed. 48 bytes, so that the remainder is as good as uniform (FIPS 186-5, A.2.1). */
export function recoveryKey(seed: Uint8Array): KeyPair {
  const { ORDER: order } = p256.Point.Fn
  const scalar = 1n + numberOf(expand(seed, utf8('holdfast/recovery-p256/1'), 48)) % (order - 1n)
  const secret = bytesOf(scalar)
  return { secret, public: new Uint8Array(p256.getPublicKey(secret, false)) }
}

/** X25519: what others seal keys to. */
export function boxKey(seed: Uint8Array): KeyPair {
  return boxOf(expand(seed, utf8('holdfast/box/1'), 32))
}

/** X25519, of one purchase alone, so that its secret can be shown to prove that a seller cheated. */
export function purchaseKey(seed: Uint8Array, cid: Cid, owner: Address): KeyPair {
  const [content, seller] = [fromHex(cid), addressBytes(owner)]
  if (content?.length !== 32 || seller === null) throw new HoldfastError('bad-input', 'not a content id and an address')
  return boxOf(expand(seed, concat(utf8('holdfast/buy/1'), content, seller), 32))
}

/** Seals keys that were made elsewhere: whoever has not the phrase cannot open them. */
export async function wrappingKey(seed: Uint8Array): Promise<CryptoKey> {
  const bytes = expand(seed, utf8('holdfast/factom-keys/1'), 32)
  try { return await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']) } finally { bytes.fill(0) }
}

export function publicKeys(seed: Uint8Array): PublicKeys {
  const ledger = ledgerKey(seed).public
  return { address: addressOfKey(ledger), ledger, recovery: recoveryKey(seed).public, box: boxKey(seed).public }
}

/** The account number of a network in Factom's paths. */
function accountOf(network: NetworkId): number {
  if (!/^[0-9a-f]{16}$/.test(network)) throw new HoldfastError('bad-input', 'a network id has 8 bytes, in hex')
  return Number.parseInt(network.slice(8), 16) & 0x7fffffff
}

function signingKey(seed: Uint8Array, coin: number, network: NetworkId): KeyPair {
  const { secret } = atPath(seed, `m/44'/${String(coin)}'/${String(accountOf(network))}'/0/0`)
  return { secret, public: new Uint8Array(ed25519.getPublicKey(secret)) }
}

function atPath(seed: Uint8Array, path: string): KeyPair {
  const { privateKey, publicKey } = HDKey.fromMasterSeed(seed).derive(path)
  if (privateKey === null || publicKey === null) throw new HoldfastError('internal', 'a path without a key') // once in 2^127 phrases
  return { secret: new Uint8Array(privateKey), public: new Uint8Array(publicKey) }
}

function expand(seed: Uint8Array, info: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hkdf(sha256, seed, undefined, info, length))
}

function boxOf(secret: Uint8Array<ArrayBuffer>): KeyPair {
  return { secret, public: new Uint8Array(x25519.getPublicKey(secret)) }
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => sum << 8n | BigInt(byte), 0n)
}

/** 32 bytes. */
function bytesOf(number: bigint): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 32 }, (_, i) => Number(number >> BigInt(8 * (31 - i)) & 0xffn))
}

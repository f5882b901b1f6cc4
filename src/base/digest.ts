import { addressBytes, type Address } from './address.ts'
import { concat, utf8 } from './bytes.ts'
import { encodeCbor } from './cbor.ts'
import { sha256 } from './sha256.ts'

/** The network id in digests that belong to no ledger: 8 zero bytes. */
export const noNetworkId: Uint8Array = new Uint8Array(8)

/**
 * What is signed: SHA-256(domain || 0x00 || network id || DAG-CBOR of the map without its `signature`), so that a signature
 * made for one purpose or one network is worth nothing in another.
 */
export function signedDigest(domain: string, map: Readonly<Record<string, unknown>>, networkId: Uint8Array = noNetworkId): Uint8Array<ArrayBuffer> {
  const { signature: _, ...unsigned } = map
  return domainDigest(domain, networkId, encodeCbor(unsigned))
}

/** The same of a map's bytes without its `signature`. */
export function domainDigest(domain: string, networkId: Uint8Array, unsigned: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(concat(utf8(domain), Uint8Array.of(0), networkId, unsigned))
}

/** What an account signs to say that a device, by the public key of its libp2p identity (Ed25519, 32 bytes), is one of its person. */
export function deviceDigest(address: Address, device: Uint8Array, networkId: Uint8Array = noNetworkId): Uint8Array<ArrayBuffer> {
  return signedDigest('holdfast/device/1', { address: addressBytes(address), device }, networkId)
}

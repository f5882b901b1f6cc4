import { ed25519 } from '@noble/curves/ed25519.js'
import { HoldfastError, addressBytes, equalBytes, loadSecp256k1, signedDigest, type Address } from '../base/index.ts'

/** That a device, by the public key of its libp2p identity (Ed25519, 32 bytes), is one of the person with this address. */
export interface DeviceBinding { readonly address: Address, readonly device: Uint8Array<ArrayBuffer> }

/** What can be signed, by kind: one line here and one in `signers`. Nobody can have bytes signed, only what these say. */
export interface SignRequests {
  readonly device: DeviceBinding
}

/** Who signs here. `device`: the seed of this device's libp2p key, null before it was ever connected. */
export interface Signatory { readonly address: Address, readonly device: Uint8Array | null }

interface Signer<T> {
  readonly domain: string
  /** The map that is signed, as `signedDigest` takes it. Throws `not-own` where it speaks for somebody else, `bad-input` where it is not of its kind. */
  readonly map: (value: T, own: Signatory) => Readonly<Record<string, unknown>>
}

const signers: { readonly [Kind in keyof SignRequests]: Signer<SignRequests[Kind]> } = {
  device: {
    domain: 'holdfast/device/1',
    map({ address, device }, own) {
      mustBe(address === own.address && own.device !== null && equalBytes(ed25519.getPublicKey(own.device), device))
      return { address: bytesOf(address), device }
    },
  },
}

/** The signature of `value` by `secret`, 65 bytes, for one kind of thing on one network. Throws as its signer does, and `unsupported` for other kinds. */
export async function signTyped<Kind extends keyof SignRequests>(kind: Kind, networkId: Uint8Array, value: SignRequests[Kind], own: Signatory, secret: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (!Object.hasOwn(signers, kind)) throw new HoldfastError('unsupported', 'nothing of this kind is signed')
  if (!(networkId instanceof Uint8Array) || networkId.length !== 8) throw new HoldfastError('bad-input', 'a network id has 8 bytes')
  const { domain, map } = signers[kind]
  return (await loadSecp256k1()).sign(signedDigest(domain, map(value, own), networkId), secret)
}

function mustBe(own: boolean): void {
  if (!own) throw new HoldfastError('not-own', 'speaks for somebody else')
}

function bytesOf(address: Address): Uint8Array<ArrayBuffer> {
  const bytes = addressBytes(address)
  if (bytes === null) throw new HoldfastError('bad-input', 'not an address')
  return bytes
}

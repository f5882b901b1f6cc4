import { ed25519 } from '@noble/curves/ed25519.js'
import { HoldfastError, deviceDigest, equalBytes, fromHex, loadSecp256k1, type Address } from '../base/index.ts'
import { keyReplyDigest, keyRequestDigest, type UnsignedKeyReply, type UnsignedKeyRequest } from '../content/index.ts'
import {
  headerDigest, receiptDigest, statementDigest, transactionDigest, type NetworkId, type UnsignedHeader, type UnsignedReceipt, type UnsignedStatement, type UnsignedTransaction,
} from '../ledger/index.ts'

/** That a device, by the public key of its libp2p identity (Ed25519, 32 bytes), is one of the person with this address. */
export interface DeviceBinding { readonly address: Address, readonly device: Uint8Array<ArrayBuffer> }

/** What can be signed, by kind: one line here and one in `signers`. Nobody can have bytes signed, only what these say. */
export interface SignRequests {
  readonly device: DeviceBinding
  readonly transaction: UnsignedTransaction
  readonly header: UnsignedHeader
  readonly statement: UnsignedStatement
  /** That this person has what another gave. */
  readonly receipt: UnsignedReceipt
  readonly keyRequest: UnsignedKeyRequest
  /** Names nobody but a request; whoever signed it is who was asked. */
  readonly keyReply: UnsignedKeyReply
}

/** Who signs here. `device`: the seed of this device's libp2p key, null before it was ever connected. */
export interface Signatory { readonly address: Address, readonly device: Uint8Array | null }

interface Signer<T> {
  /** Whether it speaks for who signs, on this network. */
  readonly isOwn: (value: T, own: Signatory, network: NetworkId) => boolean
  /** What is signed: a hash of its domain, the network, and its canonical bytes. */
  readonly digest: (value: T, network: NetworkId) => Uint8Array
}

const signers: { readonly [Kind in keyof SignRequests]: Signer<SignRequests[Kind]> } = {
  device: {
    isOwn: ({ address, device }, own) => address === own.address && own.device !== null && equalBytes(ed25519.getPublicKey(own.device), device),
    digest: ({ address, device }, network) => deviceDigest(address, device, fromHex(network) ?? undefined),
  },
  transaction: { isOwn: (value, own, network) => value.sender === own.address && value.network === network, digest: transactionDigest },
  header: { isOwn: (value, own, network) => value.miner === own.address && value.network === network, digest: headerDigest },
  statement: { isOwn: (value, own, network) => value.miner === own.address && value.network === network, digest: statementDigest },
  receipt: { isOwn: (value, own) => value.visitor === own.address, digest: receiptDigest },
  keyRequest: { isOwn: (value, own, network) => value.requester === own.address && value.network === network, digest: keyRequestDigest },
  keyReply: { isOwn: () => true, digest: keyReplyDigest },
}

/**
 * The signature of `value` by `secret`, 65 bytes, for one kind of thing on one network. `unsupported` for other kinds, `not-own` where it speaks for
 * another address or network, `bad-input` where it is no such thing.
 */
export async function signTyped<Kind extends keyof SignRequests>(kind: Kind, network: NetworkId, value: SignRequests[Kind], own: Signatory, secret: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (!Object.hasOwn(signers, kind)) throw new HoldfastError('unsupported', 'nothing of this kind is signed')
  const { isOwn, digest } = signers[kind]
  const { sign } = await loadSecp256k1()
  return sign(judged(() => {
    if (!/^[0-9a-f]{16}$/.test(network)) throw new HoldfastError('bad-input', 'a network id has 8 bytes, in hex')
    if (!isOwn(value, own, network)) throw new HoldfastError('not-own', 'speaks for another address or network')
    return digest(value, network)
  }), secret)
}

/** What asks comes from another thread and can be anything: where it makes the code stumble it is not what it should be. */
function judged<T>(task: () => T): T {
  try { return task() } catch (error) {
    if (error instanceof HoldfastError) throw error
    throw new HoldfastError('bad-input', 'not what is signed', {}, { cause: error })
  }
}

import { ed25519 } from '@noble/curves/ed25519.js'
import { fromHex, sha256, toHex, utf8 } from '../../src/base/index.ts'
import {
  chainCommitLedger, chainIdHash, chainIdOf, commitWeld, encodeChainCommit, encodeEntry, encodeEntryCommit, encodeFactoid, entryCommitLedger, entryCredits, entryHash, factoidFee, factoidLedger, rcdHashOf,
  type FactoidAmount, type UnsignedFactoid,
} from '../../src/records/index.ts'

/* Records as people make them, signed with keys that follow from a name. */

export interface Signer { readonly secret: Uint8Array, readonly publicKey: string, readonly address: string }

export function signer(name: string): Signer {
  const secret = sha256(utf8(`records of ${name}`))
  const publicKey = ed25519.getPublicKey(secret)
  return { secret, publicKey: toHex(publicKey), address: toHex(rcdHashOf(publicKey)) }
}

const sign = (ledger: Uint8Array, { secret }: Signer): string => toHex(ed25519.sign(ledger, secret))
const bytesOf = (hex: string): Uint8Array<ArrayBuffer> => fromHex(hex)!

/** An entry with so many bytes of payload, ExtIDs among them. */
export function entryOf(chainId: string, { extIds = [], content = '', payload = 0 }: { readonly extIds?: readonly string[], readonly content?: string, readonly payload?: number } = {}): Uint8Array<ArrayBuffer> {
  const head = encodeEntry({ chainId, extIds: extIds.map(utf8), content: utf8(content) })
  const missing = payload - (head.length - 35)
  return missing <= 0 ? head : encodeEntry({ chainId, extIds: extIds.map(utf8), content: utf8(content + 'x'.repeat(missing)) })
}

/** The first entry of the chain of this name. */
export function firstEntryOf(name: string, rest: { readonly content?: string, readonly payload?: number } = {}): Uint8Array<ArrayBuffer> { return entryOf(chainNamed(name), { extIds: [name], ...rest }) }
export function chainNamed(name: string): string { return chainIdOf([utf8(name)]) }

export interface CommitFields { readonly time: number, readonly credits?: number, readonly entryHash?: string, readonly chainIdHash?: string, readonly weld?: string }

export function commitTo(entry: Uint8Array, payer: Signer, { time, credits = entryCredits(entry.length), entryHash: hash = entryHash(entry) }: CommitFields): Uint8Array<ArrayBuffer> {
  const unsigned = { timestamp: time, entryHash: hash, credits }
  return encodeEntryCommit({ ...unsigned, publicKey: payer.publicKey, signature: sign(entryCommitLedger(unsigned), payer) })
}

export function commitToChain(entry: Uint8Array, payer: Signer, { time, credits = 10 + entryCredits(entry.length), entryHash: hash = entryHash(entry), ...changed }: CommitFields): Uint8Array<ArrayBuffer> {
  const chain = entry.subarray(1, 33)
  const unsigned = { timestamp: time, entryHash: hash, credits, chainIdHash: chainIdHash(chain), weld: commitWeld(bytesOf(hash), chain), ...changed }
  return encodeChainCommit({ ...unsigned, publicKey: payer.publicKey, signature: sign(chainCommitLedger(unsigned), payer) })
}

/** Coins to an RCD hash or an entry credit key. */
export type Amounts = readonly (readonly [amount: number | bigint, to: string])[]

export interface Payment { readonly time: number, readonly from: readonly (readonly [amount: number | bigint, signer: Signer])[], readonly to?: Amounts, readonly buy?: Amounts }

export function payment({ time, from, to = [], buy = [] }: Payment): Uint8Array<ArrayBuffer> {
  const amounts = (list: Amounts): FactoidAmount[] => list.map(([amount, address]) => ({ amount: BigInt(amount), address }))
  const unsigned: UnsignedFactoid = { timestamp: time, inputs: amounts(from.map(([amount, { address }]) => [amount, address] as const)), outputs: amounts(to), purchases: amounts(buy) }
  const ledger = factoidLedger(unsigned)
  return encodeFactoid({ ...unsigned, seals: from.map(([, each]) => ({ publicKey: each.publicKey, signature: sign(ledger, each) })) })
}

/** The least fee of such a payment in entry credits, while it has no more than a KiB. */
export function feeFor({ from, to = [], buy = [] }: Pick<Payment, 'from' | 'to' | 'buy'>): number { return factoidFee({ size: 1, outputs: to.length + buy.length, signatures: from.length }) }

/** The Factoid form of an account's address. */
export function accountHash(addressBytes: Uint8Array): string { return '0'.repeat(24) + toHex(addressBytes) }

export { bytesOf }

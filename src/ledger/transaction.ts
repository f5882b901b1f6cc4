import {
  CborFault, addressField, addressOfKey, cidLink, decode, decodeCbor, domainDigest, encode, fromHex, isMap, nullable, sha256, struct, toHex, u40, u64, uint,
  type Address, type Cid, type Codec, type Secp256k1,
} from '../base/index.ts'
import { jsonText, networkId, signature, time, version, type NetworkId } from './fields.ts'
import { isOpCode, ops, type Bodies, type OpCode } from './ops/index.ts'
import { breaks, keeps, type Verdict } from './rules.ts'

/** What a sender signs. */
export type UnsignedTransaction = { readonly [C in OpCode]: {
  readonly version: 1
  readonly network: NetworkId
  readonly op: C
  readonly sender: Address
  /** One more than the account's. */
  readonly nonce: bigint
  /** Seconds since 1970. */
  readonly time: number
  /** Coins, 0 exactly where there is a stamp. */
  readonly fee: number
  /** A state root the transaction takes for granted: it is worth nothing on chains without it. */
  readonly witness: Cid | null
  /** JSON text of an object, which becomes the account's profile. */
  readonly profile: string | null
  readonly body: Bodies[C]
  /** Work instead of a fee. */
  readonly stamp: bigint | null
} }[OpCode]

export type Transaction = UnsignedTransaction & { readonly signature: Uint8Array }

const shared = {
  version, network: networkId, op: uint(23), sender: addressField, nonce: u64, time, fee: u40, witness: nullable(cidLink), profile: nullable(jsonText), stamp: nullable(u64),
} as const

type Shape<T> = { readonly [C in OpCode]: Codec<T> }

const unsignedByOp = Object.fromEntries(Object.values(ops).map(({ code, body }) => [code, struct({ ...shared, body })])) as unknown as Shape<UnsignedTransaction>
const signedByOp = Object.fromEntries(Object.values(ops).map(({ code, body }) => [code, struct({ ...shared, body, signature })])) as unknown as Shape<Transaction>

/** In DAG-CBOR `op` is the first key of a transaction: its value comes after the head of the map and the key's three bytes. */
const opAt = 4

/** Transactions of every operation there is. */
export const transaction: Codec<Transaction> = {
  write(out, value) { signedByOp[value.op].write(out, value) },
  read(input) {
    const op = input.peek(opAt)
    if (!isOpCode(op)) throw new CborFault('no operation there is')
    return signedByOp[op].read(input)
  },
}

/** The transaction of these bytes. An operation there is no code for is told from bytes that are nothing. */
export function judgeTransactionBytes(bytes: Uint8Array): Verdict<Transaction> {
  const judged = decode(transaction, bytes)
  if (judged.ok) return keeps(judged.value)
  const value = decodeCbor(bytes)
  const op = value.ok && isMap(value.value) ? value.value['op'] : undefined
  return typeof op === 'number' && !isOpCode(op) ? breaks('unknown-op', `no operation ${op}`) : breaks('tx-encoding', judged.reason)
}

/** A transaction as it came: its content id at once, and what it is when that is asked. */
export class ReadTransaction {
  readonly id: Cid
  #verdict: Verdict<Transaction> | null = null

  constructor(private readonly bytes: Uint8Array) { this.id = toHex(sha256(bytes)) }

  get verdict(): Verdict<Transaction> { return this.#verdict ??= judgeTransactionBytes(this.bytes) }
}

/** The bytes a signature and a stamp are about. */
export function encodeUnsigned(value: UnsignedTransaction): Uint8Array<ArrayBuffer> {
  return encode(unsignedByOp[value.op], value)
}

/** A transaction's content id. */
export function transactionId(value: Transaction): Cid { return toHex(sha256(encode(transaction, value))) }

const transactionDomain = 'holdfast/transaction/1'

/** SHA-256(domain || 0 || network id || DAG-CBOR without the signature). */
export function digestOf(domain: string, network: NetworkId, unsigned: Uint8Array): Uint8Array<ArrayBuffer> {
  return domainDigest(domain, fromHex(network) ?? new Uint8Array(8), unsigned)
}

export function transactionDigest(value: UnsignedTransaction): Uint8Array<ArrayBuffer> {
  return digestOf(transactionDomain, value.network, encodeUnsigned(value))
}

export function signTransaction(value: UnsignedTransaction, secret: Uint8Array, { sign }: Secp256k1): Transaction {
  return { ...value, signature: sign(transactionDigest(value), secret) }
}

/** Whether a transaction's signature is its sender's. */
export function isSignedBySender(value: Transaction, { recover }: Secp256k1): boolean {
  const key = recover(transactionDigest(value), value.signature)
  return key !== null && addressOfKey(key) === value.sender
}

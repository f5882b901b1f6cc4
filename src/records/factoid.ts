import { equalBytes, sha256, toHex } from '../base/index.ts'
import { Unreadable, reading, unsayable, type Reading } from './faults.ts'
import { FieldReader, FieldWriter, hexBytes } from './fields.ts'
import { sha256d } from './hashes.ts'
import { factoidFee } from './prices.ts'
import { signatureFault } from './signature.ts'
import { varintLength } from './varint.ts'

/** Factoshi of an input or output. `address`: the hash of an RCD, or for entry credits an Ed25519 key; 32 bytes in hex. */
export interface FactoidAmount { readonly amount: bigint, readonly address: string }

/** RCD of type 1, a key, and its signature; both in hex. */
export interface FactoidSeal { readonly publicKey: string, readonly signature: string }

export interface UnsignedFactoid {
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly inputs: readonly FactoidAmount[]
  readonly outputs: readonly FactoidAmount[]
  /** What buys entry credits, in factoshi. */
  readonly purchases: readonly FactoidAmount[]
}

/** `seals` has one for each input, in order; none in a coinbase. */
export interface FactoidTransaction extends UnsignedFactoid { readonly seals: readonly FactoidSeal[] }

const version = 2n
const rcdType = 1
const rcdBytes = 33
const sealBytes = rcdBytes + 64
const headBytes = 10
/** As Factom's nodes take them: longer ones reach no block. */
export const factoidBytes = 10_240
/** Amounts, and sums of them, stay below: Factom's nodes add them as signed numbers of 64 bits. */
const amountEnd = 1n << 63n

/** The address of a key: the hash of RCD type 1 for it. */
export function rcdHashOf(publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  const rcd = new Uint8Array(rcdBytes)
  rcd[0] = rcdType
  rcd.set(publicKey, 1)
  return sha256d(rcd)
}

/** What every input signs. Throws `bad-input` where it cannot be said. */
export function factoidLedger(transaction: UnsignedFactoid): Uint8Array<ArrayBuffer> {
  const { timestamp, inputs, outputs, purchases } = transaction
  const lists = [inputs, outputs, purchases]
  const size = lists.flat().reduce((sum, { amount }) => sum + varintLength(amount) + 32, headBytes)
  if (size > factoidBytes) throw unsayable('tx-too-big', `a transaction of ${size} bytes, of ${factoidBytes} at most`)
  checkAmounts(transaction, unsayable)
  const out = new FieldWriter(size)
  out.varint(version).uint(timestamp, 6, 'timestamp')
  for (const list of lists) out.uint(list.length, 1, 'inputs or outputs')
  for (const { amount, address } of lists.flat()) out.varint(amount).hash(address, 'address')
  return out.bytes
}

/** Throws `bad-input` where it cannot be said. Whether signatures are right is not looked at. */
export function encodeFactoid(transaction: FactoidTransaction): Uint8Array<ArrayBuffer> {
  const { inputs, outputs, purchases, seals } = transaction
  if (inputs.length === 0 && purchases.length > 0) throw unsayable('tx-no-inputs', 'entry credits are not bought by nobody')
  if (seals.length !== inputs.length) throw unsayable('tx-truncated', `${seals.length} signatures for ${inputs.length} inputs`)
  if (inputs.length > 0) checkSums({ inputs, outputs, purchases }, unsayable)
  const ledger = factoidLedger(transaction)
  const size = ledger.length + sealBytes * seals.length
  if (size > factoidBytes) throw unsayable('tx-too-big', `a transaction of ${size} bytes, of ${factoidBytes} at most`)
  const out = new FieldWriter(size).put(ledger)
  for (const { publicKey, signature } of seals) out.uint(rcdType, 1, 'RCD type').hash(publicKey, 'public key').put(hexBytes(signature, 64, 'signature'))
  return out.bytes
}

/** The transaction of these bytes, each RCD and signature checked. */
export function decodeFactoid(bytes: Uint8Array): Reading<FactoidTransaction> {
  return reading(() => {
    const transaction = readFactoid(bytes)
    checkSeals(bytes, transaction)
    return transaction
  })
}

/** The same without a look at RCDs and signatures. */
function readFactoid(bytes: Uint8Array): FactoidTransaction {
  const transaction = readWhole(bytes)
  if (transaction.inputs.length === 0) throw new Unreadable('tx-no-inputs', 'no inputs')
  checkSums(transaction, (code, reason) => new Unreadable(code, reason))
  return transaction
}

/** The transaction that begins a Factoid Block: outputs out of nothing. */
export function decodeCoinbase(bytes: Uint8Array): Reading<FactoidTransaction> {
  return reading(() => {
    const transaction = readWhole(bytes)
    if (transaction.inputs.length > 0 || transaction.purchases.length > 0) throw new Unreadable('tx-coinbase-shape', 'inputs or entry credits in a coinbase')
    return transaction
  })
}

function readWhole(bytes: Uint8Array): FactoidTransaction {
  if (bytes.length > factoidBytes) throw new Unreadable('tx-too-big', `${bytes.length} bytes, of ${factoidBytes} at most`)
  const input = new FieldReader(bytes, 'tx-truncated')
  const transaction = readTransaction(input)
  if (input.left > 0) throw new Unreadable('tx-trailing-bytes', `${input.left} bytes after the transaction`)
  return transaction
}

/** The transaction that follows, wherever it ends. */
export function readTransaction(input: FieldReader): FactoidTransaction {
  const said = input.varint()
  if (said !== version) throw new Unreadable('tx-version', `version ${said}`)
  const timestamp = input.uint(6)
  const counts = [input.uint(1), input.uint(1), input.uint(1)] as const
  const [inputs, outputs, purchases] = [readAmounts(input, counts[0]), readAmounts(input, counts[1]), readAmounts(input, counts[2])]
  const seals: FactoidSeal[] = []
  for (let i = 0; i < counts[0]; i++) {
    const type = input.uint(1)
    if (type !== rcdType) throw new Unreadable('rcd-type', `an RCD of type ${type}`)
    seals.push({ publicKey: input.hash(), signature: input.hex(64) })
  }
  const transaction = { timestamp, inputs, outputs, purchases, seals }
  checkAmounts(transaction, (code, reason) => new Unreadable(code, reason))
  return transaction
}

function readAmounts(input: FieldReader, count: number): FactoidAmount[] {
  const amounts: FactoidAmount[] = []
  for (let i = 0; i < count; i++) {
    const amount = input.varint()
    if (amount >= amountEnd) throw new Unreadable('tx-amount-range', `${amount} factoshi`)
    amounts.push({ amount, address: input.hash() })
  }
  return amounts
}

type Refuse = (code: 'tx-amount-range' | 'tx-sum-range' | 'tx-outputs-exceed-inputs', reason: string) => Error

function checkAmounts({ inputs, outputs, purchases }: UnsignedFactoid, refuse: Refuse): void {
  for (const { amount } of [...inputs, ...outputs, ...purchases]) if (amount >= amountEnd) throw refuse('tx-amount-range', `${amount} factoshi`)
  for (const sum of [sumOf(inputs), sumOf(outputs) + sumOf(purchases)]) if (sum >= amountEnd) throw refuse('tx-sum-range', `${sum} factoshi together`)
}

function checkSums({ inputs, outputs, purchases }: Omit<UnsignedFactoid, 'timestamp'>, refuse: Refuse): void {
  const [from, to] = [sumOf(inputs), sumOf(outputs) + sumOf(purchases)]
  if (to > from) throw refuse('tx-outputs-exceed-inputs', `${from} factoshi go in, ${to} come out`)
}

function checkSeals(bytes: Uint8Array, { inputs, seals }: FactoidTransaction): void {
  const ledger = bytes.subarray(0, ledgerLength(bytes, inputs.length))
  for (const [i, { address }] of inputs.entries()) {
    const at = ledger.length + sealBytes * i
    const publicKey = bytes.subarray(at + 1, at + rcdBytes)
    if (!equalBytes(rcdHashOf(publicKey), hexBytes(address, 32, 'address'))) throw new Unreadable('rcd-hash-mismatch', `the RCD of input ${i} is not that of its address`)
    const fault = signatureFault(bytes.subarray(at + rcdBytes, at + sealBytes), ledger, publicKey)
    if (fault !== null) throw new Unreadable(fault, `not the signature of ${seals[i]!.publicKey}`)
  }
}

/** How much of a transaction of so many inputs is signed. */
function ledgerLength(bytes: Uint8Array, inputs: number): number { return bytes.length - sealBytes * inputs }

/** Hash of what is signed. */
export function factoidTxid(bytes: Uint8Array, { seals }: FactoidTransaction): string {
  return toHex(sha256(bytes.subarray(0, ledgerLength(bytes, seals.length))))
}

/** What goes in and does not come out, in factoshi. A coinbase pays none. */
export function feePaid({ inputs, outputs, purchases }: UnsignedFactoid): bigint {
  return inputs.length === 0 ? 0n : sumOf(inputs) - sumOf(outputs) - sumOf(purchases)
}

/** Least fee in entry credits. */
export function feeOf({ outputs, purchases, seals }: FactoidTransaction, size: number): number {
  return factoidFee({ size, outputs: outputs.length + purchases.length, signatures: seals.length })
}

/** The transaction of these bytes, if it pays its fee at so many factoshi for an entry credit. */
export function judgeFactoid(bytes: Uint8Array, rate: bigint): Reading<FactoidTransaction> {
  const judged = decodeFactoid(bytes)
  if (!judged.ok) return judged
  return reading(() => {
    const [paid, due] = [feePaid(judged.value), BigInt(feeOf(judged.value, bytes.length)) * rate]
    if (paid < due) throw new Unreadable('tx-fee-too-low', `pays ${paid} factoshi, ${due} are due`)
    return judged.value
  })
}

function sumOf(amounts: readonly FactoidAmount[]): bigint {
  let sum = 0n
  for (const { amount } of amounts) sum += amount
  return sum
}

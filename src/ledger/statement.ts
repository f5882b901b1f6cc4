import { addressField, addressOfKey, cidLink, decode, encode, struct, u32, type Encoded, type Secp256k1 } from '../base/index.ts'
import { networkId, signature, time } from './fields.ts'
import { digestOf } from './transaction.ts'
import { breaks, keeps, type Verdict } from './rules.ts'

const unsignedFields = {
  network: networkId,
  miner: addressField,
  /** The miner's head when it said so. */
  root: cidLink,
  number: u32,
  /** The miner's safety root then. */
  safe: cidLink,
  time,
} as const

const unsignedStatement = struct(unsignedFields)
/** A miner's vote. Others may pass it on, so it proves itself. */
export const statement = struct({ ...unsignedFields, signature })

export type UnsignedStatement = Encoded<typeof unsignedStatement>
export type Statement = Encoded<typeof statement>

const statementDomain = 'holdfast/future/1'

export function statementDigest(value: UnsignedStatement): Uint8Array<ArrayBuffer> {
  return digestOf(statementDomain, value.network, encode(unsignedStatement, value))
}

export function signStatement(value: UnsignedStatement, secret: Uint8Array, { sign }: Secp256k1): Statement {
  return { ...value, signature: sign(statementDigest(value), secret) }
}

const encodings = new WeakMap<Statement, Uint8Array<ArrayBuffer>>()

/** The bytes of a statement, made once for each; nobody changes them. */
export function statementBytes(value: Statement): Uint8Array<ArrayBuffer> {
  let bytes = encodings.get(value)
  if (bytes === undefined) {
    bytes = encode(statement, value)
    encodings.set(value, bytes)
  }
  return bytes
}

/** The statement of these bytes, if it is this network's and its miner's own. */
export function judgeStatementBytes(bytes: Uint8Array, network: string, signatures: Secp256k1): Verdict<Statement> {
  const judged = decode(statement, bytes)
  return judged.ok ? judgeStatement(judged.value, network, signatures) : breaks('statement-encoding', judged.reason)
}

/** What was found of statements that are still about, by who checks signatures: a statement goes through many hands, and is the same in all of them. */
const found = new WeakMap<Secp256k1, WeakMap<Statement, Verdict<Statement>>>()

/** The same of one that is decoded. */
export function judgeStatement(value: Statement, network: string, signatures: Secp256k1): Verdict<Statement> {
  if (value.network !== network) return breaks('statement-network', 'made for another network')
  const known = found.get(signatures) ?? new WeakMap<Statement, Verdict<Statement>>()
  found.set(signatures, known)
  const verdict = known.get(value) ?? judgeSignature(value, signatures)
  known.set(value, verdict)
  return verdict
}

function judgeSignature(value: Statement, { recover }: Secp256k1): Verdict<Statement> {
  const key = recover(statementDigest(value), value.signature)
  return key !== null && addressOfKey(key) === value.miner ? keeps(value) : breaks('statement-signature', 'not the signature of its miner')
}

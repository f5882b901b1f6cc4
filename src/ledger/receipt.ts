import { CborFault, HoldfastError, addressField, addressOfKey, cidLink, decode, encode, struct, toHex, u64, uint, type Codec, type Encoded, type Secp256k1 } from '../base/index.ts'
import { signature, time, type NetworkId } from './fields.ts'
import { breaks, keeps, type Verdict } from './rules.ts'
import { digestOf } from './transaction.ts'

const hundred = uint(100, 10)

/** 10, 20, .. 100: rounded, so that a list of who has what says little of when. */
const percent: Codec<number> = {
  write(out, value) {
    if (value % 10 !== 0) throw new HoldfastError('bad-input', 'not rounded to 10 percent')
    hundred.write(out, value)
  },
  read(input) {
    const value = hundred.read(input)
    if (value % 10 !== 0) throw new CborFault('not rounded to 10 percent')
    return value
  },
}

const unsignedFields = {
  /** Whose block may log it, from its block number `serverNonce` on. */
  server: addressField,
  serverNonce: u64,
  visitor: addressField,
  /** Root of the sections. */
  attachment: cidLink,
  /** How much of it the visitor holds, and gives to others. */
  percent,
  /** Nonce of a wiring the visitor made to the server for it; 0 for none. Moves nothing. */
  charge: u64,
  time,
} as const

const unsignedReceipt = struct(unsignedFields)
/** What a visitor says of a file it got: that others may find it at the visitor's address. Only who has agreed to that signs any. */
export const receipt = struct({ ...unsignedFields, signature })

export type UnsignedReceipt = Encoded<typeof unsignedReceipt>
export type Receipt = Encoded<typeof receipt>

const receiptDomain = 'holdfast/receipt/1'

/** Of what is signed, or was. */
export function receiptDigest(value: UnsignedReceipt, network: NetworkId): Uint8Array<ArrayBuffer> {
  return digestOf(receiptDomain, network, encode(unsignedReceipt, value))
}

/** What a receipt is known by, whoever signed it how: 64 hex digits. */
export function receiptName(value: Receipt, network: NetworkId): string { return toHex(receiptDigest(value, network)) }

export function signReceipt(value: UnsignedReceipt, network: NetworkId, secret: Uint8Array, { sign }: Secp256k1): Receipt {
  return { ...value, signature: sign(receiptDigest(value, network), secret) }
}

export function encodeReceipt(value: Receipt): Uint8Array<ArrayBuffer> { return encode(receipt, value) }

/** The receipt of these bytes, if it is its visitor's own, on this network. */
export function judgeReceiptBytes(bytes: Uint8Array, network: NetworkId, signatures: Secp256k1): Verdict<Receipt> {
  const judged = decode(receipt, bytes)
  if (!judged.ok) return breaks('receipt-encoding', judged.reason)
  return isSignedByVisitor(judged.value, network, signatures) ? keeps(judged.value) : breaks('receipt-signature', 'not the signature of its visitor')
}

export function isSignedByVisitor(value: Receipt, network: NetworkId, { recover }: Secp256k1): boolean {
  const key = recover(receiptDigest(value, network), value.signature)
  return key !== null && addressOfKey(key) === value.visitor
}

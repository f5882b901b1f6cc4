import { byteString, decode, decodeCbor, encode, isMap, limits, list, sha256, struct, toHex, type Cid, type Encoded } from '../base/index.ts'
import { receipt } from './receipt.ts'
import { transaction } from './transaction.ts'
import { isOpCode } from './ops/index.ts'
import { breaks, keeps, type Refusal, type Verdict } from './rules.ts'

/** What a block carries beside its header. Records are raw Factom items; attachments are receipts of whom its miner gave files. */
export const body = struct({
  transactions: list(transaction, limits.blockTransactions),
  records: list(byteString(1, limits.recordBytes), limits.blockRecords),
  attachments: list(receipt, limits.blockReceipts),
})
export type Body = Encoded<typeof body>

export const emptyBody: Body = { transactions: [], records: [], attachments: [] }

/**
 * The body a header names by `id`. `body-mismatch` says something about whoever sent these bytes and nothing about the block, so it comes first; all else
 * condemns the block.
 */
export function judgeBodyBytes(bytes: Uint8Array, id: Cid): Verdict<Body> {
  if (bodyId(bytes) !== id) return breaks('body-mismatch', 'not the bytes its header names')
  if (bytes.length > limits.bodyBytes) return breaks('body-encoding', `more than ${limits.bodyBytes} bytes`)
  const judged = decode(body, bytes)
  if (judged.ok) return keeps(judged.value)
  return unknownOp(bytes) ?? breaks('body-encoding', judged.reason)
}

/** Tells a body with an operation there is no code for from bytes that are no body. */
function unknownOp(bytes: Uint8Array): Refusal | null {
  const value = decodeCbor(bytes)
  const transactions = value.ok && isMap(value.value) ? value.value['transactions'] : null
  if (!Array.isArray(transactions)) return null
  const index = transactions.findIndex(each => isMap(each) && typeof each['op'] === 'number' && !isOpCode(each['op']))
  return index < 0 ? null : { ...breaks('unknown-op', 'an operation there is no code for'), index }
}

export function encodeBody(value: Body): Uint8Array<ArrayBuffer> { return encode(body, value) }
export function bodyId(bytes: Uint8Array): Cid { return toHex(sha256(bytes)) }

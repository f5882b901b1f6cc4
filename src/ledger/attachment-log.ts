import { limits } from '../base/index.ts'
import { keys, type StateView, type Visit } from '../state/index.ts'
import type { Header } from './header.ts'
import { transactionDrift, transactionLife, type Rulebook } from './judge-transaction.ts'
import { isSignedByVisitor, receiptName, type Receipt } from './receipt.ts'
import { breaks, type Refusal } from './rules.ts'

/*
 * The log of attachments: whom the miner of a block gave files, by receipts the visitors signed. Each is logged once: which were stands in the state until the block at
 * hand is too late for them. Nothing in it moves coins.
 */

type LogFrame = Pick<Rulebook, 'network' | 'signatures'> & { readonly header: Pick<Header, 'miner' | 'nonce' | 'time'> }

const hourSeconds = 3600

/** Forgets some of the receipts that no block can log any more: twice as many as a block may bring. */
export async function forgetReceipts(state: StateView, blockTime: number): Promise<void> {
  const cursor = await state.get(keys.seenCursor)
  if (cursor === null) return
  let { first } = cursor
  for (let rows = 0; rows < 2 * limits.blockReceipts && first < cursor.next; rows++, first++) {
    const row = await state.get(keys.seenRow(first))
    if (row === null || (row.hour + 1) * hourSeconds + transactionLife > blockTime) break
    await state.get(keys.seen(row.hour, row.hash))
    state.set(keys.seen(row.hour, row.hash), null)
    state.set(keys.seenRow(first), null)
  }
  if (first > cursor.first) state.set(keys.seenCursor, first === cursor.next ? null : { ...cursor, first })
}

/** Writes a receipt into the log of the block's miner, or says what rule it breaks and writes nothing. */
export async function logReceipt(state: StateView, frame: LogFrame, value: Receipt): Promise<Refusal | null> {
  const { header: { miner, nonce } } = frame
  const broken = judge(value, frame) ?? await judgeCharge(state, value)
  if (broken !== null) return broken
  const [hour, hash] = [Math.floor(value.time / hourSeconds), receiptName(value, frame.network)]
  if (await state.get(keys.seen(hour, hash)) !== null) return breaks('receipt-seen', 'logged before')
  if (!isSignedByVisitor(value, frame.network, frame.signatures)) return breaks('receipt-signature', 'not the signature of its visitor')
  const { first, next } = await state.get(keys.seenCursor) ?? { first: 0n, next: 0n }
  state.set(keys.seen(hour, hash), next)
  state.put(keys.seenRow(next), { hour, hash })
  state.set(keys.seenCursor, { first, next: next + 1n })
  const log = keys.minedAttachments(miner, nonce)
  state.put(log, [...await state.get(log) ?? [], visitOf(value)])
  return null
}

function judge({ server, serverNonce, time }: Receipt, { header }: LogFrame): Refusal | null {
  if (server !== header.miner) return breaks('receipt-server', 'of another than the miner')
  if (serverNonce < 1n || serverNonce > header.nonce) return breaks('receipt-nonce', `for block ${serverNonce} of its miner or a later one, in block ${header.nonce}`)
  if (time > header.time + transactionDrift) return breaks('receipt-early', `${time - header.time} s ahead of the block`)
  if (header.time - time > transactionLife) return breaks('receipt-expired', `${header.time - time} s older than the block`)
  return null
}

/** What it names must be a wiring; to whom and how much, whoever wants to know looks up. */
async function judgeCharge(state: StateView, { visitor, charge }: Receipt): Promise<Refusal | null> {
  if (charge === 0n) return null
  return (await state.get(keys.output(visitor, charge)))?.op === 1 ? null : breaks('receipt-charge', 'names no wiring of its visitor')
}

function visitOf({ visitor, attachment, percent, charge }: Receipt): Visit { return { visitor, attachment, percent, charge } }

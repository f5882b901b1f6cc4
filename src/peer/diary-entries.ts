import { encode, type Address, type Cid } from '../base/index.ts'
import { transaction, transactionId, type Body, type Link, type Parameters, type Transaction } from '../ledger/index.ts'
import type { MessageValue, RowValue } from './book-values.ts'

/** What a block brings into the diary. `bytes`: of each message's transaction. */
export interface Entries { readonly rows: readonly RowValue[], readonly messages: readonly Omit<MessageValue, 'thread' | 'kept'>[], readonly answers: ReadonlyMap<Cid, string>, readonly bytes: ReadonlyMap<Cid, Uint8Array> }

/** A message by its sender and nonce, as threads are named. */
export function messageRef(address: Address, nonce: bigint): string { return `${address}/${nonce}` }

/**
 * The lines a block writes into the history of `owner`, and its messages, with what each answers. `earned`: fees of the block before, which pay this one's
 * miner beside the reward.
 */
export function entriesOf(link: Link, { transactions }: Body, owner: Address | null, earned: number): Entries {
  const { id: block, header } = link
  const rows: RowValue[] = []
  const messages: Omit<MessageValue, 'thread' | 'kept'>[] = []
  const answers = new Map<Cid, string>()
  const bytes = new Map<Cid, Uint8Array>()
  if (owner !== null && header.miner === owner) rows.push({ id: block, kind: 'mined', amount: earned, fee: 0, other: null, time: header.time, block, number: header.number, index: null, nonce: header.nonce })
  for (const [index, each] of transactions.entries()) {
    const ours = owner !== null && (each.sender === owner || each.op === 1 && each.body.to === owner)
    if (!ours && each.op !== 2) continue
    const place = { id: transactionId(each), time: each.time, block, number: header.number, index, nonce: each.nonce }
    if (ours) rows.push({ ...place, ...whatOf(each, owner) })
    if (each.op !== 2) continue
    const { thread, message: json, attachment } = each.body
    messages.push({ ...place, author: each.sender, json, attachment })
    answers.set(place.id, thread === null ? messageRef(each.sender, each.nonce) : messageRef(thread.address, thread.nonce))
    bytes.set(place.id, encode(transaction, each))
  }
  return { rows, messages, answers, bytes }
}

/** What the next block's miner gets of this one. */
export function earnedOf({ transactions }: Body, { reward }: Pick<Parameters, 'reward'>): number {
  return transactions.reduce((sum, { fee }) => sum + fee, reward)
}

function whatOf(each: Transaction, owner: Address): Pick<RowValue, 'kind' | 'amount' | 'fee' | 'other'> {
  const { op, sender, fee } = each
  if (op === 7) return { kind: 'profile', amount: 0, fee, other: null }
  if (op === 2) return { kind: 'message', amount: 0, fee, other: null }
  return sender === owner ? { kind: 'sent', amount: each.body.amount, fee, other: each.body.to } : { kind: 'received', amount: each.body.amount, fee: 0, other: sender }
}

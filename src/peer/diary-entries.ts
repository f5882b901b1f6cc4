import { addressBytes, concat, encode, fromHex, toHex, type Address, type Cid } from '../base/index.ts'
import { transaction, transactionId, type Body, type Link, type Parameters, type Transaction } from '../ledger/index.ts'
import { formatAddress, judgeRecord, type FactoidItem } from '../records/index.ts'
import type { MessageValue, RowValue, Wish } from './book-values.ts'
import { spends } from './outbox-rules.ts'

/** What the end of a purchase paid to the person, by the id of its transaction. */
export interface Payment extends Pick<RowValue, 'amount' | 'other'> { readonly kind: 'earned' | 'refunded' }
export type Payments = ReadonlyMap<Cid, Payment>

/** What a block brings into the diary. `bytes`: of each message's transaction. */
export interface Entries { readonly rows: readonly RowValue[], readonly messages: readonly Omit<MessageValue, 'thread' | 'kept'>[], readonly answers: ReadonlyMap<Cid, string>, readonly bytes: ReadonlyMap<Cid, Uint8Array> }

/** A message by its sender and nonce, as threads are named. */
export function messageRef(address: Address, nonce: bigint): string { return `${address}/${nonce}` }

/**
 * The lines a block writes into the history of `owner`, and its messages, with what each answers. `earned`: fees of the block before, which pay this one's
 * miner beside the reward. `payments`: which the state before it tells.
 */
export function entriesOf(link: Link, { transactions, records }: Body, owner: Address | null, earned: number, payments: Payments = new Map()): Entries {
  const { id: block, header } = link
  const rows: RowValue[] = []
  const messages: Omit<MessageValue, 'thread' | 'kept'>[] = []
  const answers = new Map<Cid, string>()
  const bytes = new Map<Cid, Uint8Array>()
  if (owner !== null && header.miner === owner) rows.push({ id: block, kind: 'mined', amount: earned, fee: 0, other: null, time: header.time, block, number: header.number, index: null, nonce: header.nonce })
  for (const [index, each] of transactions.entries()) {
    const paid = each.op === 10 ? payments.get(transactionId(each)) ?? null : null
    const ours = owner !== null && (each.sender === owner || each.op === 1 && each.body.to === owner || paid !== null)
    if (!ours && each.op !== 2) continue
    const place = { id: transactionId(each), time: each.time, block, number: header.number, index, nonce: each.nonce }
    if (ours) rows.push({ ...place, ...paid === null ? whatOf(each, owner) : { ...paid, fee: each.sender === owner ? each.fee : 0, sender: each.sender } })
    if (each.op !== 2) continue
    const { thread, message: json, attachment } = each.body
    messages.push({ ...place, author: each.sender, json, attachment })
    answers.set(place.id, thread === null ? messageRef(each.sender, each.nonce) : messageRef(thread.address, thread.nonce))
    bytes.set(place.id, encode(transaction, each))
  }
  if (owner !== null) rows.push(...paidTo(owner, link, records))
  return { rows, messages, answers, bytes }
}

/** Coins that Factoid transactions of a block paid to an account. */
function paidTo(owner: Address, { id: block, header: { number, time } }: Link, records: Body['records']): readonly RowValue[] {
  const own = toHex(concat(new Uint8Array(12), addressBytes(owner)!)) // as Factoid outputs name an account
  return factoidsIn(records).flatMap(({ record, item: { txid, transaction: { inputs, outputs } } }) => {
    const amount = outputs.reduce((sum, output) => output.address === own ? sum + Number(output.amount) : sum, 0)
    return amount === 0 ? [] : [{ id: txid, kind: 'received', amount, fee: 0, other: factoidAddress(inputs[0]!.address), time, block, number, index: null, nonce: 0n, record }]
  })
}

function factoidsIn(records: Body['records']): readonly { readonly record: number, readonly item: FactoidItem }[] {
  return records.flatMap((bytes, record) => {
    const judged = bytes[0] === 0x02 ? judgeRecord(bytes) : null
    return judged?.ok === true && judged.value.kind === 'factoid' ? [{ record, item: judged.value }] : []
  })
}

/** The text of a Factoid address. */
export function factoidAddress(rcdHash: string): string { return formatAddress('FA', fromHex(rcdHash)!) }

/** What the next block's miner gets of this one. */
export function earnedOf({ transactions, records }: Body, { reward }: Pick<Parameters, 'reward'>): number {
  const fees = transactions.reduce((sum, { fee }) => sum + fee, 0)
  // Of Factoid transactions all that does not come out again: their fees, and what buys entry credits.
  const burnt = factoidsIn(records).reduce((sum, { item: { transaction: { inputs, outputs } } }) => sum + Number(inputs.reduce((all, { amount }) => all + amount, 0n) - outputs.reduce((all, { amount }) => all + amount, 0n)), 0)
  return reward + fees + burnt
}

function whatOf(each: Transaction, owner: Address): Pick<RowValue, 'kind' | 'amount' | 'fee' | 'other'> {
  if (each.op === 1 && each.sender !== owner) return { kind: 'received', amount: each.body.amount, fee: 0, other: each.sender }
  return { ...ownRow(each), fee: each.fee }
}

/** What is shown of an own transaction, in a block or on its way there. */
export function ownRow(what: Wish): Pick<RowValue, 'kind' | 'amount' | 'other'> {
  const amount = spends(what)
  switch (what.op) {
    case 1: return { kind: 'sent', amount, other: what.body.to.startsWith('T') ? what.body.to : factoidAddress(what.body.to) }
    case 2: return { kind: 'message', amount, other: null }
    case 3: return { kind: 'publish', amount, other: null }
    case 4: return { kind: 'assign', amount, other: null }
    case 5: case 6: return { kind: 'keep', amount, other: null }
    case 7: return { kind: 'profile', amount, other: null }
    case 8: return { kind: 'buy', amount, other: what.body.owner }
    case 9: return { kind: 'grant', amount, other: what.body.buyer }
    case 10: return { kind: 'settle', amount, other: null }
  }
}

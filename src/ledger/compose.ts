import { HoldfastError, encode, limits } from '../base/index.ts'
import { waitingRules } from '../records/index.ts'
import type { StateReader } from '../state/index.ts'
import { body, emptyBody, type Body } from './body.ts'
import { Execution, hasRecords, type BlockFrame } from './execute.ts'
import type { Receipt } from './receipt.ts'
import type { Transaction } from './transaction.ts'

/** What a block may be made of, each kind in the order in which it is tried. */
export interface Candidates { readonly transactions: readonly Transaction[], readonly receipts: readonly Receipt[], readonly records: readonly Uint8Array<ArrayBuffer>[] }

/**
 * The body a block may carry: of all candidates, in their order, what it can execute and has room for; one that is refused takes those along that would have come after it. Records that may only have
 * come too early are tried once more at the end. `bad-input` where no block can have this header: its nonce is not the miner's next.
 */
export async function composeBody(before: StateReader, frame: BlockFrame, candidates: Candidates): Promise<Body> {
  const begun = await Execution.begin(before, frame)
  if (!begun.ok) throw new HoldfastError('bad-input', begun.detail)
  const execution = begun.value
  const attachments = await takeReceipts(execution, candidates.receipts)
  const transactions = await takeTransactions(execution, candidates.transactions, frame.parameters.stampedPerBlock)
  const room = limits.bodyBytes - encode(body, { transactions, records: [], attachments }).length - listHead
  const records = hasRecords(frame.parameters) ? await takeRecords(execution, candidates.records, room) : []
  const ended = await execution.end()
  return ended.ok ? { transactions, records, attachments } : emptyBody // more coins than a miner can hold may come of those paid to it
}

async function takeReceipts(execution: Execution, candidates: readonly Receipt[]): Promise<Receipt[]> {
  const taken: Receipt[] = []
  for (const receipt of candidates) {
    if (taken.length === limits.blockReceipts) break
    if (await execution.log(receipt) === null) taken.push(receipt)
  }
  return taken
}

async function takeTransactions(execution: Execution, candidates: readonly Transaction[], mostStamped: number): Promise<Transaction[]> {
  const taken: Transaction[] = []
  let stamps = mostStamped
  for (const candidate of candidates) {
    if (taken.length === limits.blockTransactions) break
    if (candidate.stamp !== null && stamps === 0) continue
    if (await execution.execute(candidate, taken.length) !== null) continue
    taken.push(candidate)
    if (candidate.stamp !== null) stamps--
  }
  return taken
}

/** What a list of records and one of them take beside their bytes: a head each, that of an empty list is there already. */
const listHead = 1
const recordHead = 3

async function takeRecords(execution: Execution, candidates: readonly Uint8Array<ArrayBuffer>[], bytes: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const taken: Uint8Array<ArrayBuffer>[] = []
  let left = bytes
  const take = async (record: Uint8Array<ArrayBuffer>): Promise<string | null> => {
    if (taken.length === limits.blockRecords || record.length + recordHead > left) return ''
    const refusal = await execution.record(record, taken.length)
    if (refusal !== null) return refusal.rule
    taken.push(record)
    left -= record.length + recordHead
    return null
  }
  const early: Uint8Array<ArrayBuffer>[] = []
  for (const record of candidates) {
    if (waitingRules.has(await take(record) ?? '')) early.push(record)
  }
  for (const record of early) await take(record)
  return taken
}

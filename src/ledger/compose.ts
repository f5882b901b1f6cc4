import { HoldfastError, limits } from '../base/index.ts'
import type { StateReader } from '../state/index.ts'
import { emptyBody, type Body } from './body.ts'
import { Execution, type BlockFrame } from './execute.ts'
import type { Receipt } from './receipt.ts'
import type { Transaction } from './transaction.ts'

/**
 * The body a block may carry: of the receipts and candidates, in their order, all that it can execute; a candidate that is refused takes those along that would have come after it. `bad-input` where
 * no block can have this header: its nonce is not the miner's next.
 */
export async function composeBody(before: StateReader, frame: BlockFrame, candidates: readonly Transaction[], receipts: readonly Receipt[] = []): Promise<Body> {
  const begun = await Execution.begin(before, frame)
  if (!begun.ok) throw new HoldfastError('bad-input', begun.detail)
  const execution = begun.value
  const attachments: Receipt[] = []
  for (const receipt of receipts) {
    if (attachments.length === limits.blockReceipts) break
    if (await execution.log(receipt) === null) attachments.push(receipt)
  }
  const transactions: Transaction[] = []
  let stamps = frame.parameters.stampedPerBlock
  for (const candidate of candidates) {
    if (transactions.length === limits.blockTransactions) break
    if (candidate.stamp !== null && stamps === 0) continue
    if (await execution.execute(candidate, transactions.length) !== null) continue
    transactions.push(candidate)
    if (candidate.stamp !== null) stamps--
  }
  const ended = await execution.end()
  return ended.ok ? { ...emptyBody, transactions, attachments } : emptyBody // more coins than a miner can hold may come of those paid to it
}

import { HoldfastError, limits } from '../base/index.ts'
import type { StateReader } from '../state/index.ts'
import { emptyBody, type Body } from './body.ts'
import { Execution, type BlockFrame } from './execute.ts'
import type { Transaction } from './transaction.ts'

/**
 * The body a block may carry: of the candidates, in their order, all that it can execute; one that is refused takes those along that would have come after it. `bad-input` where
 * no block can have this header: its nonce is not the miner's next.
 */
export async function composeBody(before: StateReader, frame: BlockFrame, candidates: readonly Transaction[]): Promise<Body> {
  const begun = await Execution.begin(before, frame)
  if (!begun.ok) throw new HoldfastError('bad-input', begun.detail)
  const execution = begun.value
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
  return ended.ok ? { ...emptyBody, transactions } : emptyBody // more coins than a miner can hold may come of those paid to it
}

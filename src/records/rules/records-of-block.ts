import { StateView, type StateReader } from '../../state/index.ts'
import { noEffects, type RecordEffects } from './effects.ts'
import type { RecordFrame } from './frame.ts'
import { RecordExecution } from './record-execution.ts'

/**
 * What the records of a block did to chains: from the state before it and its body, for a block that is known to be valid. Balances and what was paid before are not looked at, and
 * signatures only where they tell a commit from an entry.
 */
export async function recordsOfBlock(before: StateReader, frame: Omit<RecordFrame, 'creditRate'>, records: readonly Uint8Array[]): Promise<RecordEffects> {
  if (records.length === 0) return noEffects
  const state = new StateView(before)
  const execution = new RecordExecution(state, { ...frame, creditRate: 1 })
  for (const [record, bytes] of records.entries()) await execution.follow(bytes, record)
  return await execution.end()
}

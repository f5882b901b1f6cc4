import type { Parameters } from '../ledger/index.ts'
import type { SyncStatus } from '../sync/index.ts'
import type { Stage } from './wallet-api.ts'

/** How far what stands in a block of this number has come. */
export function stageAt(number: number, { head, safe }: Pick<SyncStatus, 'head' | 'safe'>, { short }: Pick<Parameters, 'short'>): Stage {
  if (number <= safe.header.number) return 'safe'
  return head.header.number - number > short ? 'settled' : 'in-block'
}

import { toHex, type Address } from '../base/index.ts'
import { keys } from '../state/index.ts'
import type { AccessOptions } from './access-part.ts'
import type { DeskParts } from './desk-parts.ts'
import { readRow, type ReadValues } from './upload-state.ts'

/**
 * Says on the ledger which key others can seal to for this account, once it takes part in the exchange of keys: only who has said so can be named as a holder. Costs nothing but
 * some seconds of work; what else the profile says stays.
 */
export async function tellBox(me: Address, { sync, ledger, keys: service }: Pick<DeskParts, 'sync' | 'ledger' | 'keys'>, book: AccessOptions['outbox']): Promise<void> {
  const { mode, stage, head } = sync.status
  if (mode !== 'full' || stage !== 'following') return
  const box = toHex((await service.publicKeys()).box)
  const read: ReadValues = async names => await ledger.values(names, head.root)
  if (await readRow(read, keys.box(me)) === box) return
  const profile = await readRow(read, keys.profile(me)) ?? '{}'
  const [outbox, wish] = [await book(), `box/${me}/${box.slice(0, 16)}`]
  if (!outbox.hasWish(wish)) void outbox.add(wish, { op: 7, body: { profile, box } }, me, 'signed').catch(() => {}) // its stamp takes seconds
}

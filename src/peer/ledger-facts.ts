import type { Address, Cid } from '../base/index.ts'
import type { AccessFacts, AccessState } from '../content/index.ts'
import { keys, noAccess, type AccessRow, type StateKey, type UploadRow } from '../state/index.ts'
import { isOver } from './upload-rows.ts'
import { readRows, type ReadValues } from './upload-state.ts'

/** How keys of uploads stand in one state, whose block has this number. */
export function ledgerFacts(read: ReadValues, number: number): AccessState {
  return {
    async facts(cid, owner, who) {
      const wanted = [keys.upload(cid, owner), keys.access(cid, owner, who), keys.box(who)] as readonly StateKey<unknown>[]
      const [row, access, box] = await readRows(read, wanted) as [UploadRow | null, AccessRow | null, string | null]
      return row === null ? null : factsOf(row, access ?? noAccess, box, number)
    },
  }
}

export function factsOf(row: UploadRow, { member, purchase }: AccessRow, box: string | null, number: number): AccessFacts {
  const { publication: { policy, keyCommit, holders }, era } = row
  return { gone: isOver(row, number), policy, keyCommit, holders, member: member === era, purchase, box }
}

/** Uploads whose keys an account gives out in their owners' stead, all of them. */
export async function heldBy(read: ReadValues, holder: Address): Promise<readonly { readonly cid: Cid, readonly owner: Address }[]> {
  const list = keys.holds(holder)
  const [total = null] = await readRows(read, [list.total])
  const names: { cid: Cid, owner: Address }[] = []
  for (let at = 0; at < (total ?? 0); at += step) {
    const some = await readRows(read, Array.from({ length: Math.min(step, (total ?? 0) - at) }, (_, i) => list.at(at + i)))
    for (const name of some) if (name !== null) names.push({ cid: name[0], owner: name[1] })
  }
  return names
}

/** Content ids that an account publishes, all of them. */
export async function publishedBy(read: ReadValues, owner: Address): Promise<readonly Cid[]> {
  const list = keys.by(owner)
  const [total = null] = await readRows(read, [list.total])
  const cids: Cid[] = []
  for (let at = 0; at < (total ?? 0); at += step) {
    for (const cid of await readRows(read, Array.from({ length: Math.min(step, (total ?? 0) - at) }, (_, i) => list.at(at + i)))) if (cid !== null) cids.push(cid)
  }
  return cids
}

/** Keys that are read at once. */
const step = 64

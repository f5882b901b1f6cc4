import type { Address } from '../../base/index.ts'
import type { Holder } from '../../content/index.ts'
import { append, keys, remove, type NamedUpload, type StateKey, type StateView, type UploadRow } from '../../state/index.ts'
import { give } from './coins.ts'
import { endDuties } from './duties.ts'

/** Whether an upload counts no more in this block: taken back by its owner, or past its last block. */
export function isOver({ withdrawn, until }: UploadRow, number: number): boolean { return withdrawn || number > until }

/** Writes a new upload and its names in the lists. */
export async function addUpload(state: StateView, [cid, owner]: NamedUpload, row: Omit<UploadRow, 'index' | 'byOwner' | 'holds'>): Promise<void> {
  const key = keys.upload(cid, owner)
  await state.get(key)
  const of = await state.get(keys.uploadsOf(cid)) ?? { count: 0, first: owner }
  state.set(keys.uploadsOf(cid), { ...of, count: of.count + 1 })
  const [index, byOwner] = [await append(state, keys.uploads, [cid, owner]), await append(state, keys.by(owner), cid)]
  state.set(key, { ...row, index, byOwner, holds: await addHolders(state, [cid, owner], row.publication.holders) })
}

/** Takes an upload out of the state with all that hangs on it; coins for keepers that are left return to its owner. */
export async function removeUpload(state: StateView, [cid, owner]: NamedUpload, row: UploadRow): Promise<void> {
  await endDuties(state, [cid, owner], row)
  await removeHolders(state, row)
  const moved = await remove(state, keys.uploads, row.index)
  if (moved !== null) await edit(state, keys.upload(...moved), other => ({ ...other, index: row.index }))
  const movedCid = await remove(state, keys.by(owner), row.byOwner)
  if (movedCid !== null) await edit(state, keys.upload(movedCid, owner), other => ({ ...other, byOwner: row.byOwner }))
  const of = await state.get(keys.uploadsOf(cid))
  state.set(keys.uploadsOf(cid), of === null || of.count === 1 ? null : { ...of, count: of.count - 1 })
  await returnEscrow(state, [cid, owner])
  state.set(keys.upload(cid, owner), null)
}

/** The coins for its keepers, back to the owner of an upload. */
export async function returnEscrow(state: StateView, [cid, owner]: NamedUpload): Promise<void> {
  const key = keys.escrow(cid, owner)
  const held = await state.get(key)
  if (held === null) return
  state.set(key, null)
  await give(state, owner, held)
}

/** Notes an upload in the list of each of these holders, and says where. */
export async function addHolders(state: StateView, upload: NamedUpload, holders: readonly Holder[]): Promise<readonly number[]> {
  const places: number[] = []
  for (const { address } of holders) places.push(await append(state, keys.holds(address), upload))
  return places
}

/** Takes an upload out of the lists of all its holders. */
export async function removeHolders(state: StateView, { publication: { holders }, holds }: UploadRow): Promise<void> {
  for (const [i, { address }] of holders.entries()) {
    const moved = await remove(state, keys.holds(address), holds[i]!)
    if (moved !== null) await edit(state, keys.upload(...moved), other => ({ ...other, holds: movedTo(other, address, holds[i]!) }))
  }
}

function movedTo({ publication: { holders }, holds }: UploadRow, holder: Address, place: number): readonly number[] {
  return holds.map((other, i) => holders[i]!.address === holder ? place : other)
}

/** Changes a row that is there. */
async function edit<T>(state: StateView, key: StateKey<T>, change: (row: T) => T): Promise<void> {
  const row = await state.get(key)
  if (row !== null) state.set(key, change(row))
}

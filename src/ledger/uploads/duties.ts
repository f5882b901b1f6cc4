import type { Address } from '../../base/index.ts'
import { uploadBytes, type Publication } from '../../content/index.ts'
import { keys, swapOut, type Keeper, type NamedUpload, type StateView, type UploadRow } from '../../state/index.ts'
import { payRent } from './rent.ts'

/** Whether what a keeper accepted counts: not of one who is gone, or closing, whose rows go by and by. */
export function isBound({ status }: Keeper): boolean { return status === 'active' || status === 'away' }

/** Adds an upload to what a keeper has accepted. It is paid from the first period on that begins with it. */
export async function beginDuty(state: StateView, [cid, owner]: NamedUpload, keeper: Address, publication: Publication, number: number): Promise<void> {
  const [row, now] = [await state.get(keys.keeper(keeper)), await state.get(keys.keeperNow(keeper))]
  if (row === null) return
  state.put(keys.kept(cid, owner, keeper), { i: row.count, since: number, next: row.periods + (now === null ? 0 : 1), claimed: 0 })
  state.put(keys.duty(keeper, row.count), [cid, owner])
  state.set(keys.keeper(keeper), { ...row, count: row.count + 1, load: row.load + uploadBytes(publication) })
}

/** Frees a keeper who accepted an upload from it, paid for its whole periods. `excused`: what is to be shown of it in this period need not be any more. */
export async function endDuty(state: StateView, upload: NamedUpload, keeper: Address, publication: Publication, excused: boolean): Promise<void> {
  const [cid, owner] = upload
  await payRent(state, upload, keeper, publication)
  const key = keys.kept(cid, owner, keeper)
  const [duty, row] = [await state.get(key), await state.get(keys.keeper(keeper))]
  if (duty === null || row === null) return
  state.set(key, null)
  const moved = await swapOut(state, index => keys.duty(keeper, index), duty.i, row.count - 1)
  if (moved !== null) await moveDuty(state, moved, keeper, duty.i)
  state.set(keys.keeper(keeper), { ...row, count: row.count - 1, load: row.load - uploadBytes(publication) })
  if (excused) await excuse(state, upload, keeper)
}

/** Frees all keepers of an upload that is no more. */
export async function endDuties(state: StateView, upload: NamedUpload, { kept, publication }: UploadRow): Promise<void> {
  for (const keeper of kept) await endDuty(state, upload, keeper, publication, true)
}

/** Takes a keeper off an upload. */
export async function leave(state: StateView, upload: NamedUpload, keeper: Address, excused: boolean): Promise<void> {
  const key = keys.upload(...upload)
  const row = await state.get(key)
  if (row === null) return
  await endDuty(state, upload, keeper, row.publication, excused)
  state.set(key, { ...row, kept: row.kept.filter(each => each !== keeper) })
}

async function excuse(state: StateView, [cid, owner]: NamedUpload, keeper: Address): Promise<void> {
  const key = keys.keeperNow(keeper)
  const now = await state.get(key)
  if (now === null) return
  const bits = now.picks.reduce((sum, pick, i) => pick.cid === cid && pick.owner === owner ? sum | 1 << i : sum, 0)
  state.set(key, { ...now, answered: now.answered | bits })
}

async function moveDuty(state: StateView, upload: NamedUpload, keeper: Address, i: number): Promise<void> {
  const key = keys.kept(...upload, keeper)
  const duty = await state.get(key)
  if (duty !== null) state.set(key, { ...duty, i })
}

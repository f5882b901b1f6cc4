import { limits } from '../../base/index.ts'
import { keys, type StateView } from '../../state/index.ts'
import { mayHold } from './coins.ts'
import { removeUpload } from './rows.ts'

/**
 * Removes uploads whose last block is behind: each block looks at a few, where the one before stopped. One whose owner could not hold what would return to it stays until that changes.
 */
export async function expire(state: StateView, number: number): Promise<void> {
  let total = await state.get(keys.uploads.total) ?? 0
  if (total === 0) return
  let at = await state.get(keys.uploadCursor) ?? 0
  for (let looks = Math.min(limits.uploadsLooked, total); looks > 0; looks--) {
    if (at >= total) at = 0
    if (await expireAt(state, at, number)) total--
    else at++
  }
  state.set(keys.uploadCursor, at === 0 || at >= total ? null : at)
}

async function expireAt(state: StateView, index: number, number: number): Promise<boolean> {
  const upload = await state.get(keys.uploads.at(index))
  const row = upload === null ? null : await state.get(keys.upload(...upload))
  if (upload === null || row === null || number <= row.until) return false
  const [cid, owner] = upload
  if (!await mayHold(state, owner, await state.get(keys.escrow(cid, owner)) ?? 0)) return false
  await removeUpload(state, upload, row)
  return true
}

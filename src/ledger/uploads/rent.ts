import type { Address } from '../../base/index.ts'
import type { Publication, Rent } from '../../content/index.ts'
import { keys, type Duty, type Keeper, type NamedUpload, type StateView } from '../../state/index.ts'
import { give, mayHold } from './coins.ts'

/** A keeper's row remembers so many periods: what was earned before is nobody's any more. */
const remembered = 64

/** Of the periods a duty stood whole through and was not looked at for, how many were proved. */
function provedIn({ periods, results }: Pick<Keeper, 'periods' | 'results'>, { next }: Pick<Duty, 'next'>): number {
  let proved = 0
  for (let period = Math.max(next, periods - remembered); period < periods; period++) if ((results >> BigInt(periods - 1 - period) & 1n) === 1n) proved++
  return proved
}

/**
 * What a duty has earned since it was paid last, of what lies in escrow: periods and coins; and whether that is the last of it: all periods are paid, or what is left is less than
 * one of them.
 */
export function earned(keeper: Pick<Keeper, 'periods' | 'results'>, duty: Pick<Duty, 'next' | 'claimed'>, { each, periods }: Rent, escrow: number): { readonly periods: number, readonly coins: number, readonly last: boolean } {
  const paid = Math.min(provedIn(keeper, duty), periods - duty.claimed, each === 0 ? periods : Math.floor(escrow / each))
  return { periods: paid, coins: paid * each, last: duty.claimed + paid === periods || each > escrow - paid * each }
}

/**
 * Pays a keeper what a duty has earned since it was paid last, from the escrow of the upload. Whether that was the last of it: all periods are paid, or what lies in escrow is
 * less than one of them. Where the keeper could not hold the coins nothing happens.
 */
export async function payRent(state: StateView, [cid, owner]: NamedUpload, address: Address, { rent }: Publication): Promise<boolean> {
  const [key, escrowKey] = [keys.kept(cid, owner, address), keys.escrow(cid, owner)]
  const [duty, keeper, escrow] = [await state.get(key), await state.get(keys.keeper(address)), await state.get(escrowKey) ?? 0]
  if (duty === null || keeper === null || rent === null) return false
  const { periods, coins, last } = earned(keeper, duty, rent, escrow)
  if (!await mayHold(state, address, coins)) return false
  if (coins > 0) {
    state.set(escrowKey, escrow === coins ? null : escrow - coins)
    await give(state, address, coins)
  }
  state.set(key, { ...duty, next: Math.max(duty.next, keeper.periods), claimed: duty.claimed + periods })
  return last
}

/** Pays all keepers of an upload, whose next coins are those of another rent. */
export async function renewRent(state: StateView, upload: NamedUpload, kept: readonly Address[], publication: Publication): Promise<void> {
  for (const address of kept) {
    await payRent(state, upload, address, publication)
    const key = keys.kept(...upload, address)
    const duty = await state.get(key)
    if (duty !== null) state.set(key, { ...duty, claimed: 0 })
  }
}

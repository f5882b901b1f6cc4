import { limits, type Address } from '../base/index.ts'
import { uploadBytes } from '../content/index.ts'
import type { Parameters } from '../ledger/index.ts'
import type { Keeper, UploadRow } from '../state/index.ts'
import type { UploadName } from './upload-api.ts'
import { isOver } from './upload-rows.ts'
import { asksOf, takenOf } from './upload-state.ts'

const GiB = 2 ** 30

/** Whether a place of an upload is open to this account by a state whose block has this number: one that nobody has, or whose keeper is not active any more. */
export function isOffered({ owner }: UploadName, row: UploadRow, me: Address, number: number, isActive: (keeper: Address) => boolean): boolean {
  const asks = asksOf(row)
  const free = takenOf(row).length === 0 || !row.kept.every(isActive)
  return owner !== me && free && !isOver(row, number) && !row.kept.includes(me) && (asks === 'anybody' || asks?.includes(me) === true)
}

/** What a keeper has taken on. */
export interface Taken { load: number, uploads: number }

export function takenBy({ load, count }: Keeper): Taken { return { load, uploads: count } }

/** Coins a keeper wants for so many bytes and a period. */
export function priceOf({ price }: Pick<Keeper, 'price'>, bytes: number): number { return Math.ceil(price * bytes / GiB) }

/** Whether the rules of this keeper like an offer, which is taken on then: open files only where it said so, its price, and room and bond for it. */
export function takesOn(keeper: Keeper, taken: Taken, row: UploadRow, { keeperBondPerGiB }: Pick<Parameters, 'keeperBondPerGiB'>): boolean {
  const bytes = uploadBytes(row.publication)
  const { protected: locked, rent } = row.publication
  if (keeper.status !== 'active' || rent === null || !locked && !keeper.public) return false
  if (rent.each < priceOf(keeper, bytes)) return false
  const load = taken.load + bytes
  if (taken.uploads >= limits.keeperUploads || load > keeper.pledged || keeper.bond < keeperBondPerGiB * load / GiB) return false
  taken.load = load
  taken.uploads++
  return true
}

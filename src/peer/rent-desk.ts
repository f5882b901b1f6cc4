import { limits, type Address } from '../base/index.ts'
import type { Rent } from '../content/index.ts'
import { earned, type Ledger } from '../ledger/index.ts'
import { keys, type Duty, type Keeper, type StateKey } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import { byItself } from './outbox-rules.ts'
import type { Outbox } from './outbox.ts'
import type { UploadName } from './upload-api.ts'
import { valuesAtHead, type UploadDesk } from './upload-desk.ts'
import { refOf } from './upload-index.ts'
import { readRow, readRows, uploadsIn, type ReadValues } from './upload-state.ts'

/** What a duty has earned and was not claimed. `waiting`: periods since it was looked at for pay; `paid`: coins that were claimed; `ripe`: a part of the rent that is worth a transaction. */
export interface DueRent extends UploadName { readonly coins: number, readonly paid: number, readonly waiting: number, readonly ripe: boolean, readonly last: boolean }

export interface RentDeskParts {
  readonly ledger: Pick<Ledger, 'parameters'>
  readonly sync: Pick<Sync, 'status' | 'read'>
  readonly outbox: Pick<Outbox, 'open'>
  readonly desk: Pick<UploadDesk, 'claim'>
}

/** A claim costs at most this part of what it brings. */
const worthFees = 10
/** A rent is claimed in so many parts: one for each period would take as many transactions of the network as all proofs do. */
const claimsInAll = 4
/** The ledger remembers 64 periods: what waits for so many is claimed for any gain. */
const claimedBy = 48

/** What this account earned by keeping, and claims by itself once that is worth its fee. */
export class RentDesk {
  #dues: readonly DueRent[] = []
  #of: Address | null = null
  /** Whether `dues` are as they were to be read last. */
  #isRead = true

  constructor(private readonly parts: RentDeskParts) {}

  /** By the head as it was read last. */
  dues(): readonly DueRent[] { return this.#dues }

  /** Names of those whose claim is on its way. */
  underWay(me: Address): ReadonlySet<string> {
    return new Set(this.parts.outbox.open(me).flatMap(wish => wish.op === 5 && 'claim' in wish.body ? wish.body.claim.uploads.map(([cid, owner]) => refOf({ cid, owner })) : []))
  }

  /** Reads it anew. `again`: something of it is another. */
  async read(me: Address | null, again: boolean): Promise<void> {
    if (me === this.#of && !again && this.#isRead) return
    this.#isRead = false // what fails is read again the next time
    const dues = me === null ? [] : await rentOf(async names => await valuesAtHead(this.parts.sync, names), me)
    this.#of = me
    this.#dues = dues
    this.#isRead = true
  }

  /** Sends what is worth it. */
  async tend(me: Address): Promise<void> {
    if (this.#of !== me) return
    const under = this.underWay(me)
    const due = worthy(this.#dues.filter(each => each.coins > 0 && !under.has(refOf(each))), this.parts.ledger.parameters.minimumFee)
    if (due.length > 0) await this.parts.desk.claim(`${byItself}${crypto.randomUUID()}`, due).catch(() => {}) // without coins for the fee, or locked: looked at again with the next head
  }

  /** What a person may claim now, the most first. */
  claimable(me: Address): readonly UploadName[] {
    const under = this.underWay(me)
    return this.#dues.filter(each => each.coins > 0 && !under.has(refOf(each))).toSorted((a, b) => b.coins - a.coins).slice(0, limits.uploadsNamed).map(({ cid, owner }) => ({ cid, owner }))
  }
}

/** Of what is due those that go into one transaction, or none while waiting costs nothing and the fee is too much of it. */
export function worthy(dues: readonly DueRent[], fee: number): readonly UploadName[] {
  const named = dues.toSorted((a, b) => b.coins - a.coins).slice(0, limits.uploadsNamed)
  const sum = named.reduce((all, { coins }) => all + coins, 0)
  const presses = named.some(({ last, waiting }) => last || waiting >= claimedBy)
  return named.some(({ ripe }) => ripe) && sum >= worthFees * fee || presses && sum > fee ? named.map(({ cid, owner }) => ({ cid, owner })) : []
}

/** Whether a duty waits for so many periods. */
export function isRipe({ periods }: Pick<Keeper, 'periods'>, { next }: Pick<Duty, 'next'>, rent: Pick<Rent, 'periods'>): boolean { return periods - next >= Math.ceil(rent.periods / claimsInAll) }

async function rentOf(read: ReadValues, me: Address): Promise<readonly DueRent[]> {
  const keeper = await readRow(read, keys.keeper(me))
  if (keeper === null) return []
  const names = await dutiesOf(read, me, keeper)
  const dues: DueRent[] = []
  for (let at = 0; at < names.length; at += limits.uploadsWalked) dues.push(...await duesOf(read, me, keeper, names.slice(at, at + limits.uploadsWalked)))
  return dues
}

/** All that an account accepted. */
export async function dutiesOf(read: ReadValues, me: Address, known: Keeper | null = null): Promise<readonly UploadName[]> {
  const { count } = known ?? await readRow(read, keys.keeper(me)) ?? { count: 0 }
  const names: UploadName[] = []
  for (let at = 0; at < count; at += limits.uploadsWalked) {
    const some = Array.from({ length: Math.min(limits.uploadsWalked, count - at) }, (_, i) => keys.duty(me, at + i))
    for (const name of await readRows(read, some)) if (name !== null) names.push({ cid: name[0], owner: name[1] })
  }
  return names
}

async function duesOf(read: ReadValues, me: Address, keeper: Keeper, names: readonly UploadName[]): Promise<readonly DueRent[]> {
  const rows = await uploadsIn(read, names)
  const rest = await readRows(read, names.flatMap(({ cid, owner }) => [keys.kept(cid, owner, me), keys.escrow(cid, owner)] as readonly StateKey<unknown>[]))
  return names.flatMap((name, i) => {
    const [row, duty, escrow] = [rows[i] ?? null, rest[2 * i] as Duty | null, rest[2 * i + 1] as number | null]
    const rent = row?.publication.rent ?? null
    if (duty === null || rent === null) return []
    const { coins, last } = earned(keeper, duty, rent, escrow ?? 0)
    return [{ ...name, coins, last, paid: duty.claimed * rent.each, waiting: keeper.periods - duty.next, ripe: isRipe(keeper, duty, rent) }]
  })
}

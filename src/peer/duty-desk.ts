import { HoldfastError, limits, type Address } from '../base/index.ts'
import type { Ledger, NetworkId } from '../ledger/index.ts'
import { keys, type Keeper, type UploadRow } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { Duties, Duty, UploadEvent } from './duty-api.ts'
import { isOffered, takenBy, takesOn } from './keeper-rules.ts'
import type { UploadName } from './upload-api.ts'
import type { UploadsMoved } from './upload-follow.ts'
import { refOf, type IndexedUpload } from './upload-index.ts'
import { isFresh } from './upload-rows.ts'
import { readRow, readRows, uploadsIn, type ReadValues } from './upload-state.ts'

export interface DutyParts {
  readonly network: NetworkId
  readonly ledger: Pick<Ledger, 'values' | 'head' | 'parameters'>
  readonly sync: Pick<Sync, 'status'>
  /** Whose keepers are wanted, among them perhaps this account, by the head. */
  offersTo(me: Address): readonly IndexedUpload[]
  /** Whether a keeper has the places it took. */
  isActive(keeper: Address): boolean
  /** Whether the person, or what was found in its bytes, speaks against keeping it. */
  refuses(name: UploadName): boolean
}

/** What this account is to keep and may keep: by the state at the safety root, and as a hint by the head. */
export class DutyDesk {
  constructor(private readonly parts: DutyParts) {}

  /** By the safety root. Null where its state is not here. `leaving`: as in `HeldReport`. */
  async duties(me: Address, leaving: readonly UploadName[] | null = null): Promise<Duties | null> {
    const { network, ledger: { parameters: { epoch, range } }, sync: { status } } = this.parts
    const { root, header: { number } } = status.safe
    const shared = { network, fresh: isFresh(status, { range }), safe: number, epoch, range }
    const read = this.#reader(root)
    try {
      const [keeper, obliged, accepted] = [await readRow(read, keys.keeper(me)), await this.#obliged(read, me), await this.#obliged(this.#reader(this.parts.ledger.head.root), me)]
      // What is accepted by the head alone is on its way from an offer to a duty.
      const coming = without(accepted, obliged)
      const open = keeper === null ? [] : await this.#offered(read, me, keeper, number)
      const waiting = leaving === null ? {} : { waiting: await this.#waiting(read, me, leaving) }
      return { ...shared, pledge: keeper === null ? null : { pledged: keeper.pledged, public: keeper.public }, ...waiting, obliged, offered: [...coming, ...without(open, coming)] }
    } catch (error) {
      if (HoldfastError.from(error).code !== 'not-found') throw error
      return null
    }
  }

  /** Open offers that the keeper's rules like, by the head, of these or of all there are. */
  async offersAtHead(me: Address, among: readonly UploadName[] | null = null): Promise<readonly Duty[]> {
    const { ledger: { head } } = this.parts
    const read = this.#reader(head.root)
    const keeper = await readRow(read, keys.keeper(me))
    return keeper === null ? [] : await this.#offered(read, me, keeper, head.header.number, among)
  }

  /** Whether neither the person nor what was found in its bytes speaks against it. */
  may(name: UploadName): boolean { return !this.parts.refuses(name) }

  /** These as they are to be held, by the head. */
  async named(names: readonly UploadName[]): Promise<readonly Duty[]> {
    const read = this.#reader(this.parts.ledger.head.root)
    const duties: Duty[] = []
    for (let at = 0; at < names.length; at += limits.uploadsWalked) {
      const some = names.slice(at, at + limits.uploadsWalked)
      for (const [i, row] of (await uploadsIn(read, some)).entries()) if (row !== null) duties.push(dutyOf(some[i]!, row, ''))
    }
    return duties
  }

  /** What is told of a move of the head. */
  async events({ fresh, moved, gone }: UploadsMoved, me: Address | null): Promise<readonly UploadEvent[]> {
    const touched = [...fresh, ...moved]
    const offers = me === null || touched.length === 0 ? [] : await this.offersAtHead(me, touched)
    const event = ({ cid, owner }: UploadName, what: UploadEvent['event']): UploadEvent => ({ cid, owner, event: what, offered: offers.find(offer => offer.cid === cid && offer.owner === owner) ?? null })
    return [...fresh.map(name => event(name, 'upload.complete')), ...[...moved, ...gone].map(name => event(name, 'replication_set.updated'))]
  }

  /** Of these, those that listed keepers have yet to accept: who was left out may have the last copy. */
  async #waiting(read: ReadValues, me: Address, leaving: readonly UploadName[]): Promise<readonly UploadName[]> {
    const waiting: UploadName[] = []
    for (let at = 0; at < leaving.length; at += limits.uploadsWalked) {
      const some = leaving.slice(at, at + limits.uploadsWalked)
      for (const [i, row] of (await uploadsIn(read, some)).entries()) if (row !== null && dutyOf(some[i]!, row, me).waits) waiting.push(some[i]!)
    }
    return waiting
  }

  async #obliged(read: ReadValues, me: Address): Promise<readonly Duty[]> {
    const { count } = await readRow(read, keys.keeper(me)) ?? { count: 0 }
    const duties: Duty[] = []
    for (let at = 0; at < count; at += limits.uploadsWalked) {
      const some = Array.from({ length: Math.min(limits.uploadsWalked, count - at) }, (_, i) => keys.duty(me, at + i))
      const names = (await readRows(read, some)).flatMap(name => name === null ? [] : [{ cid: name[0], owner: name[1] }])
      for (const [i, row] of (await uploadsIn(read, names)).entries()) if (row !== null) duties.push(dutyOf(names[i]!, row, me))
    }
    return duties
  }

  async #offered(read: ReadValues, me: Address, keeper: Keeper, number: number, among: readonly UploadName[] | null = null): Promise<readonly Duty[]> {
    const { offersTo, refuses, ledger: { parameters } } = this.parts
    const asking = among ?? offersTo(me).slice(0, limits.offersLooked)
    const names = asking.filter(name => !refuses(name)).map(({ cid, owner }) => ({ cid, owner }))
    const taken = takenBy(keeper)
    const duties: Duty[] = []
    for (let at = 0; at < names.length; at += limits.uploadsWalked) {
      const some = names.slice(at, at + limits.uploadsWalked)
      for (const [i, row] of (await uploadsIn(read, some)).entries()) {
        const name = some[i]!
        if (row !== null && isOffered(name, row, me, number, each => this.parts.isActive(each)) && takesOn(keeper, taken, row, parameters)) duties.push(dutyOf(name, row, me))
      }
    }
    return duties
  }

  #reader(root: string): ReadValues { return async names => await this.parts.ledger.values(names, root) }
}

function dutyOf({ cid, owner }: UploadName, { publication, kept }: UploadRow, me: Address): Duty {
  const { kind, protected: locked, title, file, images, keyCommit, keepers } = publication
  return { cid, owner, kind, protected: locked, title, files: [file, ...images], keyCommit, waits: keepers.some(keeper => keeper !== me && !kept.includes(keeper)) }
}

function without(duties: readonly Duty[], others: readonly Duty[]): readonly Duty[] {
  const refs = new Set(others.map(refOf))
  return duties.filter(duty => !refs.has(refOf(duty)))
}

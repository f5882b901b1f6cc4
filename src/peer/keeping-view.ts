import { HoldfastError, limits, type Address, type Clock } from '../base/index.ts'
import { earned, paysKeepers, rankKeepers, type Ledger } from '../ledger/index.ts'
import { keys, type Duty, type Keeper, type KeeperNow, type UploadRow } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { Due, KeeperQuery, KeepingState, KeepingTerms, OpenKeeping, Probes, RankedKeeper, UploadKeeper, UploadKeeping } from './keeping-api.ts'
import type { KeeperRoll } from './keeper-roll.ts'
import { priceOf } from './keeper-rules.ts'
import type { ProofDesk } from './proof-desk.ts'
import type { RentDesk } from './rent-desk.ts'
import type { UploadName } from './upload-api.ts'
import { checkName, valuesAtHead } from './upload-desk.ts'
import { refOf } from './upload-index.ts'
import { isOver } from './upload-rows.ts'
import { readRow, readRows, type ReadValues } from './upload-state.ts'

export interface KeepingViewParts {
  readonly ledger: Pick<Ledger, 'parameters'>
  readonly sync: Pick<Sync, 'status' | 'read'>
  readonly roll: KeeperRoll
  readonly rent: Pick<RentDesk, 'dues' | 'underWay'>
  readonly proofs: Pick<ProofDesk, 'standing'>
  readonly clock: Clock
  me(): Address | null
  titleOf(name: UploadName): string | null
  /** What is known here of somebody's devices: when one was seen last, and by which relays they are met. */
  metOf(address: Address): { readonly seen: number | null, readonly relays: readonly string[] }
  /** Of one upload, or of all. */
  probesOf(keeper: Address, upload: UploadName | null): Probes | null
}

/** Keeping as pages see it: this account's own, and how uploads are kept. */
export class KeepingView {
  constructor(private readonly parts: KeepingViewParts) {}

  get terms(): KeepingTerms {
    const { parameters } = this.parts.ledger
    const { keeperBond: bond, keeperBondPerGiB: bondPerGiB, keeperPeriod: period, blockTime, minimumFee: fee } = parameters
    return { pays: paysKeepers(parameters), bond, bondPerGiB, period, periodSeconds: period * blockTime, fee }
  }

  async state(me: Address | null): Promise<KeepingState> {
    const keeper = me === null ? null : await readRow(this.#reader, keys.keeper(me))
    return { terms: this.terms, open: me === null || keeper === null ? null : await this.#open(me, keeper) }
  }

  /** Of an upload; null where there is none. */
  async of(name: UploadName): Promise<UploadKeeping | null> {
    checkName(name)
    const { cid, owner } = name
    const row = await readRow(this.#reader, keys.upload(cid, owner))
    if (row === null) return null
    const { publication: { rent, keepers }, kept } = row
    const asked = keepers.filter(address => !kept.includes(address))
    const both = [...kept, ...asked]
    const rows = await readRows(this.#reader, both.map(address => keys.keeper(address)))
    const duties = await readRows(this.#reader, kept.map(address => keys.kept(cid, owner, address)))
    const [escrow = null] = await readRows(this.#reader, [keys.escrow(cid, owner)])
    const active = kept.filter((_, i) => rows[i]?.status === 'active').length
    const over = isOver(row, this.#head) || rent === null
    return {
      cid, owner, rent, escrow: escrow ?? 0, wanted: rent?.wanted ?? 0, free: over ? 0 : Math.max(0, rent.wanted - active),
      keepers: kept.flatMap((address, i) => {
        const [keeper, duty] = [rows[i] ?? null, duties[i] ?? null]
        return keeper === null || duty === null ? [] : [this.#keeperOf(name, row, address, keeper, duty, escrow ?? 0)]
      }),
      offered: over ? [] : keepers.length === 0 ? 'anybody' : asked.map((address, i) => ({ address, status: rows[kept.length + i]?.status ?? null })),
    }
  }

  /** Who may be asked by `owner`, the best first: active, nothing missed, with room, open files where they are wanted, at a price within the limit. */
  rank(owner: Address | null, { bytes, protected: locked, each: most }: KeeperQuery, but: readonly Address[] = []): readonly RankedKeeper[] {
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw new HoldfastError('bad-input', 'no size of a file')
    const { roll, metOf, probesOf, ledger: { parameters } } = this.parts
    const may = [...roll.all()].filter(([address, { status, missed, pledged, load, bond, count, public: open }]) => address !== owner && !but.includes(address) && status === 'active' && missed === 0
      && count < limits.keeperUploads && load + bytes <= pledged && bond >= parameters.keeperBondPerGiB * (load + bytes) / GiB && (locked || open))
    const candidates = may.flatMap(([address, keeper]) => {
      const each = priceOf(keeper, bytes)
      if (most !== null && each > most) return []
      const probes = probesOf(address, null)
      const shown: RankedKeeper = { address, each, room: keeper.pledged - keeper.load, since: keeper.since, proved: provedOf(keeper), periods: keeper.periods, ...metOf(address), probes }
      return [{
        ...shown, asked: probes?.asked ?? 0, answered: probes?.answered ?? 0, keeper: shown,
      }]
    })
    return rankKeepers(owner ?? '', candidates, bytes).slice(0, limits.keepersRanked).map(({ keeper }) => keeper)
  }

  async #open(me: Address, keeper: Keeper): Promise<OpenKeeping> {
    const { parts: { ledger: { parameters }, rent } } = this
    const { status, bond, pledged, load, count, price, public: open, since, periods, results, missed, lost, index } = keeper
    const pays = paysKeepers(parameters)
    const now = pays ? await readRow(this.#reader, keys.keeperNow(me)) : null
    const next = pays ? this.#settled(index, now) : null
    const under = rent.underWay(me)
    const sum = (of: (ref: string) => boolean): number => rent.dues().reduce((all, due) => all + (of(refOf(due)) ? due.coins : 0), 0)
    return {
      status, bond, pledged, load, count, price, public: open, since, missed, periods, lost,
      period: now === null || next === null ? null : { begin: now.settled, due: this.#due(next), picks: await this.#picks(me, now) },
      settled: next === null ? null : this.#due(next),
      results: Array.from({ length: Math.min(64, periods) }, (_, i) => (results >> BigInt(i) & 1n) === 1n),
      rent: { due: sum(ref => !under.has(ref)), claiming: sum(ref => under.has(ref)), paid: rent.dues().reduce((all, { paid }) => all + paid, 0) },
      burned: status === 'gone' ? Math.floor(bond / 9) : 0, // a tenth of what was there; bonds of this peer are whole tens
      free: status === 'closing' && next !== null && bond > 0 ? this.#due(next + (missed === 0 ? parameters.keeperPeriod : 0)) : null,
    }
  }

  async #picks(me: Address, now: KeeperNow): Promise<NonNullable<OpenKeeping['period']>['picks']> {
    const standing = await this.parts.proofs.standing(me, now)
    return now.picks.map(({ cid, owner, leaf }, i) => ({ cid, owner, leaf, title: this.parts.titleOf({ cid, owner }) ?? '', state: standing[i]! }))
  }

  #keeperOf(name: UploadName, row: UploadRow, address: Address, keeper: Keeper, duty: Duty, escrow: number): UploadKeeper {
    const { me, metOf, probesOf } = this.parts
    const { status, missed } = keeper
    return { address, own: address === me(), status, missed, since: duty.since, until: this.#due(this.#promised(row, keeper, duty, escrow)), seen: metOf(address).seen, probes: probesOf(address, name) }
  }

  /** The block up to which rent and term reach. */
  #promised({ publication: { rent }, until }: UploadRow, keeper: Keeper, duty: Duty, escrow: number): number {
    const { parameters } = this.parts.ledger
    if (keeper.status === 'gone' || keeper.status === 'closing') return this.#head
    if (rent === null || !paysKeepers(parameters)) return until
    const left = rent.periods - duty.claimed - earned(keeper, duty, rent, escrow).periods
    const counts = duty.next <= keeper.periods // the period that runs
    return Math.min(until, this.#settled(keeper.index, null) + (counts ? left - 1 : left) * parameters.keeperPeriod)
  }

  /** The next block that settles a keeper. */
  #settled(index: number, now: KeeperNow | null): number {
    const { keeperPeriod: period } = this.parts.ledger.parameters
    const least = Math.max(this.#head + 1, now === null ? 0 : now.settled + period)
    return least + ((index - least) % period + period) % period
  }

  #due(block: number): Due {
    const { clock, ledger: { parameters: { blockTime } } } = this.parts
    return { block, at: clock.now() + Math.max(0, block - this.#head) * blockTime * 1000 }
  }

  get #head(): number { return this.parts.sync.status.head.header.number }
  get #reader(): ReadValues { return async names => await valuesAtHead(this.parts.sync, names) }
}

const GiB = 2 ** 30

function provedOf({ results }: Keeper): number {
  let proved = 0
  for (let bits = results; bits > 0n; bits >>= 1n) proved += Number(bits & 1n)
  return proved
}

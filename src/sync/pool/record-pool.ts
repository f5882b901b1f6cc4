import { limits } from '../../base/index.ts'
import type { RecordItem } from '../../records/index.ts'
import { OrderLine } from './order-line.ts'
import type { PoolOrder } from './pool-order.ts'
import { takenFrom, type RecordNeeds } from './record-needs.ts'

/** A record that waits for a block. */
export interface PoolRecord {
  /** SHA-256 of its bytes. */
  readonly id: string
  readonly item: RecordItem
  readonly needs: RecordNeeds
  /** The peer that brought it, by its id; empty for this device. */
  readonly source: string
  readonly own: boolean
  /** Seconds. */
  readonly came: number
  /** What the head's state, or another record here, pays for it; null while nothing does: then it is held, and not given to others. */
  readonly paid: RecordPay | null
  /** Grows from one to the next that others are to hear of, transactions among them; 0 while it is held. */
  readonly order: number
}

/** Who pays, by the row of the state it comes from; how many coins that is worth to a miner; and when, by the payment itself, in milliseconds since 1970. */
export interface RecordPay { readonly payer: string, readonly worth: number, readonly time: number }

interface RoomCaps { readonly count: number, readonly bytes: number }
export interface RecordCaps { readonly payments: RoomCaps, readonly reveals: RoomCaps, readonly held: RoomCaps, readonly heldSeconds: number, readonly share: number }

const usualCaps: RecordCaps = {
  payments: { count: limits.poolPayments, bytes: limits.poolPaymentBytes },
  reveals: { count: limits.poolReveals, bytes: limits.poolRevealBytes },
  held: { count: limits.poolHeld, bytes: limits.poolHeldBytes },
  heldSeconds: limits.poolHeldSeconds,
  share: limits.poolPayerShare,
}

/** `known`: it, or one that does the same, is there already. `full`: nothing that is there has to go for it. */
export type PooledRecord = 'new' | 'held' | 'known' | 'full'

type Room = 'payments' | 'reveals' | 'held'

/**
 * Records that wait for a block, own ones and those of others. Payments and reveals have rooms of their own, or cheap bytes of the one would drive out the other; what nothing pays for yet is held in a
 * third, smaller one. Where a room is full, what pays least for a byte goes; nobody who pays has more than a share of a room, and no peer more than a share of what is held. Own ones never make room for others.
 */
export class RecordPool {
  readonly #rooms: Readonly<Record<Room, Map<string, PoolRecord>>> = { payments: new Map(), reveals: new Map(), held: new Map() }
  readonly #line = new OrderLine<PoolRecord>(id => this.get(id))
  /** Counts and bytes of each room, and of each payer or peer in it. */
  readonly #used = new Map<string, { count: number, bytes: number }>()
  /** Ids by what a record does once: two that do the same are one. */
  readonly #keys = new Map<string, string>()
  /** What all that waits and is paid for takes from each row of the state. */
  readonly #spent = new Map<string, number>()
  /** Commits by the entry they are for, and first entries by the chain they begin: ids. */
  readonly #commits = new Map<string, Set<string>>()
  readonly #begins = new Map<string, Set<string>>()
  readonly #given = new Set<string>()
  readonly #aside = new Map<string, { readonly times: number, readonly until: number }>()

  constructor(private readonly numbers: PoolOrder = { last: 0 }, private readonly caps: RecordCaps = usualCaps) {}

  get size(): number { return this.#rooms.payments.size + this.#rooms.reveals.size + this.#rooms.held.size }
  /** Own ones that somebody was given: how many, and whether this is one. */
  get given(): number { return this.#given.size }
  wasGiven(id: string): boolean { return this.#given.has(id) }

  has(id: string): boolean { return this.get(id) !== null }
  get(id: string): PoolRecord | null { return this.#rooms.payments.get(id) ?? this.#rooms.reveals.get(id) ?? this.#rooms.held.get(id) ?? null }

  /** All that wait and are paid for, as they came; and those that are held. */
  records(): readonly PoolRecord[] { return [...this.#rooms.payments.values(), ...this.#rooms.reveals.values()].sort((a, b) => a.order - b.order) }
  held(): readonly PoolRecord[] { return [...this.#rooms.held.values()] }

  /** Those that may be tried in a block now, seconds: own ones that are held, too. */
  candidates(now: number): readonly PoolRecord[] {
    return [...this.records(), ...this.held().filter(({ own }) => own)].filter(({ id }) => now >= (this.#aside.get(id)?.until ?? 0))
  }

  /** Coins or credits that records here take from a row of the state, but for this one. */
  spent(row: string, but?: string): number {
    const mine = but === undefined ? null : this.get(but)
    return (this.#spent.get(row) ?? 0) - (mine === null || mine.paid === null ? 0 : takenFrom(mine.needs, row))
  }

  /** Commits of an entry that are paid for, as they came. */
  commitsOf(entry: string): readonly PoolRecord[] { return this.#namedBy(this.#commits, entry) }
  /** Whether a first entry of this chain is here and paid for. */
  begins(chain: string): boolean { return this.#namedBy(this.#begins, chain).length > 0 }

  /** Takes one in, or moves it where it belongs by what pays for it now. One of others that this device sends as well becomes its own. */
  put(record: Omit<PoolRecord, 'order'>): PooledRecord {
    const { id } = record
    const before = this.get(id)
    const own = record.own || before?.own === true
    const twin = this.#keys.get(record.needs.key)
    if (twin !== undefined && twin !== id) {
      if (!own || this.get(twin)?.own === true) return 'known'
      this.drop([twin])
    }
    const next: PoolRecord = { ...record, own, source: own ? '' : before?.source ?? record.source, came: before?.came ?? record.came, order: record.paid === null ? 0 : before?.order ?? 0 }
    if (before !== null && before.own === own && before.paid?.payer === next.paid?.payer && before.paid?.worth === next.paid?.worth) return 'known'
    const wasGiven = this.wasGiven(id)
    if (before !== null) this.#take(before)
    const leaving = this.#roomFor(next)
    if (leaving === null) {
      if (before?.paid === null) this.#place(before) // it goes on being held
      return 'full'
    }
    this.drop(leaving)
    if (wasGiven && own) this.#given.add(id)
    if (next.paid === null || next.order > 0) {
      this.#place(next)
      return next.paid === null ? 'held' : 'known'
    }
    const numbered = { ...next, order: ++this.numbers.last }
    this.#place(numbered)
    this.#line.add(numbered)
    return 'new'
  }

  drop(ids: Iterable<string>): void {
    for (const id of ids) {
      const record = this.get(id)
      if (record !== null) this.#take(record)
      this.#aside.delete(id)
    }
  }

  /** Drops the one that does this. */
  dropKey(key: string): void {
    const id = this.#keys.get(key)
    if (id !== undefined) this.drop([id])
  }

  /** Drops those no block can take any more, and those that were held long enough. `now` in seconds. */
  expire(now: number): void {
    const isOver = ({ needs, paid, own, came }: PoolRecord): boolean => now > needs.until || paid === null && !own && now - came > this.caps.heldSeconds
    this.drop([...this.records(), ...this.held()].filter(isOver).map(({ id }) => id))
  }

  /** Those that a block could not take, for a reason that may pass: not tried again for one block time, twice as long each further time. Own ones are tried in each. */
  setAside(ids: Iterable<string>, now: number, blockTime: number): void {
    for (const id of ids) {
      if (this.get(id)?.own !== false) continue
      const times = (this.#aside.get(id)?.times ?? 0) + 1
      this.#aside.set(id, { times, until: now + blockTime * 2 ** (times - 1) })
    }
  }

  /** At most so many of those that are paid for and came after `cursor`, as they came. Whoever gives one to somebody says so. */
  after(cursor: number, most: number): readonly PoolRecord[] { return this.#line.after(cursor, most) }

  noteGiven({ id, own }: PoolRecord): void { if (own) this.#given.add(id) }

  #namedBy(names: ReadonlyMap<string, ReadonlySet<string>>, name: string): readonly PoolRecord[] {
    return [...names.get(name) ?? []].flatMap(id => this.get(id) ?? []).filter(({ paid }) => paid !== null).sort((a, b) => a.order - b.order)
  }

  /** Who has to go where this one comes, cheapest first; null where it may not come. */
  #roomFor(record: PoolRecord): readonly string[] | null {
    const room = roomOf(record)
    const all = this.caps[room]
    const part: RoomCaps = { count: Math.ceil(all.count / this.caps.share), bytes: Math.ceil(all.bytes / this.caps.share) }
    const leaving: PoolRecord[] = []
    const fits = (name: string, caps: RoomCaps): boolean => {
      const used = this.#used.get(name) ?? { count: 0, bytes: 0 }
      const gone = leaving.filter(each => name === room || ownerOf(each) === name)
      return used.count - gone.length + 1 <= caps.count && used.bytes - gone.reduce((sum, { item }) => sum + item.bytes.length, 0) + record.item.bytes.length <= caps.bytes
    }
    for (const [name, caps] of record.own ? [[room, all]] as const : [[ownerOf(record), part], [room, all]] as const) {
      if (fits(name, caps)) continue
      const others = [...this.#rooms[room].values()].filter(each => !each.own && !leaving.includes(each) && (name === room || ownerOf(each) === name)).sort(byWorth)
      for (const other of others) {
        if (fits(name, caps)) break
        if (!record.own && !mayDriveOut(record, other)) return null
        leaving.push(other)
      }
      if (!fits(name, caps) && !record.own) return null
    }
    return leaving.map(({ id }) => id)
  }

  #place(record: PoolRecord): void {
    this.#rooms[roomOf(record)].set(record.id, record)
    this.#keys.set(record.needs.key, record.id)
    this.#tally(record, 1)
  }

  #take(record: PoolRecord): void {
    this.#rooms[roomOf(record)].delete(record.id)
    this.#keys.delete(record.needs.key)
    this.#given.delete(record.id)
    this.#tally(record, -1)
  }

  #tally(record: PoolRecord, by: 1 | -1): void {
    const { id, needs, paid, item: { bytes } } = record
    for (const name of [roomOf(record), ownerOf(record)]) {
      const { count, bytes: all } = this.#used.get(name) ?? { count: 0, bytes: 0 }
      if (count + by === 0) this.#used.delete(name)
      else this.#used.set(name, { count: count + by, bytes: all + by * bytes.length })
    }
    if (paid !== null) {
      for (const row of new Set(needs.takes.map(({ from }) => from.name))) {
        const sum = (this.#spent.get(row) ?? 0) + by * takenFrom(needs, row)
        if (sum === 0) this.#spent.delete(row)
        else this.#spent.set(row, sum)
      }
    }
    if (needs.kind === 'commit') note(this.#commits, needs.entry, id, by)
    if (needs.kind === 'reveal' && needs.begins) note(this.#begins, needs.chain, id, by)
  }
}

function roomOf({ needs, paid }: Pick<PoolRecord, 'needs' | 'paid'>): Room { return paid === null ? 'held' : needs.kind === 'reveal' ? 'reveals' : 'payments' }

/** Whose share of its room it takes: the payer's, or, where nobody pays yet, that of the peer that brought it. */
function ownerOf(record: PoolRecord): string { return `${roomOf(record)}/${record.paid?.payer ?? record.source}` }

/** What a byte of it brings. */
function rateOf({ paid, item: { bytes } }: PoolRecord): number { return (paid?.worth ?? 0) / bytes.length }

/** Those that go first: what pays least for a byte, of equal ones the one that came last; of those that are held the oldest. */
function byWorth(a: PoolRecord, b: PoolRecord): number { return rateOf(a) - rateOf(b) || (a.paid === null ? a.came - b.came : b.order - a.order) }

/** What is held gives way to what came later, since it may wait for nothing; all else only to what pays more. */
function mayDriveOut(record: PoolRecord, other: PoolRecord): boolean { return record.paid === null || rateOf(record) > rateOf(other) }

function note(names: Map<string, Set<string>>, name: string, id: string, by: 1 | -1): void {
  const ids = names.get(name) ?? new Set()
  if (by === 1) names.set(name, ids.add(id))
  else {
    ids.delete(id)
    if (ids.size === 0) names.delete(name)
  }
}

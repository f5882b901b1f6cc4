import { limits, type Address, type Cid } from '../../base/index.ts'
import { ReadTransaction, stampWork, transactionLife, type Refusal, type Transaction } from '../../ledger/index.ts'
import { OrderLine } from './order-line.ts'
import type { PoolOrder } from './pool-order.ts'

/** A transaction that waits for a block. */
export interface PoolEntry {
  readonly id: Cid
  readonly bytes: Uint8Array
  readonly transaction: Transaction
  /** The peer that brought it, by its id; empty for this device. */
  readonly source: string
  /** Sent from this device. */
  readonly own: boolean
  /** Grows from one to the next that came. */
  readonly order: number
  /** Leading zero bits of its stamp; 0 without one. */
  readonly work: number
}

/** How many wait: with a fee, with a stamp; the same of one source; of one sender. */
export interface PoolCaps { readonly paid: number, readonly stamped: number, readonly sourcePaid: number, readonly sourceStamped: number, readonly sender: number }

const usualCaps: PoolCaps = { paid: limits.poolPaid, stamped: limits.poolStamped, sourcePaid: limits.poolSource, sourceStamped: limits.poolSourceStamped, sender: limits.poolSender }

/** `known`: it is there already. `full`: nothing that is there has to go for it. */
export type Pooled = 'new' | 'known' | 'full' | Refusal

/**
 * Transactions that wait for a block, own ones and those of others. Each has a number, so that whoever asks again and again gets each once. Those with a stamp have a room of
 * their own, since any fee is more than none. Own ones never make room for others.
 */
export class Pool {
  readonly #entries = new Map<Cid, PoolEntry>()
  readonly #line = new OrderLine<PoolEntry>(id => this.#entries.get(id) ?? null)
  /** How many wait in each lane, and in each lane of each source. */
  readonly #counts = new Map<string, number>()
  readonly #senders = new Map<Address, Map<bigint, PoolEntry>>()
  /** Own ones that somebody was given. */
  readonly #given = new Set<Cid>()
  /** Those that execution refused: how often, and until when they are not tried again, seconds. */
  readonly #aside = new Map<Cid, { readonly times: number, readonly until: number }>()
  /** `numbers` begin with another one after each start, so that whoever remembers an old one does not miss what is new. */
  constructor(private readonly numbers: PoolOrder = { last: 0 }, private readonly caps: PoolCaps = usualCaps, private readonly read: (bytes: Uint8Array) => ReadTransaction = each => new ReadTransaction(each)) {}

  get size(): number { return this.#entries.size }

  /** All that wait, as they came. */
  entries(): readonly PoolEntry[] { return [...this.#entries.values()] }

  /** Those that may be tried in a block now, seconds. */
  candidates(now: number): readonly PoolEntry[] { return this.entries().filter(({ id }) => now >= (this.#aside.get(id)?.until ?? 0)) }

  /**
   * Those that a block could not take, for a reason that may pass: they are not tried again for one block time, and twice as long each further time, or some that pay well and cost
   * their sender nothing would fill all the places again and again. Own ones are tried in each.
   */
  setAside(ids: Iterable<Cid>, now: number, blockTime: number): void {
    for (const id of ids) {
      if (this.#entries.get(id)?.own !== false) continue
      const times = (this.#aside.get(id)?.times ?? 0) + 1
      this.#aside.set(id, { times, until: now + blockTime * 2 ** (times - 1) })
    }
  }

  has(id: Cid): boolean { return this.#entries.has(id) }

  /** Own ones that somebody was given: how many, and whether this is one. */
  get given(): number { return this.#given.size }
  wasGiven(id: Cid): boolean { return this.#given.has(id) }

  /** Takes one in, from a peer or (`''`) this device. `judge` says what it breaks on the ledger as it is. */
  async add(bytes: Uint8Array, source: string, judge: (transaction: Transaction) => Promise<Refusal | null>): Promise<Pooled> {
    const own = source === ''
    const came = this.read(bytes)
    const { id } = came
    if (this.#isKnown(id, own)) return 'known'
    if (bytes.length > limits.transactionBytes) return refusal('tx-encoding', `more than ${limits.transactionBytes} bytes`)
    const read = came.verdict
    if (!read.ok) return read
    const transaction = read.value
    const before = this.#room(transaction, own, source)
    if (before.place === null) return before.why
    const broken = await judge(transaction)
    if (broken !== null) return broken
    if (this.#isKnown(id, own)) return 'known'
    const entry: PoolEntry = { id, bytes, transaction, source, own, order: 0, work: stampWork(transaction) }
    const room = this.#room(transaction, own, source, entry.work) // again, since others came meanwhile
    if (room.place === null) return room.why
    this.drop(room.place.map(({ id: leaving }) => leaving))
    const numbered = { ...entry, order: ++this.numbers.last }
    this.#put(numbered)
    this.#line.add(numbered)
    return 'new'
  }

  /** At most so many of those that came after `cursor`, as they came. Whoever gives one to somebody says so. */
  after(cursor: number, most: number): readonly PoolEntry[] { return this.#line.after(cursor, most) }

  noteGiven({ id, own }: PoolEntry): void { if (own) this.#given.add(id) }

  drop(ids: Iterable<Cid>): void {
    for (const id of ids) {
      const entry = this.#entries.get(id)
      if (entry === undefined) continue
      const { sender, nonce } = entry.transaction
      this.#entries.delete(id)
      this.#given.delete(id)
      this.#tally(entry, -1)
      this.#aside.delete(id)
      const others = this.#senders.get(sender)
      others?.delete(nonce)
      if (others?.size === 0) this.#senders.delete(sender)
    }
  }

  /** Drops what an account's chain has gone past: the nonces up to this one, whichever transactions had them. */
  dropUsed(address: Address, nonce: bigint): void {
    this.drop(this.#ofSender(address).filter(({ transaction }) => transaction.nonce <= nonce).map(({ id }) => id))
  }

  /** Drops those no block can take any more, and says which. `now` in seconds. */
  expire(now: number): readonly PoolEntry[] {
    const expired = this.entries().filter(({ transaction: { time } }) => now - time > transactionLife)
    this.drop(expired.map(({ id }) => id))
    return expired
  }

  /** Those this device sent for an account, by their nonces. */
  own(address: Address): readonly PoolEntry[] { return this.#ofSender(address).filter(({ own }) => own) }

  /** Nonces an account's transactions have here, in order. */
  noncesOf(address: Address): readonly bigint[] { return this.#ofSender(address).map(({ transaction: { nonce } }) => nonce) }

  #ofSender(address: Address): readonly PoolEntry[] {
    return [...this.#senders.get(address)?.values() ?? []].toSorted((a, b) => a.transaction.nonce < b.transaction.nonce ? -1 : 1)
  }

  /** One of others that this device sends as well becomes its own. */
  #isKnown(id: Cid, own: boolean): boolean {
    const known = this.#entries.get(id)
    if (known === undefined) return false
    if (own && !known.own) this.#put({ ...known, source: '', own })
    return true
  }

  #tally({ transaction: { stamp }, source }: PoolEntry, by: 1 | -1): void {
    for (const name of [laneOf(stamp), `${laneOf(stamp)}/${source}`]) {
      const count = (this.#counts.get(name) ?? 0) + by
      if (count === 0) this.#counts.delete(name)
      else this.#counts.set(name, count)
    }
  }

  /** Whether one more of its lane and its source comes in without another one going. */
  #hasRoom(isStamped: boolean, own: boolean, source: string): boolean {
    const [most, mostOfSource] = isStamped ? [this.caps.stamped, this.caps.sourceStamped] : [this.caps.paid, this.caps.sourcePaid]
    const lane = isStamped ? 'stamped' : 'paid'
    return (this.#counts.get(lane) ?? 0) < most && (own || (this.#counts.get(`${lane}/${source}`) ?? 0) < mostOfSource)
  }

  #put(entry: PoolEntry): void {
    const { sender, nonce } = entry.transaction
    const before = this.#entries.get(entry.id)
    if (before !== undefined) this.#tally(before, -1)
    this.#entries.set(entry.id, entry)
    this.#tally(entry, 1)
    const others = this.#senders.get(sender)
    if (others === undefined) this.#senders.set(sender, new Map([[nonce, entry]]))
    else others.set(nonce, entry)
  }

  /** Who goes where this one comes; or why it may not. Its work counts once it is known. */
  #room({ sender, nonce, fee, stamp }: Transaction, own: boolean, source: string, work = Infinity): { readonly place: readonly PoolEntry[] } | { readonly place: null, readonly why: Pooled } {
    const others = this.#senders.get(sender)
    const same = others?.get(nonce)
    const leaving: PoolEntry[] = []
    if (same !== undefined) {
      if (same.own) return { place: null, why: refusal('tx-nonce', 'another one with this nonce waits here and was sent from here') }
      if (fee <= same.transaction.fee) return { place: null, why: refusal('tx-nonce', 'another one with this nonce waits here, with no lower fee') }
      leaving.push(same)
    } else if (others !== undefined && others.size >= this.caps.sender) {
      const last = this.#ofSender(sender).findLast(entry => !entry.own)
      if (last === undefined || last.transaction.nonce < nonce) return { place: null, why: 'full' }
      leaving.push(last)
    }
    const isStamped = stamp !== null
    if (leaving.length === 0 && this.#hasRoom(isStamped, own, source)) return { place: leaving }
    const lane = this.entries().filter(entry => (entry.transaction.stamp !== null) === isStamped && !leaving.includes(entry))
    const worth = isStamped ? work : fee
    const ofSource = own ? [] : lane.filter(entry => entry.source === source)
    const [most, mostOfSource] = isStamped ? [this.caps.stamped, this.caps.sourceStamped] : [this.caps.paid, this.caps.sourcePaid]
    if (ofSource.length < mostOfSource && lane.length < most) return { place: leaving }
    const last = cheapest(ofSource.length >= mostOfSource ? ofSource : lane.filter(entry => !entry.own))
    if (last === null || !own && worthOf(last) >= worth) return { place: null, why: 'full' }
    return { place: [...leaving, last] }
  }
}

function laneOf(stamp: bigint | null): 'paid' | 'stamped' { return stamp === null ? 'paid' : 'stamped' }

function worthOf({ transaction: { fee, stamp }, work }: PoolEntry): number { return stamp === null ? fee : work }

/** The one that pays or worked least; of several the one that came last. */
function cheapest(entries: readonly PoolEntry[]): PoolEntry | null {
  let least: PoolEntry | null = null
  for (const entry of entries) if (least === null || worthOf(entry) <= worthOf(least)) least = entry
  return least
}

function refusal(rule: Refusal['rule'], detail: string): Refusal { return { ok: false, rule, detail } }

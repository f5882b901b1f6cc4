import { limits, type Clock } from '../base/index.ts'
import { encodePeerRecord, type PeerRecord } from './peer-record.ts'

interface Entry {
  readonly record: PeerRecord
  /** Who told us first: the share of the book that one teller may fill is what eviction keeps small. */
  readonly teller: string
  readonly heardAt: number
  /** When we last spoke with it directly, 0 for never. */
  readonly metAt: number
}

/**
 * The judged records of other peers, newest `seq` of each, at most `capacity`. When it is full a record goes that only hearsay
 * vouches for, the oldest of the teller who filled most of the book; peers we have met are kept before all hearsay, unless they
 * alone fill more than half. So somebody who invents a thousand peers drives out his own inventions first. What we met is told
 * to `onMet` to be kept across reloads.
 */
export class PeerBook {
  private readonly entries = new Map<string, Entry>()
  /** Whom we speak with though no record of theirs is known (yet), and since when. */
  private readonly strangers = new Map<string, number>()

  constructor(
    private readonly clock: Clock,
    private readonly onMet: (peerId: string, record: Uint8Array<ArrayBuffer>) => void = () => {},
    private readonly capacity: number = limits.knownPeers,
  ) {}

  get size(): number {
    return this.entries.size
  }

  get(peerId: string): PeerRecord | null {
    return this.entries.get(peerId)?.record ?? null
  }

  /** Takes a judged record that `teller` gave us; false where we know one as new. */
  add(record: PeerRecord, teller: string): boolean {
    const known = this.entries.get(record.peerId)
    if (known !== undefined && known.record.seq >= record.seq) return false
    const entry = { teller: known?.teller ?? teller, heardAt: this.clock.now(), metAt: known?.metAt ?? this.strangers.get(record.peerId) ?? 0, record }
    this.strangers.delete(record.peerId)
    this.entries.set(record.peerId, entry)
    if (entry.metAt > 0) this.onMet(record.peerId, encodePeerRecord(record))
    if (this.entries.size > this.capacity) this.evict()
    return true
  }

  /** Takes a record that was kept across a reload: of a peer met, longer ago than any restored after it. */
  restore(record: PeerRecord): void {
    if (this.entries.size >= this.capacity || this.entries.has(record.peerId)) return
    this.entries.set(record.peerId, { record, teller: record.peerId, heardAt: 0, metAt: this.entries.size + 1 })
  }

  /** Forgets all records: of another network's none counts. Whom we met we have met all the same. */
  clear(): void {
    for (const [peerId, { metAt }] of this.entries) if (metAt > 0) this.remember(peerId, metAt)
    this.entries.clear()
  }

  /** Notes that we speak with `peerId` directly. */
  met(peerId: string): void {
    const entry = this.entries.get(peerId)
    if (entry === undefined) { this.remember(peerId, this.clock.now()); return }
    this.entries.set(peerId, { ...entry, metAt: this.clock.now() })
    this.onMet(peerId, encodePeerRecord(entry.record))
  }

  /** All records: those we met first, the latest of them first, then hearsay, latest first. */
  known(): readonly PeerRecord[] {
    return [...this.entries.values()].toSorted((a, b) => b.metAt - a.metAt || b.heardAt - a.heardAt).map(({ record }) => record)
  }

  private remember(peerId: string, metAt: number): void {
    this.strangers.set(peerId, metAt)
    for (const oldest of this.strangers.keys()) {
      if (this.strangers.size <= this.capacity) break
      this.strangers.delete(oldest)
    }
  }

  private evict(): void {
    const all = [...this.entries.values()]
    const met = all.filter(({ metAt }) => metAt > 0)
    const hearsay = all.filter(({ metAt }) => metAt === 0)
    const victim = met.length > this.capacity / 2 ? met.toSorted((a, b) => a.metAt - b.metAt)[0] : loudest(hearsay)
    if (victim !== undefined) this.entries.delete(victim.record.peerId)
  }
}

/** The oldest entry of a teller with the most. */
function loudest(entries: readonly Entry[]): Entry | undefined {
  const shares = new Map<string, number>()
  for (const { teller } of entries) shares.set(teller, (shares.get(teller) ?? 0) + 1)
  const share = ({ teller }: Entry) => shares.get(teller) ?? 0
  return entries.toSorted((a, b) => share(b) - share(a) || a.heardAt - b.heardAt)[0]
}

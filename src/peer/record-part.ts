import { HoldfastError, limits, type Address, type Alarm } from '../base/index.ts'
import type { IdentityState } from '../keys/index.ts'
import { hasRecords } from '../ledger/index.ts'
import type { Book } from './book.ts'
import type { DeskPart, DeskParts } from './desk-parts.ts'
import { EntryLibrary } from './entry-library.ts'
import { EverySoOften } from './every-so-often.ts'
import type { RecordNews, RecordService } from './record-api.ts'
import { RecordDesk } from './record-desk.ts'
import type { NetworkLine } from './network-line.ts'
import type { RecordReader, RecordReading } from './record-reading.ts'
import type { RecordStore } from './record-values.ts'
import { bookWirings } from './record-wirings.ts'

export interface RecordPartOptions {
  readonly clock: Alarm
  /** What the person sends, and who that is. */
  book(): Promise<Book>
  /** Entries, given to others and asked of them. */
  readonly entries: Pick<NetworkLine['entries'], 'serve' | 'fetch' | 'holders'>
  readonly volumes: NetworkLine['volumes']
}

interface Open { readonly desk: RecordDesk, readonly reader: RecordReader }

/** Records of the ledger that is open: what the person has recorded, and what is read of all. A network that has none has no news of them, and `unsupported` for whoever asks. */
export class RecordPart implements DeskPart {
  readonly #opening: Promise<Open>
  #open: Open | null = null
  #closed = false
  readonly #telling: EverySoOften
  /** What was told last, as text, but for `change`. */
  #told = ''
  #change = 0
  /** How the network was followed when that was told last. In `headers` nobody tells of a new head but the status. */
  #at = ''

  constructor(private readonly parts: DeskParts, private readonly options: RecordPartOptions) {
    this.#telling = new EverySoOften(async () => { this.#tell() }, limits.recordsTellMs)
    this.#opening = this.#begin()
    this.#opening.catch(() => {}) // whoever asks is told
  }

  /** All that is asked of records. `not-found` once the ledger is closed. */
  async service(): Promise<RecordService> {
    const { desk, reader } = await this.#opening
    if (this.#closed) throw new HoldfastError('not-found', 'this ledger is open no more')
    return { ...readingOf(reader), ...actingOf(desk) }
  }

  onHead(): void { this.#moved() }

  onStatus(): void {
    const { head, safe, mode, stage } = this.parts.sync.status
    const at = `${head.id} ${safe.root} ${mode} ${stage}`
    if (at !== this.#at) this.#moved()
    this.#at = at
    this.#telling.ask() // somebody may have got what is offered
  }

  onIdentity(identity: IdentityState | null): void {
    if (identity !== null) this.#open?.desk.setPerson(identity.address, identity.locked, identity.imported).catch(() => {}) // the store failed: told by whoever writes next
  }

  close(): void {
    this.#closed = true
    this.#telling.stop()
    if (this.#open !== null) this.options.entries.serve(null)
    this.#open?.desk.close()
    this.#open?.reader.close()
  }

  #moved(): void {
    this.#open?.reader.moved()
    void this.#open?.desk.kick()
  }

  async #begin(): Promise<Open> {
    const { ledger, network, sync, keys } = this.parts
    if (!hasRecords(ledger.parameters)) throw new HoldfastError('unsupported', 'this network has no records')
    const book = await this.options.book()
    const owner = async (): Promise<Address> => await book.owner()
    const { clock, entries } = this.options
    const reader = await EntryLibrary.open({
      ledger, sync, clock, store: this.parts.store, source: { fetch: entries.fetch, holders: entries.holders }, volumes: this.options.volumes,
      changed: () => {
        this.#change++
        this.#telling.ask()
      },
    })
    const desk = await RecordDesk.open({
      network, parameters: ledger.parameters, sync, keys, owner, clock, store: this.parts.store as unknown as RecordStore, // which names its own values alone
      lane: { submit: async bytes => await sync.submitRecord(bytes), withdraw: id => { sync.withdrawRecord(id) }, wasPulled: id => sync.wasPulled(id) },
      wirings: bookWirings(book.outbox, owner), reader, changed: () => { this.#telling.ask() },
    })
    const open = { desk, reader }
    if (this.#closed) {
      desk.close()
      reader.close()
      return open
    }
    this.#open = open
    entries.serve(reader.shelf)
    this.onIdentity(this.parts.identity())
    this.#moved()
    this.#telling.ask()
    return open
  }

  /** Nothing is told twice. */
  #tell(): void {
    if (this.#closed || this.#open === null) return
    const { desk, reader } = this.#open
    const news: Omit<RecordNews, 'change'> = { chains: reader.chainCount, sending: desk.sending(), credits: desk.creditState() }
    const told = `${this.#change} ${JSON.stringify(news)}`
    if (told === this.#told) return
    this.#told = told
    this.parts.tell({ records: { ...news, change: this.#change } })
  }
}

function actingOf({ quote, record, forget, buyCredits, sendFactoids, credits }: RecordDesk): Pick<RecordDesk, 'quote' | 'record' | 'forget' | 'buyCredits' | 'sendFactoids' | 'credits'> {
  return { quote, record, forget, buyCredits, sendFactoids, credits }
}

function readingOf(reader: RecordReading): RecordReading {
  return {
    chains: async query => await reader.chains(query),
    chain: async id => await reader.chain(id),
    entries: async (id, from, count) => await reader.entries(id, from, count),
    entry: async hash => await reader.entry(hash),
    search: async query => await reader.search(query),
    pin: async (id, on) => { await reader.pin(id, on) },
    fetch: async hashes => await reader.fetch(hashes),
    receipt: async hash => await reader.receipt(hash),
    verify: async (text, trusted) => await reader.verify(text, trusted),
  }
}

/** What all tabs may ask; each waits for the records, and fails where no ledger is open. */
export function recordMethods(records: () => Promise<RecordService>): RecordService {
  return {
    quote: async (draft, by) => await (await records()).quote(draft, by),
    record: async (wish, draft, by) => await (await records()).record(wish, draft, by),
    forget: async wish => { await (await records()).forget(wish) },
    buyCredits: async (wish, credits) => { await (await records()).buyCredits(wish, credits) },
    sendFactoids: async (wish, to, coins, from) => { await (await records()).sendFactoids(wish, to, coins, from) },
    credits: async () => await (await records()).credits(),
    chains: async query => await (await records()).chains(query),
    chain: async id => await (await records()).chain(id),
    entries: async (id, from, count) => await (await records()).entries(id, from, count),
    entry: async hash => await (await records()).entry(hash),
    search: async query => await (await records()).search(query),
    pin: async (id, on) => { await (await records()).pin(id, on) },
    fetch: async hashes => await (await records()).fetch(hashes),
    receipt: async hash => await (await records()).receipt(hash),
    verify: async (text, trusted) => await (await records()).verify(text, trusted),
  }
}

import { HoldfastError, limits, type Alarm } from '../base/index.ts'
import type { IdentityState } from '../keys/index.ts'
import type { Book } from './book.ts'
import type { DeskPart, DeskParts } from './desk-parts.ts'
import { EverySoOften } from './every-so-often.ts'
import type { RecordNews, RecordService } from './record-api.ts'
import { RecordDesk } from './record-desk.ts'
import type { RecordStore } from './record-values.ts'
import { bookWirings } from './record-wirings.ts'

/** What is read of records: chains, entries, what is followed. */
export interface RecordReading extends Omit<RecordService, 'quote' | 'record' | 'forget' | 'buyCredits' | 'sendFactoids' | 'credits'> {
  /** How many chains there are, and a number that changes when something did. */
  figures(): Pick<RecordNews, 'chains' | 'change'>
}

export interface RecordPartOptions {
  readonly clock: Alarm
  /** What the person sends, and who that is. */
  book(): Promise<Book>
  reading(): Promise<RecordReading>
}

/** Records of the ledger that is open: what the person has recorded, and what is read of all. A network that has none has no news of them, and `unsupported` for whoever asks. */
export class RecordPart implements DeskPart {
  readonly #opening: Promise<RecordDesk>
  #desk: RecordDesk | null = null
  #reading: RecordReading | null = null
  #closed = false
  readonly #telling: EverySoOften

  constructor(private readonly parts: DeskParts, private readonly options: RecordPartOptions) {
    this.#telling = new EverySoOften(async () => { await this.#tell() }, limits.recordsTellMs)
    this.#opening = this.#open()
    this.#opening.catch(() => {}) // whoever asks is told
  }

  /** All that is asked of records. `not-found` once the ledger is closed. */
  async service(): Promise<RecordService> {
    const desk = await this.#opening
    if (this.#closed) throw new HoldfastError('not-found', 'this ledger is open no more')
    const { quote, record, forget, buyCredits, sendFactoids, credits } = desk
    return { ...await this.options.reading(), quote, record, forget, buyCredits, sendFactoids, credits }
  }

  onHead(): void { this.#moved() }
  onStatus(): void { this.#moved() }

  onIdentity(identity: IdentityState | null): void {
    if (identity !== null) this.#desk?.setPerson(identity.address, identity.locked).catch(() => {}) // the store failed: told by whoever writes next
  }

  /** Something that is told is another. */
  readonly changed = (): void => { if (!this.#closed) this.#telling.ask() }

  close(): void {
    this.#closed = true
    this.#telling.stop()
    this.#desk?.close()
  }

  #moved(): void {
    void this.#desk?.kick()
    this.changed()
  }

  async #open(): Promise<RecordDesk> {
    const { ledger, network, sync, keys } = this.parts
    if (!ledger.hasRecords) throw new HoldfastError('unsupported', 'this network has no records')
    const book = await this.options.book()
    const desk = await RecordDesk.open({
      network, parameters: ledger.parameters, sync, keys, clock: this.options.clock, store: this.parts.store as unknown as RecordStore, // which names its own values alone
      lane: { submit: async bytes => await sync.submitRecord(bytes), withdraw: async id => { await sync.withdrawRecord(id) }, wasPulled: id => sync.wasPulled(id) },
      wirings: bookWirings(book.outbox, async () => await book.owner()), owner: async () => await book.owner(), changed: this.changed,
    })
    if (this.#closed) {
      desk.close()
      return desk
    }
    this.#desk = desk
    this.onIdentity(this.parts.identity())
    this.#reading = await this.options.reading()
    this.changed()
    return desk
  }

  async #tell(): Promise<void> {
    if (this.#closed || this.#desk === null || this.#reading === null) return
    const news: RecordNews = { ...this.#reading.figures(), sending: this.#desk.sending(), credits: this.#desk.creditState() }
    this.parts.tell({ records: news })
  }
}

/** What all tabs may ask; each waits for the records, and fails where no ledger is open. */
export function recordMethods(records: () => Promise<RecordService>): RecordService {
  return {
    quote: async draft => await (await records()).quote(draft),
    record: async (wish, draft) => await (await records()).record(wish, draft),
    forget: async wish => { await (await records()).forget(wish) },
    buyCredits: async (wish, credits) => { await (await records()).buyCredits(wish, credits) },
    sendFactoids: async (wish, to, coins) => { await (await records()).sendFactoids(wish, to, coins) },
    credits: async () => await (await records()).credits(),
    chains: async query => await (await records()).chains(query),
    chain: async id => await (await records()).chain(id),
    entries: async (id, from, count) => await (await records()).entries(id, from, count),
    entry: async hash => await (await records()).entry(hash),
    search: async query => await (await records()).search(query),
    pin: async (id, on) => { await (await records()).pin(id, on) },
    fetch: async hashes => await (await records()).fetch(hashes),
    receipt: async hash => await (await records()).receipt(hash),
  }
}

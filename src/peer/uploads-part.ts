import { HoldfastError, type Alarm } from '../base/index.ts'
import type { IdentityState } from '../keys/index.ts'
import type { Book } from './book.ts'
import type { DeskPart, DeskParts } from './desk-parts.ts'
import type { HeldReport } from './duty-api.ts'
import type { AccessDesk } from './upload-desk.ts'
import type { UploadName, UploadService } from './upload-api.ts'
import { Uploads, type UploadsParts } from './uploads.ts'

export interface UploadsPartOptions {
  readonly clock: Alarm
  /** What the person sends. */
  book(): Promise<Book>
  /** What is known of keys. */
  readonly access: AccessDesk
  /** Whether the person wants to see nothing of a content, or of its owner. */
  isBlocked(name: UploadName): Promise<boolean>
  /** As in `UploadsParts`. */
  charging?(): boolean | null
  /** To the network worker. */
  readonly line: UploadsParts['line'] & { onHeld: (report: HeldReport) => void }
}

/** Uploads of the ledger that is open, and this account as their keeper. */
export class UploadsPart implements DeskPart {
  readonly #opening: Promise<Uploads>
  #uploads: Uploads | null = null
  #closed = false

  constructor(private readonly parts: DeskParts, private readonly options: UploadsPartOptions) {
    this.#opening = this.#open()
    this.#opening.catch(() => {}) // whoever asks is told
  }

  /** `not-found` once the ledger is closed. */
  async uploads(): Promise<Uploads> {
    const uploads = await this.#opening
    if (this.#closed) throw new HoldfastError('not-found', 'this ledger is open no more')
    return uploads
  }

  onHead(): void { this.#uploads?.moved() }
  onStatus(): void { this.#uploads?.moved() }
  onIdentity(identity: IdentityState | null): void { this.#uploads?.setPerson(identity) }

  /** How somebody stands to a key is another. */
  changed(): void { this.#uploads?.changed() }

  /** Whether this device charges may be another. */
  charges(): void { this.#uploads?.lookAnew() }

  close(): void {
    this.#closed = true
    this.#uploads?.close()
    this.options.line.onHeld = () => {}
    this.options.line.setDuties(null)
  }

  async #open(): Promise<Uploads> {
    const { parts, options: { clock, line, access, isBlocked } } = this
    const charging = (): boolean | null => this.options.charging?.() ?? null
    const book = await this.options.book()
    const uploads = await Uploads.open({
      ledger: parts.ledger, sync: parts.sync, network: parts.network, keys: parts.keys, store: parts.store as unknown as UploadsParts['store'], // which names its own values alone
      clock, book, line, isBlocked, access, charging, tell: news => { parts.tell({ uploads: news }) },
    })
    if (this.#closed) {
      uploads.close()
      return uploads
    }
    this.#uploads = uploads
    line.onHeld = report => { uploads.held(report) }
    this.onIdentity(parts.identity())
    return uploads
  }
}

/** What all tabs may ask; each waits for the uploads, and fails where no ledger is open. */
export function uploadMethods(uploads: () => Promise<Uploads>): UploadService {
  return {
    uploads: async query => await (await uploads()).search(query),
    upload: async name => await (await uploads()).find(name),
    publish: async (wish, record, sealed) => await (await uploads()).desk.publish(wish, record, sealed),
    assign: async (wish, change) => await (await uploads()).desk.assign(wish, change),
    buy: async (wish, name) => await (await uploads()).desk.buy(wish, name),
    settle: async (wish, name, buyer) => await (await uploads()).desk.settle(wish, name, buyer),
    askKey: async name => { await (await uploads()).access.ask(name) },
    stopAsking: async name => { await (await uploads()).access.stopAsking(name) },
    openKeeping: async (wish, pledge) => await (await uploads()).desk.openKeeping(wish, pledge),
    tellBox: async wish => await (await uploads()).desk.tellBox(wish),
    closeKeeping: async wish => await (await uploads()).desk.closeKeeping(wish),
    claimRent: async wish => await (await uploads()).claimRent(wish),
    keepingOf: async name => await (await uploads()).keepingOf(name),
    rankKeepers: async query => await (await uploads()).rankKeepers(query),
    replaceKeepers: async (wish, name) => await (await uploads()).replaceKeepers(wish, name),
    accept: async (wish, names) => await (await uploads()).desk.accept(wish, names),
    release: async (wish, names, reason) => await (await uploads()).desk.release(wish, names, reason),
  }
}


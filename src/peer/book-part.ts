import { HoldfastError, loadSecp256k1, type Alarm, type Cid, type Random } from '../base/index.ts'
import type { IdentityState } from '../keys/index.ts'
import { Book } from './book.ts'
import type { BookStore } from './book-values.ts'
import type { DeskPart, DeskParts } from './desk-parts.ts'

export interface BookPartOptions {
  /** Address of the app, without a fragment. */
  readonly base: string
  readonly clock: Alarm
  readonly random: Random
}

/** Wallet and threads of the ledger that is open. */
export class BookPart implements DeskPart {
  readonly #opening: Promise<Book>
  #book: Book | null = null
  #closed = false
  /** In `headers` nobody tells of a new head but the status. */
  #head: Cid | null = null
  #safe: Cid | null = null
  #stage = ''

  constructor(private readonly parts: DeskParts, options: BookPartOptions) {
    this.#opening = this.#open(options)
    this.#opening.catch(() => {}) // whoever asks is told
  }

  /** `not-found` once the ledger is closed. */
  async book(): Promise<Book> {
    const book = await this.#opening
    if (this.#closed) throw new HoldfastError('not-found', 'this ledger is open no more')
    return book
  }

  onHead(): void { this.#book?.head() }

  onStatus(): void {
    const { head, safe, stage } = this.parts.sync.status
    if (head.id !== this.#head || stage !== this.#stage) this.#book?.head()
    else if (safe.root !== this.#safe) this.#book?.refresh()
    this.#head = head.id
    this.#safe = safe.root
    this.#stage = stage
  }

  onIdentity(identity: IdentityState | null): void {
    if (identity !== null) this.#book?.setPerson(identity).catch(() => {}) // the store failed: told by whoever writes next
  }

  close(): void {
    this.#closed = true
    this.#book?.close()
  }

  async #open(options: BookPartOptions): Promise<Book> {
    const store = this.parts.store as unknown as BookStore // which names its own values alone
    const book = await Book.open({ ...this.parts, ...options, store, signatures: await loadSecp256k1() })
    if (this.#closed) {
      book.close()
      return book
    }
    this.#book = book
    this.onIdentity(this.parts.identity())
    return book
  }
}

/** What all tabs may ask; each waits for the book, and fails where no ledger is open. */
export function bookMethods(book: () => Promise<Book>): Pick<Book, 'send' | 'cancelSending' | 'proveRow' | 'makeInvite' | 'readInvite' | 'claimInvite' | 'readThread' | 'openThread' | 'reply' | 'messagePrice' | 'muteThread' | 'seenThread'> {
  return {
    send: async (wish, to, amount) => await (await book()).send(wish, to, amount),
    cancelSending: async id => { await (await book()).cancelSending(id) },
    proveRow: async id => await (await book()).proveRow(id),
    makeInvite: async (wish, amount) => await (await book()).makeInvite(wish, amount),
    readInvite: async link => await (await book()).readInvite(link),
    claimInvite: async link => await (await book()).claimInvite(link),
    readThread: async name => await (await book()).readThread(name),
    openThread: async (wish, title, text, attachment) => await (await book()).openThread(wish, title, text, attachment),
    reply: async (wish, name, text, attachment) => await (await book()).reply(wish, name, text, attachment),
    messagePrice: async () => await (await book()).messagePrice(),
    muteThread: async (name, on) => { await (await book()).muteThread(name, on) },
    seenThread: async name => { await (await book()).seenThread(name) },
  }
}

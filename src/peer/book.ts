import { HoldfastError, limits, type Address, type Alarm, type Random, type Secp256k1 } from '../base/index.ts'
import type { IdentityState, KeyService } from '../keys/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { Sync } from '../sync/index.ts'
import type { BookNews, BookService } from './book-api.ts'
import type { BookStore } from './book-values.ts'
import { Diary } from './diary.ts'
import { InviteBook } from './invite-book.ts'
import { Outbox } from './outbox.ts'
import { StampSearch } from './stamp-search.ts'
import { ThreadDesk } from './thread-desk.ts'
import { WalletDesk } from './wallet-desk.ts'

export interface BookParts {
  readonly ledger: Pick<Ledger, 'network' | 'parameters' | 'head' | 'parts' | 'prove' | 'judgeNext'>
  readonly sync: Pick<Sync, 'status' | 'chain' | 'submit' | 'withdraw' | 'waiting' | 'read' | 'fetch'>
  readonly store: BookStore
  readonly keys: Pick<KeyService, 'identity' | 'ensureIdentity' | 'sign' | 'seal' | 'reveal'>
  readonly clock: Alarm
  readonly random: Random
  readonly signatures: Secp256k1
  /** Address of the app, without a fragment. */
  readonly base: string
  /** What changed; at most ten a second. */
  tell(news: BookNews): void
}

/** Wallet and threads over one ledger, from when it is opened until `close`. Whoever holds the ledger tells it when the head or who the person is has changed. */
export class Book implements BookService {
  readonly #parts: BookParts
  readonly #diary: Diary
  readonly #outbox: Outbox
  readonly #invites: InviteBook
  readonly #wallet: WalletDesk
  readonly #threads: ThreadDesk
  /** What was told last, as text: what is the same is not told again. */
  readonly #told = { wallet: '', threads: '' }
  readonly #closing = new AbortController()
  #turn: Promise<void> = Promise.resolve()
  #following = false
  #telling = false
  readonly #beside = new Set<string>()
  /** Told when what is on its way, or the head, is another. */
  onChange: () => void = () => {}

  private constructor(parts: BookParts, made: { readonly diary: Diary, readonly outbox: Outbox, readonly invites: InviteBook, readonly stamps: StampSearch }) {
    this.#parts = parts
    const { diary, outbox, invites, stamps } = made
    this.#diary = diary
    this.#outbox = outbox
    this.#invites = invites
    const shared = {
      ...parts, network: parts.ledger.network, parameters: parts.ledger.parameters, diary, outbox, invites, stamps, proofs: parts,
      owner: async () => await this.#ensureOwner(), changed: () => { this.refresh() },
    }
    this.#wallet = new WalletDesk(shared)
    this.#threads = new ThreadDesk(shared)
  }

  /** Opens it and reads on from where it was; that goes on when this has resolved. */
  static async open(parts: BookParts): Promise<Book> {
    const { ledger: { network, parameters }, store, sync, clock } = parts
    const { chain } = sync
    const holder: { book: Book | null, outbox: Outbox | null } = { book: null, outbox: null }
    const diary = await Diary.open({ chain, parameters, sync, store, needed: row => holder.outbox?.holds(row) ?? true })
    const stamps = new StampSearch(clock)
    const outbox = await Outbox.open({
      ...parts, network, parameters, chain, stamps,
      owner: () => diary.owner, placeOf: id => diary.pages.rows.get(id) ?? null, readFrom: () => diary.from, isRead: () => holder.book?.isRead ?? false,
      changed: () => { holder.book?.refresh() },
    })
    holder.outbox = outbox
    const invites = await InviteBook.open({ ...parts, network })
    const book = new Book(parts, { diary, outbox, invites, stamps })
    holder.book = book
    book.head()
    return book
  }

  /** What the person sends, of all kinds. */
  get outbox(): Outbox { return this.#outbox }

  /** Who the person is, which is somebody from now on. `locked` where nothing can be signed. */
  async owner(): Promise<Address> { return await this.#ensureOwner() }

  /** Whether the diary is written up to the head. */
  get isRead(): boolean { return this.#parts.sync.status.head.id === this.#diary.upTo }

  /** The head moved. */
  head(): void { void this.follow() }

  /** Resolves when all that follows from the present head is done. */
  async follow(): Promise<void> {
    if (!this.#following) {
      this.#following = true
      this.#turn = this.#turn.then(async () => {
        this.#following = false
        await this.#follow()
      }).catch(() => {}) // the store or the keys failed: told where somebody waits, tried again with the next head
    }
    await this.#turn
  }

  /** Who the person is now, locked or not; until it is told, whoever it was the last time. */
  async setPerson({ address }: IdentityState): Promise<void> {
    await this.#diary.setOwner(address)
    await this.follow()
  }

  /** The safety root moved, or what is shown changed otherwise. */
  refresh(): void {
    this.onChange()
    if (this.#telling || this.#closing.signal.aborted) return
    this.#telling = true
    void this.#parts.clock.sleep(limits.booksTellMs, this.#closing.signal).then(() => {
      this.#telling = false
      if (!this.#closing.signal.aborted) this.#tell()
    })
  }

  close(): void {
    this.#closing.abort()
    this.#outbox.close()
  }

  send: BookService['send'] = async (wish, to, amount) => await this.#wallet.send(wish, to, amount)
  cancelSending: BookService['cancelSending'] = async id => { await this.#wallet.cancel(id) }
  proveRow: BookService['proveRow'] = async id => await this.#threads.prove(id) ?? await this.#wallet.prove(id)
  makeInvite: BookService['makeInvite'] = async (wish, amount) => await this.#wallet.invite(wish, amount)
  readInvite: BookService['readInvite'] = async link => await this.#wallet.readInvite(link)
  claimInvite: BookService['claimInvite'] = async link => await this.#wallet.claim(link)
  readThread: BookService['readThread'] = async name => await this.#threads.read(name)
  openThread: BookService['openThread'] = async (wish, title, text, attachment) => await this.#threads.open(wish, title, text, attachment)
  reply: BookService['reply'] = async (wish, name, text, attachment) => await this.#threads.reply(wish, name, text, attachment)
  messagePrice: BookService['messagePrice'] = async () => await this.#threads.price()
  muteThread: BookService['muteThread'] = async (name, on) => { await this.#threads.mute(name, on) }
  seenThread: BookService['seenThread'] = async name => { await this.#threads.seen(name) }

  async #follow(): Promise<void> {
    if (this.#closing.signal.aborted) return
    await this.#begin(1)
    const isWhole = await this.#diary.follow()
    await this.#begin(0)
    // None of these holds up the next head; what fails is tried again with it.
    void this.#outbox.kick() // stamps take seconds
    this.#once('invites', async () => {
      const found = await this.#invites.reveal()
      return await this.#invites.look(async address => await this.#outbox.account(address), this.#parts.sync.status.mode === 'full') || found
    })
    if (isWhole) this.#once('before', async () => await this.#readBack())
    this.refresh()
  }

  /** From when on words are news: once the network is followed, and the diary is no more than so many blocks behind. */
  async #begin(blocks: number): Promise<void> {
    const { stage, behind, head } = this.#parts.sync.status
    const { begun, number } = this.#diary
    if (begun === null && number !== null && stage === 'following' && behind === 0 && head.header.number - number <= blocks) await this.#diary.begin(number)
  }

  /** Does something beside, unless it is being done; what it changes is shown. */
  #once(name: string, task: () => Promise<boolean>): void {
    if (this.#beside.has(name)) return
    this.#beside.add(name)
    task().catch(() => true).then(changed => {
      this.#beside.delete(name)
      if (changed) this.refresh()
    }).catch(() => {})
  }

  /** What was before the blocks at hand, while nobody pays for it by the byte. */
  async #readBack(): Promise<boolean> {
    while (!this.#closing.signal.aborted && this.#parts.sync.status.mode === 'full' && await this.#diary.readBack()) this.refresh()
    return true
  }

  async #ensureOwner(): Promise<Address> {
    const { keys } = this.#parts
    const { address, locked } = await keys.identity() ?? await keys.ensureIdentity()
    if (locked) throw new HoldfastError('locked', 'the passphrase was not given yet')
    if (address !== this.#diary.owner) {
      await this.#diary.setOwner(address)
      this.head()
    }
    return address
  }

  #news(): BookNews { return { wallet: this.#wallet.state(), threads: this.#threads.state() } }

  #tell(): void {
    const { wallet = null, threads = null } = this.#news()
    const now = { wallet: JSON.stringify(wallet), threads: JSON.stringify(threads) }
    const news: BookNews = { ...now.wallet === this.#told.wallet ? {} : { wallet }, ...now.threads === this.#told.threads ? {} : { threads } }
    Object.assign(this.#told, now)
    if (Object.keys(news).length > 0) this.#parts.tell(news)
  }
}

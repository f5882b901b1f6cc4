import { HoldfastError, limits, toHex, type Address, type Alarm, type Cid } from '../base/index.ts'
import type { PublishedFile } from '../content/index.ts'
import type { IdentityState, KeyService } from '../keys/index.ts'
import type { Ledger, NetworkId } from '../ledger/index.ts'
import { keys } from '../state/index.ts'
import type { Neighbour, Sync } from '../sync/index.ts'
import type { Book } from './book.ts'
import type { KeeperQuery, KeepingState, RankedKeeper, UploadKeeping } from './keeping-api.ts'
import { KeeperRoll } from './keeper-roll.ts'
import { KeepingView } from './keeping-view.ts'
import { MetPeople } from './met-people.ts'
import { OwnerDesk } from './owner-desk.ts'
import { ProofDesk, type LeafAnswer } from './proof-desk.ts'
import { chooseSamaritan } from './samaritan.ts'
import { refOf } from './upload-index.ts'
import { isOver } from './upload-rows.ts'
import { RentDesk, dutiesOf } from './rent-desk.ts'
import type { Duties, Duty, HeldReport, SamaritanRules, UploadEvent } from './duty-api.ts'
import { DutyDesk } from './duty-desk.ts'
import { EverySoOften } from './every-so-often.ts'
import { KeeperDesk } from './keeper-desk.ts'
import { Rerun } from './rerun.ts'
import type { Upload, UploadName, UploadNews, UploadPage, UploadQuery } from './upload-api.ts'
import { UploadBook } from './upload-book.ts'
import { UploadDesk, valuesAtHead, type AccessDesk } from './upload-desk.ts'
import type { UploadsMoved } from './upload-follow.ts'
import { UploadNotes, type NoteStore } from './upload-notes.ts'
import { sendingUploads } from './upload-sending.ts'
import { ProbeDesk, type ProbeStore } from './probe-desk.ts'
import { publishedBy } from './ledger-facts.ts'
import { readRow, uploadsIn, type ReadValues } from './upload-state.ts'

export interface UploadsParts {
  readonly ledger: Ledger
  readonly sync: Pick<Sync, 'status' | 'read' | 'wasPulled'>
  readonly network: NetworkId
  readonly keys: Pick<KeyService, 'keyCommit' | 'sealFor' | 'reveal' | 'purchaseBox' | 'purchaseSecret' | 'openEnvelope' | 'publicKeys'>
  readonly store: NoteStore & ProbeStore
  readonly clock: Alarm
  readonly book: Pick<Book, 'outbox' | 'owner' | 'onChange'>
  readonly access: AccessDesk
  readonly line: {
    setDuties(duties: Duties | null): void
    uploadEvents(events: readonly UploadEvent[]): void
    /** Who can be met now. */
    neighbours(): readonly Neighbour[]
    /** As in `ProofDeskParts`. */
    proveLeaf(upload: UploadName, file: PublishedFile, leaf: number): Promise<LeafAnswer>
    /** As `PieceProbe.ask`. */
    probe(keeper: Address, file: PublishedFile): Promise<boolean | null>
  }
  isBlocked(name: UploadName): Promise<boolean>
  /** Whether this device charges; null where the browser does not tell. Absent: nobody knows. */
  charging?(): boolean | null
  tell(news: UploadNews): void
}

/**
 * Uploads over one ledger, from when it is opened until `close`: what there is, what the person does with them, and what this account keeps. Whoever holds the ledger tells it when the head, the safety
 * root or the person is another.
 */
export class Uploads {
  readonly desk: UploadDesk
  readonly #book: UploadBook
  readonly #duties: DutyDesk
  readonly #keeper: KeeperDesk
  readonly #roll: KeeperRoll
  readonly #rent: RentDesk
  readonly #proofs: ProofDesk
  readonly #owner: OwnerDesk
  readonly #met: MetPeople
  readonly #view: KeepingView
  readonly #closing = new AbortController()
  readonly #following = new Rerun(async () => { await this.#follow() })
  readonly #looking = new Rerun(async () => { await this.#look() })
  readonly #telling = new EverySoOften(async () => { await Promise.resolve(this.#tell()) }, limits.booksTellMs)
  #person: IdentityState | null = null
  #keeping: KeepingState
  /** Rent may be other than it was read. */
  #rentMoved = true
  #nameable: boolean | null = null
  /** Grows when any upload, or how somebody stands to one, is another. */
  #change = 0
  #safe = 0
  /** As in `HeldReport`; null before the network worker said. */
  #leaving: readonly UploadName[] | null = null
  #samaritan: SamaritanRules | null = null
  #unasked: ReadonlySet<Cid> = new Set()
  readonly #told = { news: '', duties: '', seen: '', asked: 0 }

  private constructor(private readonly parts: UploadsParts, notes: UploadNotes, private readonly probes: ProbeDesk) {
    const { ledger, sync, book, clock } = parts
    const me = (): Address | null => this.#me
    this.#book = new UploadBook({ ...parts, notes, me, signal: this.#closing.signal, changed: () => { this.#bump() } })
    this.desk = new UploadDesk({ ...parts, notes, parameters: ledger.parameters, outbox: book.outbox, owner: async () => await book.owner() })
    this.#roll = new KeeperRoll(ledger)
    this.#met = new MetPeople(clock)
    const { isActive } = this.#roll
    this.#duties = new DutyDesk({ ...parts, isActive, offersTo: each => this.#book.offersTo(each, isActive), refuses: name => notes.verdictOf(name) !== null || notes.isLetGo(name) })
    this.#keeper = new KeeperDesk({ ledger, sync, notes, clock, duties: this.#duties, outbox: book.outbox, desk: this.desk })
    this.#rent = new RentDesk({ ledger, sync, outbox: book.outbox, desk: this.desk })
    this.#proofs = new ProofDesk({ ledger, sync, outbox: book.outbox, desk: this.desk, prove: async (...asked) => await parts.line.proveLeaf(...asked) })
    this.#view = new KeepingView({
      ledger, sync, roll: this.#roll, rent: this.#rent, proofs: this.#proofs, clock, me,
      titleOf: name => this.#book.titleOf(name), metOf: address => this.#met.of(address), probesOf: (keeper, name) => probes.of(keeper, name),
    })
    this.#owner = new OwnerDesk({ view: this.#view, desk: this.desk, me, find: this.find })
    this.#keeping = { open: null, terms: this.#view.terms }
    book.onChange = () => { this.#telling.ask() }
  }

  static async open(parts: UploadsParts): Promise<Uploads> {
    const read: ReadValues = async names => await parts.ledger.values(names, parts.ledger.head.root)
    const probes = await ProbeDesk.open({
      store: parts.store, clock: parts.clock,
      isThere: keeper => parts.line.neighbours().some(({ address }) => address === keeper),
      ask: async (keeper, file) => await parts.line.probe(keeper, file),
      uploads: async me => {
        const names = [...(await publishedBy(read, me)).map(cid => ({ cid, owner: me })), ...await dutiesOf(read, me)].slice(-limits.probedUploads)
        return (await uploadsIn(read, names)).flatMap((row, i) => row === null ? [] : [[names[i]!, row] as const])
      },
    })
    const uploads = new Uploads(parts, await UploadNotes.open(parts.store), probes)
    uploads.moved()
    return uploads
  }

  get access(): AccessDesk { return this.parts.access }
  search = async (query: UploadQuery): Promise<UploadPage> => await this.#book.search(query)
  find = async (name: UploadName): Promise<Upload | null> => await this.#book.find(name)

  keepingOf = async (name: UploadName): Promise<UploadKeeping | null> => await this.#view.of(name)
  rankKeepers = async (query: KeeperQuery): Promise<readonly RankedKeeper[]> => await Promise.resolve(this.#view.rank(this.#me, query))
  replaceKeepers = async (wish: string, name: UploadName): Promise<readonly Address[]> => await this.#owner.replace(wish, name)

  /** Claims all that is due, as far as one transaction takes it. */
  async claimRent(wish: string): Promise<Cid> {
    const me = await this.parts.book.owner()
    await this.#rent.read(me, this.#rentMoved)
    const uploads = this.#rent.claimable(me)
    if (uploads.length === 0) throw new HoldfastError('not-found', 'no rent is due')
    return await this.desk.claim(wish, uploads)
  }

  /** The head, the safety root, or how the network is followed is another. */
  moved(): void {
    this.#met.meet(this.parts.line.neighbours())
    this.#following.ask()
    this.#looking.ask()
  }

  setPerson(identity: IdentityState | null): void {
    this.#person = identity
    this.#bump()
    this.lookAnew()
  }

  /** How somebody stands to a key is another. */
  changed(): void { this.#bump() }

  /** What the network worker found out. */
  held(report: HeldReport): void {
    if (report.leaving !== undefined) this.#leaving = report.leaving
    if (report.samaritan !== undefined) this.#samaritan = report.samaritan
    if (report.unasked !== undefined) this.#unasked = new Set(report.unasked)
    void this.#keeper.held(report).then(changed => {
      if (changed) this.#bump()
      this.lookAnew()
    }).catch(() => {}) // the store failed: it is said again
  }

  /** Resolves when all that follows from how things stand now is done. */
  async settle(): Promise<void> {
    await this.#following.now()
    await this.#looking.now()
    await this.#telling.now()
  }

  close(): void {
    this.#closing.abort()
    this.#telling.stop()
    this.parts.book.onChange = () => {}
  }

  get #me(): Address | null { return this.#person?.address ?? null }

  async #follow(): Promise<void> {
    if (this.#closing.signal.aborted) return
    const wasWhole = this.#book.isWhole
    const moved = await this.#book.follow()
    if (this.#closing.signal.aborted) return
    if (moved === null || moved.others.some(key => key.includes('/kept/') || key.startsWith('keeper/'))) this.#rentMoved = true
    if (this.#book.isWhole && await this.#roll.follow(moved?.others ?? null)) this.lookAnew()
    if (!wasWhole && this.#book.isWhole) {
      this.#bump()
      this.#looking.ask()
    }
    if (moved === null) return
    const events = await this.#duties.events(moved, this.#me)
    if (events.length > 0) this.parts.line.uploadEvents(events)
    if (events.length > 0 || this.#concerns(moved)) this.#bump()
    this.lookAnew() // offers may be others
  }

  /** What it depends on beside the state is another. */
  lookAnew(): void {
    this.#told.asked++
    this.#looking.ask()
  }

  /** Whether a move of the state changed how this person stands to something. */
  #concerns({ others }: UploadsMoved): boolean {
    const me = this.#me
    return me !== null && others.some(key => key.startsWith('access/') || key === keys.keeper(me).name)
  }

  async #look(): Promise<void> {
    if (this.#closing.signal.aborted) return
    const { ledger, sync: { status, status: { safe } } } = this.parts
    const me = this.#me
    // The status changes far more often than anything this depends on.
    const seen = [ledger.head.root, safe.root, status.stage, status.mode, me, this.#person?.locked, this.#book.isWhole, this.#told.asked].join()
    if (seen === this.#told.seen) return
    const known = me === null ? null : await this.#duties.duties(me, this.#leaving)
    const duties = known === null || me === null ? null : { ...known, samaritan: await this.#samaritanFiles(me, known) }
    if (this.#closing.signal.aborted || me !== this.#me) return
    this.#tellDuties(duties === null ? null : { ...duties, fresh: duties.fresh && this.#book.isWhole })
    if (me !== null && this.#person?.locked === false) await this.#tend(me)
    this.#keeping = await this.#view.state(me)
    this.#nameable = me === null ? null : await this.#isNameable(me)
    if (this.#safe !== safe.header.number && this.#book.newest > Math.min(this.#safe, safe.header.number)) this.#bump()
    this.#safe = safe.header.number
    if (me !== null && status.mode === 'full' && status.stage === 'following' && await this.probes.tend(me)) this.#bump()
    this.#told.seen = seen
    this.#telling.ask()
  }

  /** What is to be kept unasked, by the head; null while that is not to be looked at. */
  async #samaritanFiles(me: Address, { obliged }: Duties): Promise<readonly Duty[] | null> {
    const rules = this.#samaritan
    const charges = this.parts.charging?.() ?? null
    if (rules === null || rules.charging && charges !== true || !this.#book.isWhole) return null
    const number = this.parts.sync.status.head.header.number
    const chosen = chooseSamaritan(this.#book.all(), { ...rules, me, may: upload => !isOver(upload, number) && this.#duties.may(upload), promised: new Set(obliged.map(refOf)), held: this.#unasked })
    return await this.#duties.named(chosen)
  }

  /** What this account does by itself, since it became a keeper. */
  async #tend(me: Address): Promise<void> {
    await this.#keeper.tend(me)
    await this.#proofs.tend(me)
    const again = this.#rentMoved
    this.#rentMoved = false
    await this.#rent.read(me, again)
    await this.#rent.tend(me)
  }

  async #isNameable(me: Address): Promise<boolean> {
    const box = await readRow(async names => await valuesAtHead(this.parts.sync, names), keys.box(me))
    return box !== null && box === toHex((await this.parts.keys.publicKeys()).box)
  }

  #tellDuties(duties: Duties | null): void {
    const text = JSON.stringify(duties)
    if (text === this.#told.duties) return
    this.#told.duties = text
    this.parts.line.setDuties(duties)
  }

  #bump(): void {
    this.#change++
    this.#telling.ask()
  }

  #tell(): void {
    if (this.#closing.signal.aborted) return
    const news: UploadNews = { total: this.#book.total, change: this.#change, sending: sendingUploads(this.parts, this.#book), keeping: this.#keeping, nameable: this.#nameable }
    const text = JSON.stringify(news)
    if (text === this.#told.news) return
    this.#told.news = text
    this.parts.tell(news)
  }
}

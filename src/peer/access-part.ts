import { HoldfastError, limits, loadSecp256k1, reject, toHex, type Address, type Alarm, type Judged, type Random } from '../base/index.ts'
import { HolderDesk, KeySeeker, admits, holderDuties, type AccessStates, type Envelope, type EnvelopeScope } from '../content/index.ts'
import type { IdentityState } from '../keys/index.ts'
import { keys, noAccess, type UploadRow } from '../state/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { DeskPart, DeskParts } from './desk-parts.ts'
import { DekBook, askedChange, givenChange, keyNameOf, type AccessStore } from './dek-book.ts'
import { EverySoOften } from './every-so-often.ts'
import { factsOf, heldBy, ledgerFacts, publishedBy } from './ledger-facts.ts'
import type { NetworkLine } from './network-line.ts'
import type { Outbox } from './outbox.ts'
import { PurchaseWatch } from './purchase-watch.ts'
import { recoverKey } from './recover-key.ts'
import { standingOf } from './access-standing.ts'
import { tellBox } from './tell-box.ts'
import type { Access, UploadName } from './upload-api.ts'
import type { AccessDesk } from './upload-desk.ts'
import { isFresh } from './upload-rows.ts'
import { readRow, type ReadValues } from './upload-state.ts'
import { workerAlarm } from './worker-alarm.ts'

export interface AccessOptions {
  readonly line: Pick<NetworkLine, 'neighbours' | 'askKeys' | 'readFile' | 'keyCame' | 'distrust' | 'onKeyQuestion' | 'onMet' | 'onJoined'>
  readonly random: Random
  /** By which it is waited; that of this thread where none is said. */
  readonly clock?: Alarm
  outbox(): Promise<Pick<Outbox, 'add' | 'hasWish'>>
  /** How the person stands to some key is another. */
  changed(): void
}

interface Opened { readonly store: AccessStore, readonly deks: DekBook, readonly seeker: KeySeeker<SealedKey>, readonly desk: HolderDesk<SealedKey>, readonly purchases: PurchaseWatch }

/** A clock that nobody sets. */
const monotonic = { now: () => performance.now() }

/** Keys of protected uploads, as long as the ledger of one network is open: they are kept, looked for, given to whom the ledger admits, and bought and sold. */
export class AccessPart implements DeskPart, AccessDesk {
  readonly #opening: Promise<Opened>
  readonly #closing = new AbortController()
  readonly #seen = new Map<Address, number>()
  readonly #looking: EverySoOften
  /** How the network was followed when that was told last. */
  #at = ''

  constructor(private readonly parts: DeskParts, private readonly options: AccessOptions) {
    this.#looking = new EverySoOften(async () => { await this.#look() }, limits.accessLookMs)
    this.#opening = this.#open()
    this.#opening.catch(() => {}) // whoever asks is told
    options.line.onKeyQuestion = async (question, from) => await this.#answer(question, from)
    options.line.onMet = () => { this.#met() }
    options.line.onJoined = () => { void this.#opening.then(({ deks }) => { this.#tellKeys(deks) }).catch(() => {}) }
  }

  onHead(): void {
    this.#nudge()
    this.#looking.ask()
  }

  onStatus(): void {
    const { safe, stage, mode, voted } = this.parts.sync.status
    const at = [safe.root, stage, mode, voted].join()
    if (at === this.#at) return
    this.#at = at
    this.onHead()
  }

  onIdentity(): void { this.onHead() }

  close(): void {
    this.#closing.abort()
    this.#looking.stop()
    const { line } = this.options
    line.onKeyQuestion = async () => await Promise.resolve(reject('unsupported', 'no ledger is open here'))
    line.onMet = line.onJoined = () => {}
  }

  /** Resolves when all that follows from the present head was looked at. */
  async settle(): Promise<void> { await this.#looking.now() }

  async accessOf(name: UploadName, row: UploadRow): Promise<Access> {
    const { deks, seeker, purchases } = await this.#opening
    const me = this.parts.identity()?.address ?? null
    const access = me === null || row.publication.keyCommit === null ? null : await readRow(this.#headReader, keys.access(name.cid, name.owner, me)).catch(() => null)
    const facts = factsOf(row, access ?? noAccess, null, this.parts.sync.status.head.header.number)
    const addresses = [...new Set([...facts.holders.map(({ address }) => address), name.owner])]
    return {
      ...standingOf(facts, name.owner, me, { here: deks.of(name) !== null, wanted: seeker.has(name), reason: seeker.reason(name), refunded: me !== null && purchases.isRefunded(name, me) }),
      refundAt: access === null || access.purchase === null || access.purchase.grant !== null ? null : access.purchase.block + this.parts.ledger.parameters.keeperPeriod,
      holders: addresses.map(address => ({ address, seen: this.#seen.get(address) ?? null })),
    }
  }

  async sealedOf(name: UploadName): Promise<SealedKey | null> { return (await this.#opening).deks.of(name) }

  /** Of an own file, which is published now. */
  async keep(name: UploadName, sealed: SealedKey): Promise<void> {
    await this.#keep((await this.#opening).deks, name, sealed, 'recover')
  }

  async ask({ cid, owner }: UploadName): Promise<void> {
    const name = { cid, owner }
    const { deks, seeker, store } = await this.#opening
    if (deks.of(name) !== null) return
    const row = await readRow(this.#headReader, keys.upload(cid, owner))
    if (row === null) throw new HoldfastError('not-found', 'no such upload on the ledger')
    if (row.publication.keyCommit === null) return
    seeker.want(name)
    await store.setValues(askedChange(name, this.parts.clock.now()))
    this.options.changed()
  }

  async stopAsking({ cid, owner }: UploadName): Promise<void> {
    const { seeker, store } = await this.#opening
    seeker.stop({ cid, owner })
    await store.setValues(askedChange({ cid, owner }, undefined))
    this.options.changed()
  }

  async #open(): Promise<Opened> {
    const { network, clock, keys: service, ledger, sync } = this.parts
    const { random, line, outbox } = this.options
    const store = this.parts.store as unknown as AccessStore // which names its own values alone
    const [signatures, deks] = [await loadSecp256k1(), await DekBook.open(store)]
    const me = (): Address | null => this.#me()
    const seeker = new KeySeeker<SealedKey>({
      network, signatures, random, me, clock: this.options.clock ?? workerAlarm,
      head: () => this.#head(),
      kept: async name => await Promise.resolve(deks.of(name)),
      keep: async (name, key, purpose) => { await this.#keep(deks, name, key, purpose) },
      take: async (key, cid, keyCommit) => await service.takeKey(key, cid, keyCommit),
      open: async (envelope, keyCommit, scope) => await service.openEnvelope(envelope, keyCommit, scope),
      recover: async (name, keyCommit) => await recoverKey(name, keyCommit, { read: this.#headReader, line, keys: service, signal: this.#closing.signal }),
      wrongGrant: name => { purchases.wrongGrant(name); this.#looking.ask() },
      box: async () => toHex((await service.publicKeys()).box),
      sign: async request => await service.sign('keyRequest', network, request),
      online: () => line.neighbours(),
      ask: async (id, question, signal) => await line.askKeys(id, question, signal),
      distrust: id => { line.distrust(id) },
      changed: () => { this.options.changed() },
    })
    const purchases = await PurchaseWatch.open({
      network, ledger, sync, store, deks, keys: service, clock, random, me, outbox,
      bought: name => { this.#want(seeker, name) },
      refunded: name => { seeker.stop(name) },
      changed: () => { this.options.changed() },
    })
    const desk = new HolderDesk<SealedKey>({
      network, signatures, monotonic, random, me, safeIn: ledger.parameters.blockTime,
      states: async () => await Promise.resolve(this.#states()),
      kept: async name => await Promise.resolve(deks.of(name)),
      seal: async (key, keyCommit, scope) => await this.#seal(key, keyCommit, scope),
      sign: async reply => await service.sign('keyReply', network, reply),
      missing: name => { this.#want(seeker, { cid: name.cid, owner: name.owner }) },
      given: ({ cid, owner, requester }, { policy, purchase }) => {
        const name = { cid, owner }
        if (purchase !== null && purchase.grant === null) void purchases.granted(name, requester).then(() => { this.#looking.ask() }).catch(() => {})
        if (!('public' in policy)) void store.setValues(givenChange(name, requester, clock.now())).catch(() => {}) // a note for the person, nothing else
      },
    })
    for (const [text] of await store.values('local/asking/')) this.#want(seeker, keyNameOf(text.slice('local/asking/'.length)))
    this.#tellKeys(deks)
    void seeker.run(this.#closing.signal)
    this.#looking.ask()
    return { store, deks, seeker, desk, purchases }
  }

  async #answer(question: Uint8Array, from: string): Promise<Judged<Uint8Array>> {
    const { desk } = await this.#opening
    const { answer, fault } = await desk.answer(question, from)
    if (fault !== null) this.options.line.distrust(from)
    return answer
  }

  /** What follows of a new head, or a new safety root. */
  async #look(): Promise<void> {
    if (this.#closing.signal.aborted) return
    const { deks, seeker, purchases } = await this.#opening
    await purchases.look().catch(() => {}) // looked at again with the next head
    const me = this.#me()
    const { status } = this.parts.sync
    if (deks.all().length > 0 && me !== null) await tellBox(me, this.parts, this.options.outbox).catch(() => {}) // tried again with the next head
    const { epoch, range } = this.parts.ledger.parameters
    if (me === null || !status.voted || !isFresh(status, { range })) return
    const safe: ReadValues = async names => await this.parts.ledger.values(names, status.safe.root)
    const { fetch, mark, drop } = holderDuties(await heldBy(safe, me), deks.all(), status.safe.header.number, epoch)
    for (const each of mark) await deks.mark(each)
    // Who may read it keeps it as a reader.
    for (const { cid, owner } of drop) {
      const facts = await this.#head().facts(cid, owner, me)
      if (facts !== null && admits(facts, me, owner)) await deks.own({ cid, owner })
      else await deks.drop({ cid, owner })
    }
    for (const name of fetch) this.#want(seeker, name)
    for (const cid of await publishedBy(safe, me)) if (deks.of({ cid, owner: me }) === null) this.#want(seeker, { cid, owner: me })
    if (fetch.length + mark.length + drop.length > 0) this.options.changed()
  }

  /** Null where what is kept is not the key, or cannot be opened any more. */
  async #seal(key: SealedKey, keyCommit: string, scope: EnvelopeScope): Promise<Envelope | null> {
    try { return await this.parts.keys.sealFor(key, keyCommit, scope) } catch (error) {
      const { code } = HoldfastError.from(error)
      if (code === 'wrong-key' || code === 'storage-lost') return null
      throw error
    }
  }

  async #keep(deks: DekBook, { cid, owner }: UploadName, key: SealedKey, purpose: 'access' | 'holder' | 'recover'): Promise<void> {
    await deks.keep({ cid, owner }, key, purpose)
    this.options.line.keyCame([{ cid, owner, sealed: key }])
    await (this.parts.store as unknown as AccessStore).setValues(askedChange({ cid, owner }, undefined))
    this.options.changed()
  }

  /** Wanted by this device itself; where there are too many it is tried with a later head. */
  #want(seeker: KeySeeker<SealedKey>, { cid, owner }: UploadName): void {
    try { seeker.want({ cid, owner }) } catch { return }
  }

  #met(): void {
    const now = this.parts.clock.now()
    for (const { address } of this.options.line.neighbours()) if (address !== null) this.#seen.set(address, now)
    for (const [oldest] of this.#seen) {
      if (this.#seen.size <= limits.keyHoldersSeen) break
      this.#seen.delete(oldest)
    }
    this.#nudge()
  }

  #tellKeys(deks: DekBook): void {
    const all = deks.all().map(({ cid, owner, key }) => ({ cid, owner, sealed: key }))
    if (all.length > 0) this.options.line.keyCame(all)
  }

  #nudge(): void { void this.#opening.then(({ seeker }) => { seeker.nudge() }).catch(() => {}) }

  #me(): Address | null {
    const identity: IdentityState | null = this.parts.identity()
    return identity === null || identity.locked || this.#closing.signal.aborted ? null : identity.address
  }

  #head(): ReturnType<typeof ledgerFacts> { return ledgerFacts(this.#headReader, this.parts.sync.status.head.header.number) }

  #states(): AccessStates | null {
    const { sync: { status }, ledger } = this.parts
    if (!status.voted || !isFresh(status, ledger.parameters)) return null
    const { safe, head } = status
    const at = (root: string, number: number) => ledgerFacts(async names => await ledger.values(names, root), number)
    return { safe: at(safe.root, safe.header.number), head: at(head.root, head.header.number) }
  }

  /** From here, or proved by others. */
  get #headReader(): ReadValues {
    return async names => {
      const found = await this.parts.sync.read(names)
      if (found === null) throw new HoldfastError('peer-unreachable', 'nobody tells what the ledger has')
      return found.values
    }
  }
}

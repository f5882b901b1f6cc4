import { ed25519 } from '@noble/curves/ed25519.js'
import { HoldfastError, limits, type Address, type Cid, type Clock, type Random } from '../base/index.ts'
import { networkPlaces, startNode, type ConnectionState, type NetNode, type NetworkPlaces } from '../net/index.ts'
import { openArchive } from '../media/index.ts'
import { openDatabase, openStores, readRange, type Database, type Stores } from '../store/index.ts'
import { startSwarm, type Swarm } from '../swarm/index.ts'
import { AttachmentDesk } from './attachment-desk.ts'
import { CameKeys } from './came-keys.ts'
import { ArrivingFiles } from './arriving.ts'
import { Blocklist } from './blocklist.ts'
import { ChoiceBook, type Choices } from './choices.ts'
import { DailyCheck } from './daily-check.ts'
import { ExtraPlaces } from './extra-places.ts'
import { FrameLog } from './frame-log.ts'
import { EntryDesk } from './entry-desk.ts'
import type { FileNamed } from './ledger-line.ts'
import { foundFiles } from './found-files.ts'
import { LeafProofs } from './leaf-proofs.ts'
import { JobBook } from './job-book.ts'
import { whenOrphaned } from './job-locks.ts'
import type { NetworkHost, NetworkService, NetworkUpdate, SealedLink, StoredItem } from './network-api.ts'
import { followNetworkFile } from './network-place.ts'
import { OpenedLinks } from './opened-links.ts'
import { PieceProbe } from './piece-probe.ts'
import { PublishedParts } from './published-parts.ts'
import { Reconciler } from './reconciler.ts'
import { NodeLinks } from './swarm-links.ts'
import { StateService } from './state-service.ts'
import { checkStored, sectionsOfStored } from './staged-copy.ts'
import { StoreDesk } from './store-desk.ts'
import { recover } from './recovery.ts'
import { removeScratch } from './remove-scratch.ts'
import { SearchDesk } from './search-desk.ts'
import { scratchOf } from './scratch-paths.ts'
import { Transfers } from './transfers.ts'
import { isUnasked } from './row-edits.ts'
import { Updates } from './updates.ts'
import { VolumeDesk } from './volume-desk.ts'
import { workerAlarm } from './worker-alarm.ts'

const clock: Clock = { now: () => Date.now() }
const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }

/** How often the trash is looked at for what has been there long enough. */
const trashLookMs = 60 * 60 * 1000

/**
 * Everything that lives in the network worker, put together: the store, the libp2p node, the swarm, and the transfers between them.
 * What is held is known before anything is connected, and stays usable when nothing ever is.
 */
export class NetworkWorker {
  readonly transfers: Transfers
  readonly updates: Updates
  readonly jobs: JobBook
  readonly published: PublishedParts
  readonly settings: ChoiceBook
  private readonly blocklist: Blocklist
  private readonly opened: OpenedLinks
  private readonly arriving: ArrivingFiles
  private readonly links = new NodeLinks((peerId, cid) => { this.attached.got(peerId, cid) })
  readonly attached: AttachmentDesk
  /** Questions about the ledger, ours and those of others. */
  readonly state = new StateService()
  readonly frames = new FrameLog()
  private readonly keys = new CameKeys(async (cid, sealed) => await this.transfers.rekey(cid, sealed))
  readonly reconciler: Reconciler
  private node: NetNode | null = null
  private swarm: Swarm | null = null
  readonly searches = new SearchDesk(this.links, clock, () => { this.updates.set({ searches: this.searches.list() }) })
  private readonly extraPlaces = new ExtraPlaces(() => { this.usePlaces() })
  /** Of the site the app came from. */
  private ownPlaces: NetworkPlaces | null = null
  /** With those of relays that links named. */
  private places: NetworkPlaces | null = null
  /** Whether anything is given now. */
  private giving = true
  private standing = { online: navigator.onLine, metered: false }

  private constructor(private readonly stores: Stores, readonly store: StoreDesk, host: NetworkHost, send: (update: NetworkUpdate) => void) {
    const { database } = stores
    this.updates = new Updates(send, () => ({ transfers: this.transfers, keeping: this.reconciler.figures() }), store.driver)
    this.jobs = new JobBook(database, clock, () => { this.updates.set({ jobs: this.jobs.list() }) })
    this.settings = new ChoiceBook(database, choices => { this.obey(choices) })
    this.blocklist = new Blocklist(database, clock)
    this.opened = new OpenedLinks(database, clock)
    this.arriving = new ArrivingFiles({
      read: async (cid, at, length, signal) => await this.read(cid, at, length, signal),
      openKey: async sealed => await host.openKey(sealed),
      openPlain: openArchive,
      changed: cid => { this.updates.changed(cid) },
    })
    this.transfers = new Transfers({
      ...stores, clock,
      trackers: () => this.places?.trackers ?? [],
      sharing: () => this.giving,
      mayCome: row => this.attached.attachments.mayCome(row) && (this.giving || !isUnasked(row)),
      blocked: cid => this.blocklist.has(cid),
      keyOf: cid => this.keys.of(cid),
      check: async request => await checkStored(stores, store, host, request),
      arriving: this.arriving,
      distrust: (cid, infohash) => { this.searches.exclude(cid, infohash) },
      changed: cid => {
        this.updates.changed(cid)
        this.reconciler.changed(cid)
      },
    })
    this.state.entries = new EntryDesk({ links: this.links, clock, random })
    const volumes = this.state.volumes = new VolumeDesk({
      staging: stores.staging, random, transfers: this.transfers, links: this.links,
      read: async (file, at, length) => await this.readFile(file, at, length, new AbortController().signal),
    })
    this.attached = new AttachmentDesk({
      volume: ({ chain, number }) => volumes.find(chain, number),
      ...stores, clock, sections: async file => await sectionsOfStored(stores, store, host, file), transfers: this.transfers, settings: this.settings, state: this.state, links: this.links,
      starts: { may: () => this.settings.current.sharing && !this.standing.metered, get: async ({ link, attachment }) => { await this.get(link, { give: this.settings.current.consent === 'agreed', relays: [], attachment }) } },
      gives: row => row.giving && this.giving && !this.blocklist.has(row.cid),
    })
    this.published = new PublishedParts({ staging: stores.staging, clock, jobs: this.jobs, transfers: this.transfers, updates: this.updates })
    this.reconciler = new Reconciler({
      database,
      transfers: this.transfers,
      alarm: workerAlarm,
      network: () => this.state.network,
      blocked: upload => this.blocklist.hasUpload(upload),
      every: () => this.settings.current['reconcile-ms'],
      here: () => this.settings.current.keeps !== false,
      samaritan: () => {
        const { consent, samaritan: { space, whose, charging, unmetered }, follows } = this.settings.current
        return consent !== 'agreed' || unmetered && this.standing.metered ? null : { space, whose, charging, follows }
      },
      handOver: {
        leaving: () => this.settings.current.keeps === 'leaving',
        elsewhere: async infohashes => this.state.account === null ? new Set() : await this.links.given(this.state.account, infohashes),
        left: async () => { await this.settings.set('keeps', false) },
      },
      paused: () => !this.giving,
      online: () => this.standing.online && this.swarm !== null,
      report: report => { this.state.held(report) },
      changed: () => { this.updates.figures() },
    })
    const proofs = new LeafProofs({
      bucket: stores.bucket,
      held: cid => this.transfers.row(cid),
      facts: async (cid, again) => await this.transfers.facts(cid, again),
      rests: () => this.settings.current.keeps === false || !this.giving,
    })
    const probe = new PieceProbe({ random, links: this.links, read: async (cid, at, length) => this.giving ? await this.transfers.stored(cid, at, length) : null })
    this.state.onProbe = async (keeper, file) => await probe.ask(keeper, file)
    this.state.onProveLeaf = async (_, file, leaf) => await proofs.prove(file, leaf)
    this.state.onDuties = duties => { this.reconciler.setDuties(duties) }
    this.state.onUploadEvents = events => { this.reconciler.hint(events) }
  }

  static async open(base: string, host: NetworkHost, send: (update: NetworkUpdate) => void): Promise<NetworkWorker> {
    const database = await openDatabase()
    let worker: NetworkWorker | null = null
    const stores = await openStores()
    const store = await StoreDesk.open({ database, stores, openSecret: async sealed => await host.openSecret(sealed), changed: state => { worker?.updates.set({ store: state }) } })
    worker = await NetworkWorker.over({ database, staging: stores.staging, bucket: store.bucket }, store, base, host, send)
    store.begin()
    return worker
  }

  private static async over(stores: Stores, store: StoreDesk, base: string, host: NetworkHost, send: (update: NetworkUpdate) => void): Promise<NetworkWorker> {
    const worker = new NetworkWorker(stores, store, host, send)
    await recover(worker.stores, async request => await checkStored(stores, store, host, request))
    await worker.jobs.open() // after that: what was mended has taken its job's row with it
    await worker.blocklist.open()
    await worker.opened.open()
    await worker.transfers.open()
    await worker.settings.open()
    worker.state.onKeys = keys => { worker.keys.came(keys) }
    worker.state.onReadFile = async (file, at, length, signal) => await worker.readFile(file, at, length, signal)
    await worker.reconciler.open()
    worker.updates.set({ opened: worker.opened.list(), jobs: worker.jobs.list(), store: store.state })
    worker.updates.flush()
    for (const { id, state } of worker.jobs.all()) if (state !== 'FAILED') void worker.watchJob(id)
    void worker.lookAtTrash()
    const forEver = new AbortController().signal
    void worker.reconciler.run(forEver)
    void new DailyCheck({ held: () => store.isOwn && worker.settings.current.rechecks ? worker.transfers.held : new Map(), verify: async cid => { await worker.transfers.verify(cid, true) }, alarm: workerAlarm }).run(forEver)
    void worker.findFiles(host).catch(() => {}) // the next start tries again
    const { database } = worker
    const memory = { load: async () => await database.setting('network'), save: async (places: NetworkPlaces) => { await database.set('network', places) } }
    void followNetworkFile({ base, read: networkPlaces, memory, onProblem: problem => { worker.tellStuck(problem) }, signal: new AbortController().signal }, places => { worker.use(places) })
    return worker
  }

  private get database(): Database {
    return this.stores.database
  }

  nudge(standing: { readonly online: boolean, readonly metered: boolean }): void {
    this.standing = standing
    this.node?.nudge(standing.online)
    if (standing.online) void this.attached.attachments.nudge().catch(() => {})
    this.obey(this.settings.current)
  }

  async place(job: string, packed: Parameters<NetworkService['place']>[1]): Promise<void> {
    await this.jobs.placing(job)
    await this.transfers.place(job, packed)
    await this.endJob(job, null)
    this.updates.flush() // the page ends the job next: its item is there by then
  }

  async beginJob(job: Parameters<NetworkService['openJob']>[0]): Promise<void> {
    await this.jobs.begin(job)
    void this.watchJob(job.id)
  }

  /** A job that no tab does any more was cut off. Its last step is done here and needs no tab. */
  private async watchJob(id: string): Promise<void> {
    await whenOrphaned(id, new AbortController().signal)
    const row = this.jobs.get(id)
    if (row?.state !== 'PREPARING' || (row.publish?.ready ?? null) !== null) return // what is ready waits for a tab
    await this.endJob(id, row.publish === undefined ? new HoldfastError('share-interrupted', 'the tab was closed before all files were read') : new HoldfastError('publish-interrupted', 'the tab was closed before all was made'))
  }

  /** Ends a job and its scratch, and what it had placed of something to be published; with a problem its row stays, so that the person hears of it. */
  async endJob(id: string, problem: HoldfastError | null): Promise<void> {
    const row = this.jobs.get(id)
    await navigator.locks.request(`job/${id}`, async () => {}) // a worker that was ended in the midst of decoding dies only when it looks up
    await removeScratch(this.stores.staging, clock, scratchOf(id, row))
    for (const cid of row?.state === 'FAILED' ? [] : row?.publish?.placed ?? []) await this.transfers.eraseContent(cid)
    await this.jobs.end(id, problem?.toObject() ?? null)
  }

  /** Takes in the keys that a backup brought: what lies here locked opens with them, the rest waits to be fetched. */
  async recall(): Promise<void> {
    await this.opened.open()
    for (const { cid, sealed } of this.opened.restored()) if (await this.transfers.rekey(cid, sealed).catch(() => false)) await this.opened.drop(cid)
    this.updates.set({ opened: this.opened.list() })
  }

  async open(link: SealedLink): Promise<void> {
    if (link.sealed !== null && await this.transfers.rekey(link.cid, link.sealed)) return
    await this.opened.put(link)
    this.updates.set({ opened: this.opened.list() })
    this.updates.flush() // the address bar forgets the key next
  }

  async get(link: SealedLink, options: Parameters<NetworkService['get']>[1]): Promise<void> {
    this.attached.attachments.refuseFalse(options.attachment ?? undefined)
    await this.transfers.get({ ...link, sealed: link.sealed ?? this.opened.get(link.cid)?.sealed ?? this.keys.of(link.cid) }, options)
    await this.opened.drop(link.cid)
    this.updates.set({ opened: this.opened.list() })
    this.updates.flush()
    await this.addRelays(options.relays)
    void this.attached.attachments.tick()
  }

  async resume(cid: Cid): Promise<void> {
    this.attached.attachments.refuseFalse(this.transfers.row(cid)?.attachment)
    await this.transfers.resume(cid)
  }

  async block(cid: Cid): Promise<void> {
    await this.blocklist.add(cid)
    await this.dropBlocked()
  }

  async blockOwner(owner: Address): Promise<void> {
    await this.blocklist.addOwner(owner)
    await this.dropBlocked()
  }

  /** What was offered and is taken off by the person is not taken again by itself. */
  async remove(cid: Cid): Promise<void> {
    this.reconciler.decline(cid)
    await this.attached.starts.leave(this.transfers.row(cid) ?? {})
    await this.transfers.remove(cid)
  }

  async importBlocklist(text: string): Promise<{ readonly added: number, readonly refused: number }> {
    const result = await this.blocklist.import(text)
    await this.dropBlocked()
    return result
  }

  async clearBlocklist(): Promise<void> {
    await this.blocklist.clear()
    this.obey(this.settings.current)
  }

  async removeRelay(host: string): Promise<void> {
    await this.settings.set('extra-relays', this.settings.current['extra-relays'].filter(each => each !== host))
  }

  /** Whether this device keeps for the account: who is to stop goes on until another has all of it, unless it is to stop `now`. */
  async keepHere(on: boolean, now: boolean): Promise<void> {
    await this.settings.set('keeps', on || (now || this.settings.current.keeps === false ? false : 'leaving'))
  }

  describe(cid: Cid): StoredItem {
    const row = this.transfers.row(cid)
    if (row === undefined || row.status === 'TRASHED') throw new HoldfastError('not-found', 'not held here')
    const { kind, size, title, path, sealed } = row
    return { cid, kind, size, title, sealed, path: row.status === 'SEEDING' ? path : null, members: this.transfers.members(cid), readable: this.transfers.readable(row) }
  }

  /** Some bytes of a file, also of one that is not here: then these alone are fetched. */
  private async readFile({ cid, infohash, size, kind, protected: locked }: FileNamed, at: number, length: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const file = { cid, infohash, size, kind: kind === 'audio' ? 'a' : kind === 'image' ? 'i' : locked ? 'p' : 'z' } as const
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(limits.glimpseMs)])
    return await this.transfers.glimpse(file, at, length, waiting) ?? await this.read(cid, at, length, waiting)
  }

  /** Bytes of a file: at once where it is stored, else once their pieces are here. */
  async read(cid: Cid, at: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const row = this.transfers.row(cid)
    if (row?.status === 'SEEDING') return await readRange(this.stores.bucket, row.path, at, length)
    if (row === undefined || this.swarm === null) throw new HoldfastError('not-found', 'not coming')
    return await this.swarm.read(row.infohash, at, length, signal)
  }

  private async addRelays(hosts: readonly string[]): Promise<void> {
    const known = this.settings.current['extra-relays']
    const fresh = hosts.filter(host => !known.includes(host))
    if (fresh.length > 0) await this.settings.set('extra-relays', [...known, ...fresh])
  }

  private async dropBlocked(): Promise<void> {
    for (const { cid, reasons } of this.transfers.held.values()) if (this.blocklist.has(cid) || this.blocklist.hasAllOwners(cid, reasons)) await this.transfers.eraseContent(cid)
    this.obey(this.settings.current)
    this.reconciler.ask()
  }

  /** Stored files without a row, as after the browser cleared IndexedDB alone. Hashing them takes a while, and holds up nothing. */
  private async findFiles(host: NetworkHost): Promise<void> {
    const { transfers, stores: { bucket } } = this
    for await (const row of foundFiles({ bucket, clock, check: async request => await checkStored(this.stores, this.store, host, request), known: cid => transfers.row(cid) !== undefined })) await transfers.found(row)
  }

  private async lookAtTrash(): Promise<void> {
    for (;;) {
      await this.transfers.trash.expire().catch(() => {}) // looked at again in an hour
      await new Promise(done => { setTimeout(done, trashLookMs) })
    }
  }

  /** Makes what happens agree with what the person chose and where the device stands. */
  private obey({ consent, sharing, rates, metered, 'extra-relays': extraRelays, listed, 'false-attachments': falseAttachments, 'reconcile-ms': every, rechecks: daily, follows, samaritan }: Choices): void {
    const before = this.giving
    this.giving = sharing && !(this.standing.metered && metered === 'pause')
    if (before !== this.giving) for (const row of this.transfers.held.values()) if (isUnasked(row) && row.status !== 'SEEDING') void this.transfers.engage(row.cid).catch(() => {}) // engaged again with the next change
    this.swarm?.setGiving(this.giving)
    this.swarm?.setRates(rates)
    this.attached.setRate(rates.up)
    this.transfers.offer()
    this.extraPlaces.setHosts(extraRelays)
    this.reconciler.ask()
    this.updates.set({ settings: { consent, sharing, rates, metered: { now: this.standing.metered, rule: metered }, extraRelays, blocked: this.blocklist.size, listed, falseAttachments, looks: { every, daily }, follows, samaritan } })
  }

  private use(places: NetworkPlaces): void {
    this.ownPlaces = places
    this.usePlaces()
  }

  private usePlaces(): void {
    if (this.ownPlaces === null) return
    const first = this.places === null
    const places = this.places = this.extraPlaces.merge(this.ownPlaces)
    this.updates.set({ network: places.name })
    if (first) void Promise.all([this.startNode(places), this.startSwarm(places)]).catch((error: unknown) => { this.tellStuck(HoldfastError.from(error)) })
    this.node?.setPlaces(places)
    this.swarm?.setTrackers(places.trackers)
    this.swarm?.setWebSeeds(places.content ?? [])
    for (const cid of this.transfers.all()) this.updates.changed(cid) // magnet links name the trackers
  }

  private async startNode(places: NetworkPlaces): Promise<void> {
    const { database } = this
    let seed = await database.setting('device-key')
    if (seed === null) {
      seed = random.bytes(32)
      await database.set('device-key', seed)
    }
    const known = await database.getAll('peers')
    this.node = await startNode({
      places, seed, clock, random,
      seq: await database.setting('seq') ?? 0,
      knownRecords: known.toSorted((a, b) => b.seen - a.seen).map(({ record }) => record),
      onChange: state => {
        this.updates.set({ connection: state, sent: this.frames.sent })
        this.state.changed()
      },
      onRecord: (peerId, record) => {
        this.write(database.put('peers', { peerId, record, seen: clock.now() }))
        this.state.changed()
      },
      onFrame: this.frames.tap,
      onSeq: seq => { this.write(database.set('seq', seq)) },
    })
    this.node.setPlaces(this.places ?? places)
    this.node.nudge(this.standing.online)
    await this.links.attach(this.node, this.transfers.given, this.attached.content)
    await this.state.attach({ node: this.node, device: ed25519.getPublicKey(seed) })
  }

  private async startSwarm({ trackers, stun }: NetworkPlaces): Promise<void> {
    const { transfers: { reports }, stores: { staging, bucket } } = this
    this.swarm = await startSwarm({
      trackers, stun, bucket, staging, clock,
      links: this.links,
      onChange: statuses => { reports.onChange(statuses) },
      onInfo: (infohash, info) => { reports.onInfo(infohash, info) },
      onPieces: (infohash, bitfield, received) => { reports.onPieces(infohash, bitfield, received) },
      onComplete: infohash => { reports.onComplete(infohash) },
      onProblem: (infohash, problem) => { reports.onProblem(infohash, problem) },
    })
    this.obey(this.settings.current)
    this.searches.attach(this.swarm)
    this.swarm.setTrackers(this.places?.trackers ?? trackers)
    this.swarm.setWebSeeds(this.places?.content ?? [])
    await this.transfers.attach(this.swarm)
    this.attached.attachments.start()
  }

  /** Before there is a node, the way to a relay is stuck at its first step. */
  private tellStuck(problem: HoldfastError): void {
    if (this.node !== null) return
    const waiting: ConnectionState['steps'] = (['reserved', 'signalling', 'direct'] as const).map(name => ({ name, state: 'waiting', reason: null }))
    this.updates.set({
      connection: {
        peerId: '', online: this.standing.online, relays: [], peers: [], rtc: { live: 0, made: 0 },
        steps: [{ name: 'relay', state: 'stuck', reason: problem.code }, ...waiting],
      },
    })
  }

  /** What is only remembered for the next start may be lost; a full disk is told where it hurts. */
  private write(done: Promise<void>): void {
    done.catch(() => {})
  }
}

import type { Cid, Clock, Random } from '../base/index.ts'
import { openArchive } from '../media/index.ts'
import { openDatabase, openStores, type Stores } from '../store/index.ts'
import { ArrivingFiles } from './arriving.ts'
import { AttachmentDesk } from './attachment-desk.ts'
import { BlockDesk } from './block-desk.ts'
import { Blocklist } from './blocklist.ts'
import { CameKeys } from './came-keys.ts'
import { ChoiceBook, type Choices } from './choices.ts'
import { EntryDesk } from './entry-desk.ts'
import { FileReads } from './file-reads.ts'
import { FrameLog } from './frame-log.ts'
import { keepHouse } from './housekeeping.ts'
import { JobBook } from './job-book.ts'
import { JobDesk } from './job-desk.ts'
import { LeafProofs } from './leaf-proofs.ts'
import { LinkDesk } from './link-desk.ts'
import type { CheckRequest, CheckResult, NetworkHost, NetworkUpdate } from './network-api.ts'
import { settingsNews } from './network-news.ts'
import { NetworkReach } from './network-reach.ts'
import { OpenedLinks } from './opened-links.ts'
import { PieceProbe } from './piece-probe.ts'
import { PublishedParts } from './published-parts.ts'
import { Reconciler } from './reconciler.ts'
import { recover } from './recovery.ts'
import { isUnasked } from './row-edits.ts'
import { SearchDesk } from './search-desk.ts'
import { checkStored, sectionsOfStored } from './staged-copy.ts'
import { StateService } from './state-service.ts'
import { StoreDesk } from './store-desk.ts'
import { NodeLinks } from './swarm-links.ts'
import { Transfers } from './transfers.ts'
import { Updates } from './updates.ts'
import { VolumeDesk } from './volume-desk.ts'
import { workerAlarm } from './worker-alarm.ts'

const clock: Clock = { now: () => Date.now() }
const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }

/**
 * Everything that lives in the network worker, put together: the store, the libp2p node, the swarm, and the transfers between them.
 * What is held is known before anything is connected, and stays usable when nothing ever is.
 */
export class NetworkWorker {
  readonly transfers: Transfers
  readonly updates: Updates
  readonly jobs: JobBook
  readonly jobDesk: JobDesk
  readonly published: PublishedParts
  readonly settings: ChoiceBook
  private readonly blocklist: Blocklist
  readonly blockDesk: BlockDesk
  private readonly opened: OpenedLinks
  readonly linkDesk: LinkDesk
  readonly reads: FileReads
  private readonly links = new NodeLinks((peerId, cid) => { this.attached.got(peerId, cid) })
  readonly attached: AttachmentDesk
  /** Questions about the ledger, ours and those of others. */
  readonly state = new StateService()
  readonly frames = new FrameLog()
  private readonly keys = new CameKeys(async (cid, sealed) => await this.transfers.rekey(cid, sealed))
  readonly reconciler: Reconciler
  private readonly reach: NetworkReach
  readonly searches = new SearchDesk(this.links, clock, () => { this.updates.set({ searches: this.searches.list() }) })
  /** Whether anything is given now. */
  private giving = true
  private standing = { online: navigator.onLine, metered: false }

  private constructor(stores: Stores, readonly store: StoreDesk, host: NetworkHost, send: (update: NetworkUpdate) => void) {
    const { database } = stores
    this.updates = new Updates(send, () => ({ transfers: this.transfers, keeping: this.reconciler.figures() }), store.driver)
    this.jobs = new JobBook(database, clock, () => { this.updates.set({ jobs: this.jobs.list() }) })
    this.settings = new ChoiceBook(database, choices => { this.obey(choices) })
    this.blocklist = new Blocklist(database, clock)
    this.opened = new OpenedLinks(database, clock)
    const arriving = new ArrivingFiles({
      read: async (cid, at, length, signal) => await this.reads.read(cid, at, length, signal),
      openKey: async sealed => await host.openKey(sealed),
      openPlain: openArchive,
      changed: cid => { this.updates.changed(cid) },
    })
    this.transfers = new Transfers({
      ...stores, clock,
      trackers: () => this.reach.trackers,
      sharing: () => this.giving,
      mayCome: row => this.attached.attachments.mayCome(row) && (this.giving || !isUnasked(row)),
      blocked: cid => this.blocklist.has(cid),
      keyOf: cid => this.keys.of(cid),
      check: async request => await checkStored(stores, store, host, request),
      arriving,
      distrust: (cid, infohash) => { this.searches.exclude(cid, infohash) },
      changed: cid => {
        this.updates.changed(cid)
        this.reconciler.changed(cid)
      },
    })
    this.state.entries = new EntryDesk({ links: this.links, clock, random })
    const volumes = this.state.volumes = new VolumeDesk({
      staging: stores.staging, random, transfers: this.transfers, links: this.links,
      read: async (file, at, length) => await this.reads.glimpse(file, at, length, new AbortController().signal),
    })
    this.attached = new AttachmentDesk({
      volume: ({ chain, number }) => volumes.find(chain, number),
      ...stores, clock, sections: async file => await sectionsOfStored(stores, store, host, file), transfers: this.transfers, settings: this.settings, state: this.state, links: this.links,
      starts: { may: () => this.settings.current.sharing && !this.standing.metered, get: async ({ link, attachment }) => { await this.linkDesk.get(link, { give: this.settings.current.consent === 'agreed', relays: [], attachment }) } },
      gives: row => row.giving && this.giving && !this.blocklist.has(row.cid),
    })
    const jobParts = { staging: stores.staging, clock, jobs: this.jobs, transfers: this.transfers, updates: this.updates }
    this.jobDesk = new JobDesk(jobParts)
    this.published = new PublishedParts(jobParts)
    this.linkDesk = new LinkDesk({ opened: this.opened, keys: this.keys, transfers: this.transfers, attachments: this.attached.attachments, settings: this.settings, updates: this.updates })
    this.blockDesk = new BlockDesk({ blocklist: this.blocklist, transfers: this.transfers, changed: () => { this.obey(this.settings.current) } })
    this.reads = new FileReads({ bucket: stores.bucket, transfers: this.transfers, swarm: () => this.reach.swarm })
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
      online: () => this.standing.online && this.reach.swarm !== null,
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
    this.reach = new NetworkReach({
      stores, clock, random, links: this.links, frames: this.frames, transfers: this.transfers, attached: this.attached, searches: this.searches, state: this.state, updates: this.updates,
      online: () => this.standing.online,
      begun: () => { this.obey(this.settings.current) },
    })
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
    const check = async (request: CheckRequest): Promise<CheckResult> => await checkStored(stores, store, host, request)
    await recover(stores, check)
    await worker.jobs.open() // after that: what was mended has taken its job's row with it
    await worker.blocklist.open()
    await worker.opened.open()
    await worker.transfers.open()
    await worker.settings.open()
    worker.state.onKeys = keys => { worker.keys.came(keys) }
    worker.state.onReadFile = async (file, at, length, signal) => await worker.reads.glimpse(file, at, length, signal)
    await worker.reconciler.open()
    worker.updates.set({ opened: worker.opened.list(), jobs: worker.jobs.list(), store: store.state })
    worker.updates.flush()
    worker.jobDesk.resume()
    void worker.reconciler.run(new AbortController().signal)
    keepHouse({ bucket: stores.bucket, clock, transfers: worker.transfers, settings: worker.settings, store, check })
    worker.reach.follow(base)
    return worker
  }

  nudge(standing: { readonly online: boolean, readonly metered: boolean }): void {
    this.standing = standing
    this.reach.nudge(standing.online)
    if (standing.online) void this.attached.attachments.nudge().catch(() => {})
    this.obey(this.settings.current)
  }

  /** What was offered and is taken off by the person is not taken again by itself. */
  async remove(cid: Cid): Promise<void> {
    this.reconciler.decline(cid)
    await this.attached.starts.leave(this.transfers.row(cid) ?? {})
    await this.transfers.remove(cid)
  }

  /** Whether this device keeps for the account: who is to stop goes on until another has all of it, unless it is to stop `now`. */
  async keepHere(on: boolean, now: boolean): Promise<void> {
    await this.settings.set('keeps', on || (now || this.settings.current.keeps === false ? false : 'leaving'))
  }

  /** Makes what happens agree with what the person chose and where the device stands. */
  private obey(choices: Choices): void {
    const { sharing, rates, metered, 'extra-relays': extraRelays } = choices
    const { reach: { swarm }, standing } = this
    const before = this.giving
    this.giving = sharing && !(standing.metered && metered === 'pause')
    if (before !== this.giving) for (const row of this.transfers.held.values()) if (isUnasked(row) && row.status !== 'SEEDING') void this.transfers.engage(row.cid).catch(() => {}) // engaged again with the next change
    swarm?.setGiving(this.giving)
    swarm?.setRates(rates)
    this.attached.setRate(rates.up)
    this.transfers.offer()
    this.reach.setHosts(extraRelays)
    this.reconciler.ask()
    this.updates.set({ settings: settingsNews(choices, { metered: standing.metered, blocked: this.blocklist.size }) })
  }
}

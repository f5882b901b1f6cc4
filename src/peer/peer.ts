import { HoldfastError, limits, type Address, type Cid, type Judged } from '../base/index.ts'
import { contentExtension, parseLink, plainExtension, planArchive, safeFileName, type CidAlone, type Link } from '../content/index.ts'
import type { Peer } from './api.ts'
import type { AttachmentName } from './attachment-name.ts'
import { missingHere } from './environment.ts'
import type { FolderOptions, SavedFolder } from './item-api.ts'
import type { Samaritan } from './keeping-api.ts'
import type { MiningActs, MiningState } from './ledger-api.ts'
import type { SealedLink } from './network-api.ts'
import type { PublishActs } from './publish-api.ts'
import { PageState } from './page-state.ts'
import { Badge } from './badge.ts'
import { recordActs } from './record-acts.ts'
import type { MeteredRule, Rates, Theme } from './settings-api.ts'
import type { ShareOptions, SharePlan, SourceFile } from './share-api.ts'
import type { PeerState } from './state-api.ts'
import { storeActs } from './store-acts.ts'
import { threadActs } from './thread-acts.ts'
import { uploadActs } from './upload-acts.ts'
import { publishActs } from './publish-acts.ts'
import { rememberedPublishers, rememberPublisher } from './pictures.ts'
import { walletActs } from './wallet-acts.ts'
import { identityActs } from './identity-acts.ts'
import { Incoming } from './incoming.ts'
import { Saving } from './saving.ts'
import { Tab } from './tab.ts'
import { rememberTheme, rememberedTheme } from './theme.ts'

interface Parts { readonly tab: Tab, readonly saving: Saving, readonly incoming: Incoming }

interface InstallPrompt extends Event { prompt(): Promise<unknown> }

/** Starts the peer of this page. State and reasons for waiting or failing arrive in `state`; this never throws. */
export function startPeer(): Peer {
  return new PagePeer()
}

/** The one object that pages see: it hands every wish to whom it concerns, and shows what the tab knows. */
class PagePeer implements Peer {
  private readonly page: PageState
  private readonly parts: Parts | null
  /** Files from the system that a job shares, kept until it is done. */
  private readonly handed = new Map<string, readonly SourceFile[]>()
  private installPrompt: InstallPrompt | null = null
  readonly identity = identityActs(() => this.running().tab)
  readonly wallet = walletActs(() => this.running().tab.ledger)
  readonly threads = threadActs({ ledger: () => this.running().tab.ledger, network: () => this.network, state: () => this.state })
  readonly publishing: PublishActs = {
    ...uploadActs({ ledger: () => this.running().tab.ledger, network: () => this.network, state: () => this.state }),
    ...publishActs({
      parts: () => this.running(),
      state: () => this.state,
      subscribe: listener => this.subscribe(listener),
      begun: (id, files) => { if (this.running().incoming.holds(files)) this.handed.set(id, files) },
    }),
  }
  readonly records = recordActs(() => this.running().tab.ledger, () => this.state.records !== null)
  readonly store = storeActs(() => this.running().tab, () => this.state.store)
  readonly mining: MiningActs = {
    consent: async agreed => {
      this.showMining({ consent: agreed ? 'agreed' : 'declined' })
      await this.running().tab.ledger.consentToMining(agreed)
    },
    sayCharging: async on => {
      this.showMining({ saidCharging: on })
      await this.running().tab.ledger.sayCharging(on)
    },
  }

  constructor() {
    const missing = missingHere()
    this.page = new PageState(firstState(missing))
    this.parts = null
    if (missing !== null) return
    const saving = new Saving(() => { this.page.set({ updateReady: true }) })
    this.page.set({ canPick: saving.canPick, canPickFolder: saving.canPickFolder })
    window.addEventListener('beforeinstallprompt', event => {
      event.preventDefault()
      this.installPrompt = event as InstallPrompt
      this.page.set({ installable: true })
    })
    window.addEventListener('storage', () => { this.page.set({ theme: rememberedTheme(), picturesOf: rememberedPublishers() }) }) // chosen in another tab
    const incoming = new Incoming(files => { this.page.set({ incoming: files }) })
    this.parts = { saving, incoming, tab: new Tab(this.page) }
    const badge = new Badge()
    this.page.subscribe(({ jobs, items }) => {
      badge.update({ jobs, items })
      this.releaseHanded(jobs)
    })
    incoming.look().catch(() => {}) // what waits there is looked at again with the next page
  }

  get state(): PeerState { return this.page.state }
  subscribe(listener: (state: PeerState) => void): () => void { return this.page.subscribe(listener) }

  plan(files: readonly SourceFile[]): SharePlan {
    const { title, bytes, refusal } = planArchive(files.map(({ path, file }) => ({ path, size: file.size })))
    return { title, bytes, refusal, files: files.length }
  }

  async share(files: readonly SourceFile[], title: string, options: ShareOptions): Promise<string> {
    const { refusal } = this.plan(files)
    if (refusal !== null) throw new HoldfastError(refusal.code, refusal.reason)
    const { tab, incoming } = this.running()
    const id = tab.jobs.start(files, title, options)
    if (incoming.holds(files)) this.handed.set(id, files)
    return id
  }

  async cancelJob(id: string): Promise<void> {
    const { tab } = this.running()
    if (!tab.jobs.cancel(id) && !tab.publishes.cancel(id)) await tab.network.cancelJob(id)
  }

  async dismissJob(id: string): Promise<void> {
    const { tab } = this.running()
    if (!tab.jobs.dismiss(id) && !tab.publishes.dismiss(id)) await tab.network.dropJob(id)
  }

  takeIncoming(): readonly SourceFile[] { return this.running().incoming.take() }

  readLink(text: string): Judged<Link | CidAlone> { return parseLink(text) }

  async open(link: Link): Promise<void> {
    if (link.key === null) throw new HoldfastError('bad-input', 'the link has no key to keep')
    await this.network.open(await this.sealed(link))
  }

  async get(link: Link, relays: readonly string[] = [], attachment: AttachmentName | null = null): Promise<void> {
    await this.network.get(await this.sealed(link), { give: this.state.consent === 'agreed', relays, attachment })
  }

  async search(cid: Cid): Promise<void> { await this.network.search(cid) }
  async endSearch(cid: Cid): Promise<void> { await this.network.endSearch(cid) }
  async pause(cid: Cid): Promise<void> { await this.network.pause(cid) }
  async resume(cid: Cid): Promise<void> { await this.network.resume(cid) }
  async give(cid: Cid, on: boolean): Promise<void> { await this.network.give(cid, on) }
  async setFindable(cid: Cid, on: boolean): Promise<void> { await this.network.setFindable(cid, on) }
  async verify(cid: Cid): Promise<void> { await this.network.verify(cid) }
  async unpackAnyway(cid: Cid): Promise<void> { await this.network.unpackAnyway(cid) }
  async remove(cid: Cid): Promise<void> { await this.network.remove(cid) }
  async restore(cid: Cid): Promise<void> { await this.network.restore(cid) }
  async discard(cid: Cid | null): Promise<void> { await this.network.discard(cid) }
  async pin(cid: Cid, on: boolean): Promise<void> { await this.network.pin(cid, on) }
  async block(cid: Cid): Promise<void> { await this.network.block(cid) }
  async blockOwner(owner: Address): Promise<void> { await this.network.blockOwner(owner) }
  async decideRemoval(take: boolean): Promise<void> { await this.network.decideRemoval(take) }
  async keepHere(on: boolean, now = false): Promise<void> { await this.network.keepHere(on, now) }
  async setSamaritan(choices: Samaritan): Promise<void> { await this.network.setSamaritan(choices) }
  async setReconcile(ms: number): Promise<void> { await this.network.setReconcile(ms) }
  async setRechecks(on: boolean): Promise<void> { await this.network.setRechecks(on) }
  async follow(owner: Address, on: boolean): Promise<void> { await this.network.follow(owner, on) }
  async importBlocklist(text: string): Promise<{ readonly added: number, readonly refused: number }> { return await this.network.importBlocklist(text) }
  async clearBlocklist(): Promise<void> { await this.network.clearBlocklist() }

  async save(cid: Cid, member: number | null): Promise<void> {
    const { tab, saving } = this.running()
    await saving.save(cid, member, () => { tab.presence.expectDownload() })
  }

  async saveAs(cid: Cid, member: number | null): Promise<boolean> {
    const { tab: { known }, saving } = this.running()
    const path = member === null ? undefined : known.membersOf(cid)?.[member]?.path
    const item = known.item(cid)
    const kind = item?.kind ?? 'z'
    const sealed = kind === 'a' ? !known.hasKey(cid) : kind === 'p' && item?.bomb !== true && known.membersOf(cid) === null // without its key it is saved as it is
    const name = path === undefined ? `${item?.title ?? cid}${sealed ? contentExtension(kind) : plainExtension(kind)}` : path.slice(path.lastIndexOf('/') + 1)
    return await saving.saveAs(cid, member, safeFileName(name))
  }

  async saveFolder(cid: Cid, options: FolderOptions): Promise<SavedFolder | null> { return await this.running().saving.saveFolder(cid, options) }

  async consent(agreed: boolean): Promise<void> {
    const answer = agreed ? 'agreed' : 'declined'
    this.page.set({ consent: answer }) // at once: the get it was asked for follows
    await this.network.consent(answer)
  }

  async setSharing(on: boolean): Promise<void> { await this.network.setSharing(on) }
  async setRates(rates: Rates): Promise<void> { await this.network.setRates(rates) }
  async setMetered(rule: MeteredRule): Promise<void> { await this.network.setMetered(rule) }
  async setListed(on: boolean): Promise<void> { await this.network.setListed(on) }
  async removeRelay(host: string): Promise<void> { await this.network.removeRelay(host) }

  async decideAlert(tip: Cid, take: boolean): Promise<void> { await this.running().tab.ledger.decideAlert(tip, take) }

  async setTheme(theme: Theme): Promise<void> {
    rememberTheme(theme)
    this.page.set({ theme })
  }

  async showPictures(owner: Address, on: boolean): Promise<void> { this.page.set({ picturesOf: rememberPublisher(owner, on) }) }

  async persist(): Promise<void> { await this.running().tab.persist() }
  async update(): Promise<void> { await this.running().saving.update() }

  async install(): Promise<void> {
    await this.installPrompt?.prompt()
    this.installPrompt = null
    this.page.set({ installable: false })
  }

  /** At once: a switch stays where it was put until the worker has heard of it. */
  private showMining(change: Partial<MiningState>): void {
    const { ledger } = this.state
    if (ledger.phase === 'open') this.page.set({ ledger: { ...ledger, mining: { ...ledger.mining, ...change } } })
  }

  private get network(): Tab['network'] {
    return this.running().tab.network
  }

  private running(): Parts {
    if (this.parts === null) throw new HoldfastError('unsupported', 'the peer cannot run here')
    return this.parts
  }

  /** What the system handed over is deleted once its job is done; of one that failed it is kept. */
  private releaseHanded(jobs: PeerState['jobs']): void {
    for (const [id, files] of this.handed) {
      if (jobs.some(job => job.id === id)) continue
      this.handed.delete(id)
      this.parts?.incoming.release(files).catch(() => {}) // it goes by itself after a day
    }
  }

  /** A link as it goes to the network worker, which sees no key. */
  private async sealed({ key, ...rest }: Link): Promise<SealedLink> {
    return { ...rest, sealed: key === null ? null : await this.running().tab.keys.seal(key) }
  }
}

function firstState(missing: PeerState['missing']): PeerState {
  return {
    phase: missing === null ? 'starting' : 'unsupported', missing,
    leads: false, failure: null, version: __VERSION__, network: '',
    connection: { peerId: '', online: navigator.onLine, steps: [], relays: [], peers: [], rtc: { live: 0, made: 0 } },
    sent: { frames: 0, unasked: 0 },
    jobs: [], items: [], opened: [], searches: [], trash: [], incoming: [],
    storage: { used: 0, reserved: 0, trash: 0, persisted: false, driver: 'opfs' },
    store: { url: 'opfs://holdfast/content', driver: 'opfs', moving: null, problem: null },
    consent: 'unasked', sharing: true, rates: { up: null, down: null }, metered: { now: false, rule: 'pause' },
    blocked: 0, extraRelays: [], listed: false, falseAttachments: [], identity: null, ledger: { phase: 'waiting' }, account: null, wallet: null, threads: null,
    uploads: null, records: null, keeping: null, looks: { every: limits.reconcileMs, daily: true }, samaritan: { space: 2 ** 30, whose: 'fetched', charging: true, unmetered: true }, follows: [], picturesOf: rememberedPublishers(), theme: rememberedTheme(), updateReady: false, installable: false, canPick: false, canPickFolder: false,
  }
}

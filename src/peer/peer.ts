import { HoldfastError, accept, reject, type Cid, type Clock, type Judged } from '../base/index.ts'
import { cleanName, parseLink, planArchive, safeFileName, type Link, type Member } from '../content/index.ts'
import { servePeerConnections } from '../net/index.ts'
import type { Peer, PeerState, SharePlan, SourceFile, Theme } from './api.ts'
import { missingHere } from './environment.ts'
import { lead } from './leadership.ts'
import type { ItemUpdate, NetworkService, NetworkUpdate } from './network-api.ts'
import { Presence } from './presence.ts'
import { hand, offer, wrapService, type Remote } from './rpc.ts'
import { Saving } from './saving.ts'
import { ShareJobs, checkInMedia } from './share-jobs.ts'
import { rememberTheme, rememberedTheme } from './theme.ts'

interface InstallPrompt extends Event { prompt(): Promise<unknown> }

const clock: Clock = { now: () => Date.now() }

/** Starts the peer of this page. State and reasons for waiting or failing arrive in `state`; this never throws. */
export function startPeer(): Peer {
  return new PagePeer()
}

/**
 * The page's half of the peer: it leads or waits for its turn, owns the network worker, the RTC host and the share jobs, and puts
 * what they tell together into one state. It holds no payload: bytes go between workers, disk and network.
 */
class PagePeer implements Peer {
  state: PeerState
  private readonly listeners = new Set<(state: PeerState) => void>()
  private readonly items = new Map<Cid, ItemUpdate>()
  private readonly members = new Map<Cid, readonly Member[]>()
  private readonly saving: Saving | null
  private network: Remote<NetworkService> | null = null
  private presence: Presence | null = null
  private jobs: ShareJobs | null = null
  private installPrompt: InstallPrompt | null = null
  private persistAsked = false
  private announced = false

  constructor() {
    const missing = missingHere()
    this.saving = missing === null ? new Saving(() => { this.set({ updateReady: true }) }) : null
    this.state = {
      phase: missing === null ? 'starting' : 'unsupported', missing,
      failure: null, version: __VERSION__, network: '', jobs: [], items: [],
      connection: { peerId: '', online: navigator.onLine, steps: [], relays: [], peers: [], rtc: { live: 0, made: 0 } },
      storage: { used: 0, reserved: 0, persisted: false },
      consent: 'unasked', sharing: true, theme: rememberedTheme(), updateReady: false, installable: false, canPick: this.saving?.canPick ?? false,
    }
    if (missing !== null) return
    window.addEventListener('beforeinstallprompt', event => {
      event.preventDefault()
      this.installPrompt = event as InstallPrompt
      this.set({ installable: true })
    })
    this.run().catch((error: unknown) => { this.set({ phase: 'broken', failure: HoldfastError.from(error).toObject() }) })
  }

  subscribe(listener: (state: PeerState) => void): () => void {
    this.listeners.add(listener)
    return () => { this.listeners.delete(listener) }
  }

  plan(files: readonly SourceFile[]): SharePlan {
    const { title, bytes, refusal } = planArchive(files.map(({ path, file }) => ({ path, size: file.size })))
    return { title, bytes, refusal, files: files.length }
  }

  async share(files: readonly SourceFile[], title: string): Promise<string> {
    const { refusal } = this.plan(files)
    if (refusal !== null) throw new HoldfastError(refusal.code, refusal.reason)
    return this.running().jobs.start(files, title)
  }

  async cancelJob(id: string): Promise<void> {
    this.running().jobs.cancel(id)
  }

  async dismissJob(id: string): Promise<void> {
    await this.running().network.dropJob(id)
  }

  readLink(text: string): Judged<Link> {
    const judged = parseLink(text)
    if (!judged.ok) return judged
    const { value } = judged
    if (value.infohash === null) return reject('link-unknown-kind', 'a content id alone does not say where to look; a whole link is needed')
    return value.key === null ? accept(value) : reject('link-unknown-kind', 'protected files need a newer version of Holdfast')
  }

  async get(link: Link): Promise<void> {
    await this.running().network.get(link, this.state.consent === 'agreed')
  }

  async pause(cid: Cid): Promise<void> {
    await this.running().network.pause(cid)
  }

  async resume(cid: Cid): Promise<void> {
    await this.running().network.resume(cid)
  }

  async give(cid: Cid, on: boolean): Promise<void> {
    await this.running().network.give(cid, on)
  }

  async remove(cid: Cid): Promise<void> {
    await this.running().network.remove(cid)
  }

  async save(cid: Cid, member: number | null): Promise<void> {
    this.presence?.expectDownload()
    await this.saving?.save(cid, member)
  }

  async saveAs(cid: Cid, member: number | null): Promise<boolean> {
    const path = member === null ? undefined : this.members.get(cid)?.[member]?.path
    const name = path === undefined ? `${this.items.get(cid)?.title ?? cid}.tgz` : path.slice(path.lastIndexOf('/') + 1)
    return await this.saving?.saveAs(cid, member, safeFileName(name)) ?? false
  }

  async consent(agreed: boolean): Promise<void> {
    const answer = agreed ? 'agreed' : 'declined'
    this.set({ consent: answer }) // at once: the get it was asked for follows
    await this.running().network.consent(answer)
  }

  async setSharing(on: boolean): Promise<void> {
    await this.running().network.setSharing(on)
  }

  async setTheme(theme: Theme): Promise<void> {
    rememberTheme(theme)
    this.set({ theme })
  }

  async persist(): Promise<void> {
    const persisted = await navigator.storage.persist()
    this.set({ storage: { ...this.state.storage, persisted } })
  }

  async update(): Promise<void> {
    await this.saving?.update()
  }

  async install(): Promise<void> {
    await this.installPrompt?.prompt()
    this.installPrompt = null
    this.set({ installable: false })
  }

  private async run(): Promise<void> {
    await lead(() => { this.set({ phase: 'elsewhere' }) })
    this.set({ phase: 'starting' })
    const worker = new Worker(new URL('../../workers/network.ts', import.meta.url), { type: 'module', name: 'network' })
    const network = this.network = wrapService<NetworkService>(worker)
    const { port1, port2 } = new MessageChannel()
    const connections = servePeerConnections(port1)
    // Until it has begun, an error means that the worker cannot run at all; later it is only one of many things that go on in it.
    const begun = new AbortController()
    const broken = new Promise<never>((_resolve, fail) => {
      worker.addEventListener('error', event => {
        connections.dispose()
        fail(new HoldfastError('internal', event.message || 'the network worker could not be loaded'))
      }, { signal: begun.signal })
    })
    this.jobs = new ShareJobs(network, clock, () => { this.assemble() })
    await Promise.race([broken, network.start(
      hand({ rtc: port2, base: location.href.replace(/#.*$/, '') }, [port2]),
      offer({ changed: (update: NetworkUpdate) => { this.learn(update) }, check: checkInMedia }),
    )])
    begun.abort()
    this.presence = new Presence(online => { void network.nudge(online) })
    this.set({ phase: 'running', storage: { ...this.state.storage, persisted: await navigator.storage.persisted() } })
    this.assemble()
  }

  private learn({ items = [], removed = [], members = [], failedJobs, connection, network, settings, storage }: NetworkUpdate): void {
    for (const cid of removed) {
      this.items.delete(cid)
      this.members.delete(cid)
    }
    for (const item of items) this.items.set(item.cid, item)
    for (const [cid, list] of members) this.members.set(cid, list.map(member => ({ ...member, path: cleanName(member.path) })))
    this.state = {
      ...this.state, ...settings,
      ...connection === undefined ? {} : { connection }, ...network === undefined ? {} : { network },
      ...storage === undefined ? {} : { storage: { ...this.state.storage, ...storage } },
    }
    if (failedJobs === undefined) this.assemble()
    else this.jobs?.setFailed(failedJobs)
  }

  /** Puts the parts together; many changes of one task make one announcement. */
  private assemble(): void {
    const items = [...this.items.values()].map(item => ({ ...item, members: this.members.get(item.cid) ?? null })).toSorted((a, b) => b.addedAt - a.addedAt)
    this.set({ items, jobs: this.jobs?.list() ?? [] })
    const coming = items.some(({ state, receivers }) => state === 'getting' || state === 'checking' || receivers.length > 0)
    this.presence?.setBusy(coming || this.jobs?.active === true)
    if (!this.persistAsked && this.state.phase === 'running' && items.some(({ state }) => state === 'here')) {
      this.persistAsked = true
      this.persist().catch(() => {}) // the browser said no in its own way; the Library shows it
    }
  }

  private set(change: Partial<PeerState>): void {
    this.state = Object.freeze({ ...this.state, ...change })
    if (this.announced) return
    this.announced = true
    queueMicrotask(() => {
      this.announced = false
      for (const listener of this.listeners) listener(this.state)
    })
  }

  private running(): { network: Remote<NetworkService>, jobs: ShareJobs } {
    if (this.network === null || this.jobs === null || this.state.phase !== 'running') throw new HoldfastError('unsupported', 'the peer is not running')
    return { network: this.network, jobs: this.jobs }
  }
}

import { HoldfastError, limits, type Clock, type ErrorObject, type Random } from '../base/index.ts'
import { installPeerConnections, startNode, type ConnectionState, type NetNode, type NetworkPlaces } from '../net/index.ts'
import { checkCanary, cleanScratch, mendPlacing, openDatabase, openStores, plantCanary, settleVerified, type Bucket, type ContentRow, type Database, type JobRow, type Staging, type Stores } from '../store/index.ts'
import { startSwarm, type Swarm } from '../swarm/index.ts'
import { foundFiles } from './found-files.ts'
import type { NetworkHost, NetworkService } from './network-api.ts'
import { followNetworkFile } from './network-place.ts'
import { downloadPath, jobFolder } from './scratch-paths.ts'
import { Transfers } from './transfers.ts'
import { Updates } from './updates.ts'

const clock: Clock = { now: () => Date.now() }
const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }
const locks = { isFree: async (name: string) => (await navigator.locks.query()).held?.every(lock => lock.name !== name) ?? true }

/**
 * Everything that lives in the network worker, put together: the store, the libp2p node, the swarm, and the transfers between them.
 * What is held is known before anything is connected, and stays usable when nothing ever is.
 */
export function createNetworkService(): NetworkService {
  let worker: NetworkWorker | null = null
  const running = () => {
    if (worker === null) throw new HoldfastError('unsupported', 'the network worker has not begun')
    return worker
  }
  return {
    start: async ({ rtc, base }, host) => {
      installPeerConnections(rtc)
      worker = await NetworkWorker.open(base, host)
    },
    nudge: async online => { running().nudge(online) },
    openJob: async job => { await running().database.put('jobs', { ...job, state: 'PREPARING', problem: null, startedAt: clock.now(), options: { protect: false, findable: false } }) },
    failJob: async (id, problem) => { await running().endJob(id, problem) },
    dropJob: async id => { await running().endJob(id, null) },
    place: async (job, packed) => { await running().place(job, packed) },
    get: async (link, give) => { await running().transfers.get(link, give) },
    pause: async cid => { await running().transfers.pause(cid) },
    resume: async cid => { await running().transfers.resume(cid) },
    give: async (cid, on) => { await running().transfers.give(cid, on) },
    remove: async cid => { await running().transfers.remove(cid) },
    consent: async answer => { await running().consent(answer) },
    setSharing: async on => { await running().setSharing(on) },
  }
}

class NetworkWorker {
  readonly transfers: Transfers
  private readonly updates: Updates
  private node: NetNode | null = null
  private swarm: Swarm | null = null
  private places: NetworkPlaces | null = null
  private sharing = true
  private online = navigator.onLine
  private consented: 'agreed' | 'declined' | 'unasked' = 'unasked'

  private constructor(readonly database: Database, private readonly staging: Staging, private readonly bucket: Bucket, private readonly base: string, host: NetworkHost) {
    this.updates = new Updates(update => { host.changed(update) }, () => this.transfers)
    this.transfers = new Transfers({
      database, staging, bucket, clock, base,
      trackers: () => this.places?.trackers ?? [],
      check: async request => await host.check(request),
      changed: cid => { this.updates.changed(cid) },
    })
  }

  static async open(base: string, host: NetworkHost): Promise<NetworkWorker> {
    const { staging, bucket } = await openStores()
    const worker = new NetworkWorker(await openDatabase(), staging, bucket, base, host)
    await worker.recover(host)
    await worker.transfers.open()
    worker.sharing = await worker.database.setting('sharing') ?? true
    worker.consented = await worker.database.setting('consent') ?? 'unasked'
    worker.tellSettings()
    await worker.tellJobs()
    worker.updates.flush()
    void worker.findFiles(host).catch(() => {}) // the next start tries again
    const memory = { load: async () => await worker.database.setting('network'), save: async (places: NetworkPlaces) => { await worker.database.set('network', places) } }
    void followNetworkFile(base, memory, places => { worker.use(places) }, problem => { worker.tellStuck(problem) }, new AbortController().signal)
    return worker
  }

  private get stores(): Stores {
    const { database, staging, bucket } = this
    return { database, staging, bucket }
  }

  nudge(online: boolean): void {
    this.online = online
    this.node?.nudge(online)
  }

  async place(job: string, packed: Parameters<NetworkService['place']>[1]): Promise<void> {
    const row = await this.database.get('jobs', job)
    if (row !== null) await this.database.put('jobs', { ...row, state: 'PLACING' })
    await this.transfers.place(job, packed)
    await this.endJob(job, null)
    this.updates.flush() // the page ends the job next: its item is there by then
  }

  /** Ends a job and its scratch; with a problem its row stays, so that the person hears of it. */
  async endJob(id: string, problem: ErrorObject | null): Promise<void> {
    await this.removeScratch(jobFolder(id))
    const row = await this.database.get('jobs', id)
    if (row !== null) await (problem === null ? this.database.delete('jobs', id) : this.database.put('jobs', { ...row, state: 'FAILED', problem }))
    await this.tellJobs()
  }

  /** A media worker that was just ended may hold its file for some 20 ms more. */
  private async removeScratch(path: string): Promise<void> {
    for (const deadline = clock.now() + limits.handOverMs; ;) {
      try { await this.staging.remove(path); return } catch (error) {
        if (HoldfastError.from(error).code !== 'storage-busy' || clock.now() > deadline) throw error
      }
      await new Promise(done => { setTimeout(done, 20) })
    }
  }

  async consent(answer: 'agreed' | 'declined'): Promise<void> {
    this.consented = answer
    await this.database.set('consent', answer)
    this.tellSettings()
  }

  async setSharing(on: boolean): Promise<void> {
    this.sharing = on
    this.swarm?.setGiving(on)
    await this.database.set('sharing', on)
    this.tellSettings()
  }

  /** Mends what a kill left, before anything else touches it. */
  private async recover(host: NetworkHost): Promise<void> {
    if (await checkCanary(this.database, this.staging) === 'lost') await this.mournLost()
    for (const { mend, row, problem } of await mendPlacing(this.stores)) {
      if (problem !== null) await this.database.put('content', { ...row, problem: problem.toObject() })
      if (mend === 'verify') await this.verifyPlaced(host, row)
    }
    for (const row of await this.database.getAll('jobs')) await this.recoverJob(row)
    await cleanScratch(this.stores, locks)
  }

  /** Stored files without a row, as after the browser cleared IndexedDB alone. Hashing them takes a while, and holds up nothing. */
  private async findFiles(host: NetworkHost): Promise<void> {
    const { bucket, transfers } = this
    for await (const row of foundFiles({ bucket, clock, check: async request => await host.check(request), known: cid => transfers.item(cid) !== null })) await transfers.found(row)
  }

  /** Only a verdict on the bytes lets them be deleted; a check that could not be made leaves the row for the next start. */
  private async verifyPlaced(host: NetworkHost, row: ContentRow): Promise<void> {
    try {
      await host.check({ path: row.path, cid: row.cid, size: row.size, placed: true })
      await settleVerified(this.stores, row, true)
    } catch (error) {
      const problem = HoldfastError.from(error)
      if (problem.code === 'wrong-bytes') await settleVerified(this.stores, row, false)
      else await this.database.put('content', { ...row, problem: problem.toObject() })
    }
  }

  /** A job found at the start was cut off: done but for its last step, or to be told of. */
  private async recoverJob(row: JobRow): Promise<void> {
    if (row.state === 'FAILED') return
    const done = row.state === 'PLACING' && !await this.staging.exists(row.staging)
    await this.endJob(row.id, done ? null : new HoldfastError('share-interrupted', 'the tab was closed before all files were read').toObject())
  }

  /** The browser took rows or files away: what is gone is said to be gone, what was got is fetched again when asked for. */
  private async mournLost(): Promise<void> {
    for (const row of await this.database.getAll('content')) {
      if (row.status !== 'SEEDING' || await this.bucket.exists(row.path)) continue
      await this.database.put('content', { ...row, status: 'FAILED', staging: row.origin === 'got' ? downloadPath(row.cid) : null, problem: new HoldfastError('storage-lost', 'the browser cleared this file').toObject() })
      await this.database.delete('progress', row.cid)
    }
    await plantCanary(this.database, this.staging)
  }

  private use(places: NetworkPlaces): void {
    const first = this.places === null
    this.places = places
    this.updates.set('network', places.name)
    if (first) void Promise.all([this.startNode(), this.startSwarm()]).catch((error: unknown) => { this.tellStuck(HoldfastError.from(error)) })
    this.node?.setPlaces(places)
    this.swarm?.setTrackers(places.trackers)
    for (const cid of this.transfers.all()) this.updates.changed(cid) // magnet links name the trackers
  }

  private async startNode(): Promise<void> {
    const { database } = this
    let seed = await database.setting('device-key')
    if (seed === null) {
      seed = random.bytes(32)
      await database.set('device-key', seed)
    }
    const known = await database.getAll('peers')
    this.node = await startNode({
      places: this.places as NetworkPlaces,
      seed, clock, random,
      seq: await database.setting('seq') ?? 0,
      knownRecords: known.toSorted((a, b) => b.seen - a.seen).map(({ record }) => record),
      onChange: state => { this.updates.set('connection', state) },
      onRecord: (peerId, record) => { this.write(database.put('peers', { peerId, record, seen: clock.now() })) },
      onSeq: seq => { this.write(database.set('seq', seq)) },
    })
    if (this.places !== null) this.node.setPlaces(this.places)
    this.node.nudge(this.online)
  }

  private async startSwarm(): Promise<void> {
    const { transfers, staging, bucket } = this
    const { trackers, stun } = this.places as NetworkPlaces
    this.swarm = await startSwarm({
      trackers, stun, bucket, staging, clock,
      onChange: statuses => { transfers.onChange(statuses) },
      onInfo: (infohash, info) => { transfers.onInfo(infohash, info) },
      onPieces: (infohash, bitfield, received) => { transfers.onPieces(infohash, bitfield, received) },
      onComplete: infohash => { transfers.onComplete(infohash) },
      onProblem: (infohash, problem) => { transfers.onProblem(infohash, problem) },
    })
    this.swarm.setGiving(this.sharing)
    this.swarm.setTrackers(this.places?.trackers ?? trackers)
    await transfers.attach(this.swarm)
  }

  private tellSettings(): void {
    this.updates.set('settings', { consent: this.consented, sharing: this.sharing })
  }

  private async tellJobs(): Promise<void> {
    const failed = (await this.database.getAll('jobs')).filter(({ state }) => state === 'FAILED')
    this.updates.set('failedJobs', failed.map(({ id, title, files, bytes, startedAt, problem }) => ({ id, title, files, bytes, startedAt, problem })))
  }

  /** Before there is a node, the way to a relay is stuck at its first step. */
  private tellStuck(problem: HoldfastError): void {
    if (this.node !== null) return
    const waiting: ConnectionState['steps'] = (['reserved', 'signalling', 'direct'] as const).map(name => ({ name, state: 'waiting', reason: null }))
    this.updates.set('connection', {
      peerId: '', online: this.online, relays: [], peers: [], rtc: { live: 0, made: 0 },
      steps: [{ name: 'relay', state: 'stuck', reason: problem.code }, ...waiting],
    })
  }

  /** What is only remembered for the next start may be lost; a full disk is told where it hurts. */
  private write(done: Promise<void>): void {
    done.catch(() => {})
  }
}

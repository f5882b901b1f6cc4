import { HoldfastError, KeyedLock, limits, type Clock } from '../base/index.ts'
import type { KeyService } from '../keys/index.ts'
import { JobFiles, type JobOrder } from './job-files.ts'
import { inMedia } from './media-work.ts'
import type { NetworkService, PackedFile } from './network-api.ts'
import { RateMeter } from './rate-meter.ts'
import { offer } from './rpc.ts'
import { jobArchive } from './scratch-paths.ts'
import type { ShareJob, ShareOptions, SourceFile } from './share-api.ts'
import type { Served } from './tab-rpc.ts'

interface Running { job: ShareJob, readonly order: JobOrder, readonly meter: RateMeter, readonly cancel: AbortController, toldAt: number, telling: boolean }

/** How soon a job taken over in its last step is looked at again. */
const lookMs = 250

/**
 * Share jobs that this tab does: those it was given, and those of tabs that are gone. One archive is written at a time, the others wait in
 * order. What has become of a job stands in its row, which the network worker keeps; it hears how far each is, so that all tabs show it.
 */
export class ShareJobs {
  private readonly running = new Map<string, Running>()
  /** Ended here; their rows may be told of for a moment more. */
  private readonly ended = new Set<string>()
  private readonly turn = new KeyedLock()
  /** Failed here while nobody could be told. */
  private readonly untold = new Map<string, ShareJob>()
  private readonly files = new JobFiles(async order => { await this.takeOver(order) })
  private leaving = false

  constructor(private readonly network: Served<NetworkService>, private readonly keys: Served<KeyService>, private readonly clock: Clock, private readonly changed: () => void) {
    window.addEventListener('pagehide', () => {
      this.leaving = true
      for (const { cancel } of this.running.values()) cancel.abort()
    })
  }

  /** All jobs: `told` by the network worker, with what this tab knows better. */
  list(told: readonly ShareJob[]): readonly ShareJob[] {
    for (const id of this.ended) if (!told.some(job => job.id === id)) this.ended.delete(id)
    const others = told.filter(({ id, state }) => !this.running.has(id) && (state === 'failed' || !this.ended.has(id)))
    return [...others, ...this.untold.values(), ...[...this.running.values()].map(({ job }) => job)].toSorted((a, b) => a.startedAt - b.startedAt)
  }

  get active(): boolean {
    return this.running.size > 0
  }

  start(files: readonly SourceFile[], title: string, options: ShareOptions): string {
    const id = crypto.randomUUID()
    const running = this.begin({ id, title, files, options, startedAt: this.clock.now() })
    this.files.hold(id, async () => { await this.run(running) }).catch((error: unknown) => { this.keepUntold(running, error) })
    return id
  }

  /** Ends a job that this tab does; false where it does not. */
  cancel(id: string): boolean {
    const running = this.running.get(id)
    running?.cancel.abort(new HoldfastError('aborted', 'cancelled'))
    if (running !== undefined) this.end(id)
    return running !== undefined
  }

  /** Forgets a job that failed here and stands in no row; false where there is no such. */
  dismiss(id: string): boolean {
    const known = this.untold.delete(id)
    if (known) this.changed()
    return known
  }

  /** The tab that did it is gone. It may have got as far as its last step, which the network worker does. */
  private async takeOver(order: JobOrder): Promise<void> {
    for (;;) {
      const job = (await this.network.snapshot()).jobs?.find(({ id }) => id === order.id)
      if (job === undefined || job.state === 'failed') return
      if (job.state === 'preparing') break
      await new Promise(done => { setTimeout(done, lookMs) })
    }
    await this.run(this.begin(order))
  }

  private begin(order: JobOrder): Running {
    const { id, title, files, options, startedAt } = order
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
    const job: ShareJob = { id, title, options, bytes, startedAt, files: files.length, done: 0, rate: 0, left: null, state: 'preparing', problem: null }
    const running: Running = { job, order, meter: new RateMeter(this.clock), cancel: new AbortController(), toldAt: 0, telling: false }
    this.running.set(id, running)
    this.changed()
    return running
  }

  private async run(running: Running): Promise<void> {
    const { job: { id, title, files, bytes, options }, order, cancel: { signal } } = running
    try {
      await this.network.openJob({ id, title, files, bytes, options, staging: jobArchive(id) })
      this.files.offer(order)
      const packed = await Promise.race([this.turn.run('pack', async () => await this.pack(running)), whenAborted(signal)])
      this.update(running, { state: 'placing', done: bytes, left: null })
      await this.network.place(id, packed)
    } catch (error) {
      // A page that is left takes its workers with it: the row stays as it is, for another tab or for the next start.
      if (this.leaving) return
      const problem = HoldfastError.from(error)
      await (signal.aborted ? this.network.dropJob(id) : this.network.failJob(id, problem.toObject()))
    } finally {
      if (!this.leaving) this.files.over(id)
      this.end(id)
    }
  }

  private async pack(running: Running): Promise<PackedFile> {
    const { order: { id, files, title, options }, cancel: { signal } } = running
    signal.throwIfAborted() // cancelled while it waited
    const staging = jobArchive(id)
    const key = options.protect ? await this.keys.newFileKey() : null
    const packed = await inMedia(async media => await media.pack(
      { id, files, path: staging, ...key === null ? {} : { protect: { cipher: key.cipher, mac: key.mac, policy: key.policy, keyAccess: key.keyAccess } } },
      offer((done: number) => { this.progress(running, done) }),
    ), signal)
    return { ...packed, title, staging, options, kind: key === null ? 'z' : 'p', sealed: key?.sealed ?? null }
  }

  private progress(running: Running, done: number): void {
    const { job, meter } = running
    meter.note(done)
    this.update(running, { done, rate: meter.rate(), left: meter.left(job.bytes) })
    const now = this.clock.now()
    if (running.telling || now - running.toldAt < limits.jobToldMs) return
    running.toldAt = now
    running.telling = true
    const { rate, left, state } = running.job
    this.network.tellJob(job.id, { done, rate, left, state })
      .catch(() => {}) // the next figure takes its place
      .finally(() => { running.telling = false })
  }

  private update(running: Running, change: Partial<ShareJob>): void {
    running.job = { ...running.job, ...change }
    this.changed()
  }

  private keepUntold({ job }: Running, error: unknown): void {
    this.untold.set(job.id, { ...job, rate: 0, left: null, state: 'failed', problem: HoldfastError.from(error).toObject() })
    this.changed()
  }

  private end(id: string): void {
    this.ended.add(id)
    if (this.running.delete(id)) this.changed()
  }
}

async function whenAborted(signal: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    const abort = () => { reject(HoldfastError.from(signal.reason)) }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
  })
}

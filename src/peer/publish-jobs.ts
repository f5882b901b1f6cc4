import { HoldfastError, KeyedLock, limits, type Clock } from '../base/index.ts'
import type { KeyService } from '../keys/index.ts'
import type { PublishedRecord } from '../store/index.ts'
import { jobLock } from './job-locks.ts'
import type { NetworkService } from './network-api.ts'
import type { PublishOrder, PublishStage } from './publish-api.ts'
import { makeFiles } from './publish-making.ts'
import { isProtected, publishRecord } from './publish-record.ts'
import { RateMeter } from './rate-meter.ts'
import { processingFolder } from './scratch-paths.ts'
import type { ShareJob } from './share-api.ts'
import type { Served } from './tab-rpc.ts'
import type { UploadService } from './upload-api.ts'

interface Running { job: ShareJob, readonly order: PublishOrder, meter: RateMeter, readonly cancel: AbortController, toldAt: number, telling: boolean }

/** Between two tries to tell a ledger that is not open. */
const againMs = [1000, 2000, 4000, 8000, 16_000] as const

export interface PublishJobsParts {
  readonly network: Pick<Served<NetworkService>, 'openJob' | 'tellJob' | 'failJob' | 'dropJob' | 'placePart' | 'readyJob' | 'readyOf' | 'endPublish'>
  readonly keys: Pick<Served<KeyService>, 'newFileKey' | 'reveal'>
  readonly ledger: Pick<Served<UploadService>, 'publish'>
  readonly clock: Clock
  readonly changed: () => void
}

/**
 * Publish jobs that this tab does. Up to where its files are placed a job is nobody's but the tab's that has them: when that is gone all of it goes. From then on what is
 * left to do stands in its row, and any tab tells the ledger; `wish` there is the id of the job, so twice is once.
 */
export class PublishJobs {
  private readonly running = new Map<string, Running>()
  private readonly ended = new Set<string>()
  private readonly untold = new Map<string, ShareJob>()
  /** Ready ones of other tabs, which this one waits for. */
  private readonly standby = new Set<string>()
  /** Those of them that are this tab's now. */
  private readonly taken = new Map<string, AbortController>()
  private readonly turn = new KeyedLock()
  private leaving = false

  constructor(private readonly parts: PublishJobsParts) {
    window.addEventListener('pagehide', () => {
      this.leaving = true
      for (const { cancel } of this.running.values()) cancel.abort()
    })
  }

  get active(): boolean {
    return this.running.size > 0
  }

  /** All jobs with what this tab knows better. */
  list(told: readonly ShareJob[]): readonly ShareJob[] {
    for (const id of this.ended) if (!told.some(job => job.id === id)) this.ended.delete(id)
    const others = told.filter(({ id, state }) => !this.running.has(id) && (state === 'failed' || !this.ended.has(id)))
    return [...others, ...this.untold.values(), ...[...this.running.values()].map(({ job }) => job)].toSorted((a, b) => a.startedAt - b.startedAt)
  }

  start(order: PublishOrder): string {
    const id = crypto.randomUUID()
    const { kind, title, files, covers } = order
    const bytes = [...files.map(({ file }) => file), ...covers].reduce((sum, { size }) => sum + size, 0)
    const job: ShareJob = {
      id, title, bytes, options: { protect: isProtected(order), findable: false }, files: files.length, startedAt: this.parts.clock.now(),
      done: 0, rate: 0, left: null, state: 'preparing', problem: null, publish: { kind, stage: 'receiving' },
    }
    const running: Running = { job, order, meter: new RateMeter(this.parts.clock), cancel: new AbortController(), toldAt: 0, telling: false }
    this.running.set(id, running)
    this.parts.changed()
    navigator.locks.request(jobLock(id), async () => { await this.run(running) }).catch((error: unknown) => { this.keepUntold(running, error) })
    return id
  }

  /** Ends a job that this tab does; false where it does not. */
  cancel(id: string): boolean {
    const cancel = this.running.get(id)?.cancel ?? this.taken.get(id)
    cancel?.abort(new HoldfastError('aborted', 'cancelled'))
    return cancel !== undefined
  }

  dismiss(id: string): boolean {
    const known = this.untold.delete(id)
    if (known) this.parts.changed()
    return known
  }

  /** Waits for those that are ready and whose tab may go: whoever is left tells the ledger. */
  watch(told: readonly ShareJob[]): void {
    for (const { id, state, publish } of told) {
      if (publish?.stage !== 'complete' || state === 'failed' || this.running.has(id) || this.standby.has(id)) continue
      this.standby.add(id)
      navigator.locks.request(jobLock(id), async () => { await this.takeOver(id) })
        .catch(() => {}) // what becomes of it stands in its row
        .finally(() => { this.standby.delete(id) })
    }
  }

  private async takeOver(id: string): Promise<void> {
    const ready = await this.parts.network.readyOf(id)
    if (ready === null) return
    const { network } = this.parts
    const cancel = new AbortController()
    this.taken.set(id, cancel)
    try { await this.tellLedger(id, ready, cancel.signal) } catch (error) {
      await (cancel.signal.aborted ? network.dropJob(id) : network.failJob(id, HoldfastError.from(error).toObject()))
    } finally { this.taken.delete(id) }
  }

  private async run(running: Running): Promise<void> {
    const { job: { id, title, files, bytes, options, publish }, cancel: { signal } } = running
    const { network } = this.parts
    try {
      await network.openJob({ id, title, files, bytes, options, staging: processingFolder(id), ...publish === undefined ? {} : { publish: publish.kind } })
      const ready = await this.turn.run('publish', async () => await this.make(running))
      await network.readyJob(id, ready)
      this.stage(running, 'complete', 1)
      await this.tellLedger(id, ready, signal)
    } catch (error) {
      // A page that is left takes its workers with it: what becomes of the job is decided elsewhere.
      if (this.leaving) return
      await (signal.aborted ? network.dropJob(id) : network.failJob(id, HoldfastError.from(error).toObject()))
    } finally { this.end(id) }
  }

  private async make(running: Running): Promise<PublishedRecord> {
    const { job: { id }, order, cancel: { signal } } = running
    const { keys, network } = this.parts
    const { files, made, sealed } = await makeFiles({ id, order, keys, signal, onStage: (stage, done) => { this.stage(running, stage, done) } })
    const record = publishRecord(order, made)
    for (const [i, file] of files.entries()) {
      this.stage(running, 'seeding', i / files.length)
      signal.throwIfAborted()
      await network.placePart(id, file)
    }
    signal.throwIfAborted()
    return { record, sealed }
  }

  /** Until it has been told: no ledger is open for a moment when tabs change, or for long where there is no connection. */
  private async tellLedger(id: string, { record, sealed }: PublishedRecord, signal: AbortSignal): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await this.parts.ledger.publish(id, record, sealed)
        break
      } catch (error) {
        if (!['not-found', 'timeout'].includes(HoldfastError.from(error).code)) throw error
      }
      await pause(againMs[Math.min(tries, againMs.length - 1)]!, signal)
    }
    await this.parts.network.endPublish(id).catch(() => {}) // it is published; whoever sees its row next says both once more
  }

  private stage(running: Running, stage: PublishStage, part: number): void {
    const { job } = running
    const before = job.publish
    if (before === undefined) return
    const fresh = before.stage !== stage
    if (fresh) running.meter = new RateMeter(this.parts.clock)
    const done = Math.round(part * job.bytes)
    running.meter.note(done)
    running.job = { ...job, done, rate: running.meter.rate(), left: running.meter.left(job.bytes), state: stage === 'seeding' || stage === 'complete' ? 'placing' : 'preparing', publish: { ...before, stage } }
    this.parts.changed()
    this.tell(running, fresh)
  }

  private tell(running: Running, atOnce: boolean): void {
    const now = this.parts.clock.now()
    if (!atOnce && (running.telling || now - running.toldAt < limits.jobToldMs)) return
    running.toldAt = now
    running.telling = true
    const { id, done, rate, left, state, publish } = running.job
    this.parts.network.tellJob(id, { done, rate, left, state, ...publish === undefined ? {} : { publish } })
      .catch(() => {}) // the next figure takes its place
      .finally(() => { running.telling = false })
  }

  private keepUntold({ job }: Running, error: unknown): void {
    this.untold.set(job.id, { ...job, rate: 0, left: null, state: 'failed', problem: HoldfastError.from(error).toObject(), ...job.publish === undefined ? {} : { publish: { ...job.publish, stage: 'failed' } } })
    this.end(job.id)
  }

  private end(id: string): void {
    this.ended.add(id)
    if (this.running.delete(id)) this.parts.changed()
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done, fail) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      fail(HoldfastError.from(signal.reason))
    }, { once: true })
    if (signal.aborted) fail(HoldfastError.from(signal.reason))
  })
}

import { HoldfastError, type Clock } from '../base/index.ts'
import type { MediaService } from '../media/index.ts'
import type { ShareJob, SourceFile } from './api.ts'
import type { JobUpdate, NetworkService } from './network-api.ts'
import { RateMeter } from './rate-meter.ts'
import { jobArchive } from './scratch-paths.ts'
import { offer, wrapService, type Remote } from './rpc.ts'

interface Running { job: ShareJob, readonly files: readonly SourceFile[], readonly meter: RateMeter, readonly cancel: AbortController }

/** Starts a media worker for one piece of work; ended, it leaves nothing behind but its scratch file. */
function startMedia(): { media: Remote<MediaService>, end: () => void } {
  const worker = new Worker(new URL('../../workers/media.ts', import.meta.url), { type: 'module', name: 'media' })
  return { media: wrapService<MediaService>(worker), end: () => { worker.terminate() } }
}

/**
 * Share jobs of this tab: one archive is written at a time, the others wait in order. Owns the media workers; a job is ended by
 * ending its worker. What a job has become when the tab is gone stands in its row, which the network worker keeps.
 */
export class ShareJobs {
  private readonly running = new Map<string, Running>()
  private failed: readonly JobUpdate[] = []
  private tail: Promise<void> = Promise.resolve()
  private leaving = false

  constructor(private readonly network: Remote<NetworkService>, private readonly clock: Clock, private readonly changed: () => void) {
    window.addEventListener('pagehide', () => { this.leaving = true })
    window.addEventListener('pageshow', () => { this.leaving = false })
  }

  list(): readonly ShareJob[] {
    const failed = this.failed.filter(({ id }) => !this.running.has(id)).map(job => ({ ...job, done: 0, rate: 0, left: null, state: 'failed' as const }))
    return [...[...this.running.values()].map(({ job }) => job), ...failed]
  }

  get active(): boolean {
    return this.running.size > 0
  }

  setFailed(jobs: readonly JobUpdate[]): void {
    this.failed = jobs
    this.changed()
  }

  start(files: readonly SourceFile[], title: string): string {
    const id = crypto.randomUUID()
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
    const job: ShareJob = { id, title, files: files.length, bytes, done: 0, rate: 0, left: null, state: 'preparing', problem: null, startedAt: this.clock.now() }
    this.running.set(id, { job, files, meter: new RateMeter(this.clock), cancel: new AbortController() })
    // What becomes of a job stands in its row; one that cannot even be ended must not stop those behind it.
    this.tail = this.tail.then(async () => { await this.run(id) }).catch(() => {})
    this.changed()
    return id
  }

  /** Ends a job; one that is under way takes its row and its scratch with it. */
  cancel(id: string): void {
    this.running.get(id)?.cancel.abort(new HoldfastError('aborted', 'cancelled'))
    if (this.running.delete(id)) this.changed()
  }

  private async run(id: string): Promise<void> {
    const running = this.running.get(id)
    if (running === undefined) return // cancelled while it waited
    const { job, files, cancel } = running
    const staging = jobArchive(id)
    const { media, end } = startMedia()
    const stopped = new Promise<never>((_resolve, reject) => {
      cancel.signal.addEventListener('abort', () => { end(); reject(HoldfastError.from(cancel.signal.reason)) })
    })
    try {
      await this.network.openJob({ id, title: job.title, files: job.files, bytes: job.bytes, staging })
      const packed = await Promise.race([media.pack({ id, files, path: staging }, offer((done: number) => { this.progress(id, done) })), stopped])
      this.update(id, { state: 'placing', done: job.bytes })
      await this.network.place(id, { ...packed, title: job.title, staging })
    } catch (error) {
      // A worker that dies with its page fails in odd ways: the row stays as it is, and the next start says what happened.
      if (this.leaving) return
      const problem = HoldfastError.from(error)
      await (problem.code === 'aborted' ? this.network.dropJob(id) : this.network.failJob(id, problem.toObject()))
    } finally {
      end()
      this.running.delete(id)
      this.changed()
    }
  }

  private progress(id: string, done: number): void {
    const running = this.running.get(id)
    if (running === undefined) return
    running.meter.note(done)
    this.update(id, { done, rate: running.meter.rate(), left: running.meter.left(running.job.bytes) })
  }

  private update(id: string, change: Partial<ShareJob>): void {
    const running = this.running.get(id)
    if (running === undefined) return
    running.job = { ...running.job, ...change }
    this.changed()
  }
}

/** Compares a stored file with its content id and lists its members, in a media worker of its own. */
export async function checkInMedia(request: Parameters<MediaService['check']>[0]): Promise<Awaited<ReturnType<MediaService['check']>>['members']> {
  const { media, end } = startMedia()
  try { return (await media.check(request)).members } finally { end() }
}

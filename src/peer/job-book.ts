import type { Cid, Clock, ErrorObject } from '../base/index.ts'
import type { Database, JobRow, PublishedRecord } from '../store/index.ts'
import type { JobProgress, NetworkService } from './network-api.ts'
import type { ShareJob } from './share-api.ts'

/**
 * The share jobs of all tabs: their rows, which outlive everybody, and how far those are that some tab does now. A tab does the work and
 * tells of it here; what became of a job when its tab is gone is decided by whoever starts next.
 */
export class JobBook {
  private readonly rows = new Map<string, JobRow>()
  private readonly progress = new Map<string, JobProgress>()

  constructor(private readonly database: Database, private readonly clock: Clock, private readonly changed: () => void) {}

  /** What was being placed when all ended, and was not mended, is to be made again: whoever has its files waits for that word. */
  async open(): Promise<void> {
    for (const row of await this.database.getAll('jobs')) this.rows.set(row.id, row.state === 'PLACING' ? { ...row, state: 'PREPARING' } : row)
  }

  get(id: string): JobRow | undefined {
    return this.rows.get(id)
  }

  all(): readonly JobRow[] {
    return [...this.rows.values()]
  }

  /** As pages see them, oldest first. */
  list(): readonly ShareJob[] {
    return this.all().toSorted((a, b) => a.startedAt - b.startedAt).map(({ id, title, files, bytes, options, problem, startedAt, state, publish }) => {
      const progress = this.progress.get(id)
      return {
        id, title, files, bytes, options, problem, startedAt,
        ...progress ?? { done: 0, rate: 0, left: null },
        state: state === 'FAILED' ? 'failed' : state === 'PLACING' ? 'placing' : 'preparing',
        ...publish === undefined ? {} : { publish: { kind: publish.kind, stage: state === 'FAILED' ? 'failed' : publish.ready !== null ? 'complete' : progress?.publish?.stage ?? 'receiving' } },
      }
    })
  }

  /** A job that is taken up again keeps its place in the list. */
  async begin(job: Parameters<NetworkService['openJob']>[0]): Promise<void> {
    const { publish, ...rest } = job
    this.progress.delete(job.id)
    await this.put({ ...rest, options: { ...job.options }, ...publish === undefined ? {} : { publish: { kind: publish, placed: [], ready: null } }, state: 'PREPARING', problem: null, startedAt: this.rows.get(job.id)?.startedAt ?? this.clock.now() })
  }

  tell(id: string, progress: JobProgress): void {
    if (!this.rows.has(id)) return
    this.progress.set(id, progress)
    this.changed()
  }

  async placing(id: string): Promise<void> {
    const row = this.rows.get(id)
    if (row !== undefined) await this.put({ ...row, state: 'PLACING' })
  }

  /** It could not be placed: it is to be made again, or given up. */
  async unplaced(id: string): Promise<void> {
    const row = this.rows.get(id)
    if (row?.state === 'PLACING') await this.put({ ...row, state: 'PREPARING' })
  }

  /** A file of a publish job is about to be placed. */
  async placed(id: string, cid: Cid): Promise<void> {
    const row = this.rows.get(id)
    if (row?.publish !== undefined) await this.put({ ...row, publish: { ...row.publish, placed: [...new Set([...row.publish.placed, cid])] } })
  }

  async ready(id: string, ready: PublishedRecord): Promise<void> {
    const row = this.rows.get(id)
    if (row?.publish !== undefined) await this.put({ ...row, publish: { ...row.publish, ready } })
  }

  /** Ends a job; with a problem its row stays, so that the person hears of it. */
  async end(id: string, problem: ErrorObject | null): Promise<void> {
    const row = this.rows.get(id)
    this.progress.delete(id)
    if (row === undefined) return
    if (problem !== null) { await this.put({ ...row, state: 'FAILED', problem }); return }
    await this.database.delete('jobs', id)
    this.rows.delete(id)
    this.changed()
  }

  private async put(row: JobRow): Promise<void> {
    await this.database.put('jobs', row)
    this.rows.set(row.id, row)
    this.changed()
  }
}

import { HoldfastError, type Clock } from '../base/index.ts'
import type { Staging } from '../store/index.ts'
import type { JobBook } from './job-book.ts'
import { whenOrphaned } from './job-locks.ts'
import type { NetworkService } from './network-api.ts'
import { removeScratch } from './remove-scratch.ts'
import { scratchOf } from './scratch-paths.ts'
import type { Transfers } from './transfers.ts'
import type { Updates } from './updates.ts'

export interface JobDeskParts {
  readonly staging: Staging
  readonly clock: Clock
  readonly jobs: JobBook
  readonly transfers: Transfers
  readonly updates: Updates
}

/** The network worker's side of jobs that tabs do, from their beginning to their end, also where no tab is left to end one. */
export class JobDesk implements Pick<NetworkService, 'place'> {
  /** Two who watch one job would give way to each other for ever. */
  private readonly watched = new Set<string>()

  constructor(private readonly parts: JobDeskParts) {}

  /** Looks after the jobs of before. */
  resume(): void {
    for (const { id, state } of this.parts.jobs.all()) if (state !== 'FAILED') void this.watch(id)
  }

  async begin(job: Parameters<NetworkService['openJob']>[0]): Promise<void> {
    await this.parts.jobs.begin(job)
    void this.watch(job.id)
  }

  async place(job: string, packed: Parameters<NetworkService['place']>[1]): Promise<void> {
    const { jobs, transfers, updates } = this.parts
    await jobs.placing(job)
    try { await transfers.place(job, packed) } catch (error) {
      await jobs.unplaced(job).catch(() => {})
      void this.watch(job) // its tab may be gone, with whoever watched it
      throw error
    }
    await this.end(job, null)
    updates.flush() // the page ends the job next: its item is there by then
  }

  /** Ends a job and its scratch, and what it had placed of something to be published; with a problem its row stays, so that the person hears of it. */
  async end(id: string, problem: HoldfastError | null): Promise<void> {
    const { staging, clock, jobs, transfers } = this.parts
    const row = jobs.get(id)
    await navigator.locks.request(`job/${id}`, async () => {}) // a worker that was ended in the midst of decoding dies only when it looks up
    await removeScratch(staging, clock, scratchOf(id, row))
    for (const cid of row?.state === 'FAILED' ? [] : row?.publish?.placed ?? []) await transfers.eraseContent(cid)
    await jobs.end(id, problem?.toObject() ?? null)
  }

  /** A job that no tab does any more was cut off. Its last step is done here and needs no tab. */
  private async watch(id: string): Promise<void> {
    if (this.watched.has(id)) return
    this.watched.add(id)
    try { await whenOrphaned(id, new AbortController().signal) } finally { this.watched.delete(id) }
    const row = this.parts.jobs.get(id)
    if (row?.state !== 'PREPARING' || (row.publish?.ready ?? null) !== null) return // what is ready waits for a tab
    await this.end(id, row.publish === undefined ? new HoldfastError('share-interrupted', 'the tab was closed before all files were read') : new HoldfastError('publish-interrupted', 'the tab was closed before all was made'))
  }
}

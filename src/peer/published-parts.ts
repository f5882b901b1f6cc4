import { HoldfastError } from '../base/index.ts'
import type { PublishedRecord } from '../store/index.ts'
import type { JobDeskParts } from './job-desk.ts'
import type { NetworkService } from './network-api.ts'
import { asPictureOf } from './picture-of.ts'
import { removeScratch } from './remove-scratch.ts'
import { scratchOf } from './scratch-paths.ts'

/** The network worker's side of publish jobs, from where their files are made. */
export class PublishedParts implements Pick<NetworkService, 'placePart' | 'readyJob' | 'endPublish'> {
  constructor(private readonly parts: JobDeskParts) {}

  /** What is here already stays whatever becomes of the job. */
  async placePart(job: string, packed: Parameters<NetworkService['placePart']>[1]): Promise<void> {
    const { jobs, transfers, updates } = this.parts
    if (jobs.get(job)?.publish === undefined) throw new HoldfastError('aborted', 'the job has ended')
    if (!['SEEDING', 'TRASHED'].includes(transfers.row(packed.cid)?.status ?? '')) await jobs.placed(job, packed.cid)
    await transfers.place(job, packed)
    updates.flush()
  }

  /** What was not encrypted goes before anybody hears of it. */
  async readyJob(job: string, ready: PublishedRecord): Promise<void> {
    const { transfers, jobs } = this.parts
    const { file, images } = ready.record
    const made = jobs.get(job)?.publish?.placed ?? []
    for (const { cid } of images) await transfers.edit(cid, row => asPictureOf(row, file.cid, made.includes(cid)))
    await transfers.edit(file.cid, row => asPictureOf(row, null))
    await jobs.ready(job, ready)
    await this.removeScratch(job)
  }

  async endPublish(job: string): Promise<void> {
    await this.removeScratch(job)
    await this.parts.jobs.end(job, null)
    this.parts.updates.flush()
  }

  private async removeScratch(job: string): Promise<void> {
    const { staging, clock, jobs } = this.parts
    await removeScratch(staging, clock, scratchOf(job, jobs.get(job)))
  }
}

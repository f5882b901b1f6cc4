import type { Cid } from '../base/index.ts'
import type { JobRow } from '../store/index.ts'

/** Where a download lies in Staging until it is whole and verified. */
export function downloadPath(cid: Cid): string {
  return `tmp/downloads/${cid}`
}

/** The scratch folder of a share job. */
function jobFolder(id: string): string {
  return `tmp/jobs/${id}`
}

/** The scratch folder of a publish job. */
export function processingFolder(id: string): string {
  return `tmp/processing/${id}`
}

/** What is made of an export, until it is saved. */
export function exportFolder(id: string): string {
  return `tmp/exports/${id}`
}

/** The file an export becomes. */
export function exportedPath(id: string): string {
  return `${exportFolder(id)}/exported`
}

/** Where its archive is written. */
export function jobArchive(id: string): string {
  return `${jobFolder(id)}/archive.tgz`
}

/** The scratch of a job, as its row says what it is. */
export function scratchOf(id: string, row: Pick<JobRow, 'publish'> | undefined): string {
  return row?.publish === undefined ? jobFolder(id) : processingFolder(id)
}

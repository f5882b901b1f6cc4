import type { Cid } from '../base/index.ts'

/** Where a download lies in Staging until it is whole and verified. */
export function downloadPath(cid: Cid): string {
  return `tmp/downloads/${cid}`
}

/** The scratch folder of a share job. */
export function jobFolder(id: string): string {
  return `tmp/jobs/${id}`
}

/** Where its archive is written. */
export function jobArchive(id: string): string {
  return `${jobFolder(id)}/archive.tgz`
}

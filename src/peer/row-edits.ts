import type { HoldfastError } from '../base/index.ts'
import { cleanName, isDuty, type Member } from '../content/index.ts'
import type { ContentRow } from '../store/index.ts'
import { downloadPath } from './scratch-paths.ts'

/** A row that is tried again: from its torrent where that is known. What the browser lost of our own is fetched like anything else. */
export function restarted(row: ContentRow): ContentRow {
  const again: ContentRow = { ...row, paused: false, problem: null }
  return row.status === 'FAILED' ? { ...again, status: row.info === null ? 'PENDING' : 'DOWNLOADING', staging: row.staging ?? downloadPath(row.cid) } : again
}

/** A row brought back from the trash. */
export function restored(row: ContentRow): ContentRow {
  return row.status === 'TRASHED' ? { ...row, status: 'SEEDING', trashedAt: null } : row
}

/** Its reasons, once the person wants it. */
export function wanted({ reasons }: Pick<ContentRow, 'reasons'>, reason = 'wanted'): readonly string[] {
  return reasons.includes(reason) ? reasons : [...reasons, reason]
}

/** Whether it is here, or comes, for others alone. */
export function isUnasked({ reasons }: Pick<ContentRow, 'reasons'>): boolean { return reasons.length > 0 && reasons.every(reason => isDuty(reason) || reason === 'samaritan') }

/** Whether a stored file cannot be given any more for what its bytes are. */
export function isDamage({ code }: HoldfastError): boolean {
  return code === 'storage-damaged' || code === 'storage-lost' || code === 'wrong-bytes' || code === 'not-found'
}

/** What a file without a title is called: like the one file in it, or like the folder all are in, or nothing. */
export function titleOf(members: readonly Member[]): string {
  const [first] = members
  if (members.length === 1 && first !== undefined) return cleanName(first.path.slice(first.path.lastIndexOf('/') + 1))
  const [top, ...rest] = new Set(members.map(({ path }) => path.split('/', 1)[0] ?? ''))
  return rest.length === 0 && top !== undefined && top !== '' ? cleanName(top) : ''
}

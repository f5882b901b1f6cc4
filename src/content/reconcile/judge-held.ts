import type { ContentVerdict } from '../publication.ts'
import { fileKind, type Duty } from './duties.ts'
import type { HeldFile } from './reconcile.ts'

/** How the files of an upload stand to what its record says: all here and right; some to be read first; something is not what was said; or not all here yet. */
export type Standing = 'verified' | 'unread' | 'coming' | ContentVerdict

export function isVerdict(standing: Standing): standing is ContentVerdict {
  return standing !== 'verified' && standing !== 'unread' && standing !== 'coming'
}

/** What a failure that no other try mends says of the record; null for any other. */
export function verdictOf(code: string): ContentVerdict | null {
  if (code === 'wrong-bytes') return 'wrong-bytes'
  return code === 'wrong-info' || code === 'tdf-damaged' || code === 'bad-image' || code === 'image-too-large' || code.startsWith('archive-') ? 'bad-file' : null
}

/** D1 to D4 of an upload, from what was found out when its bytes were read. Whoever has the bytes knows their torrent, so a record with another one is wrong. */
export function judgeHeld(duty: Duty, held: (cid: string) => HeldFile | undefined): Standing {
  let standing: Standing = 'verified'
  for (const [at, { cid, size, infohash, audit }] of duty.files.entries()) {
    const row = held(cid)
    const failed = row?.status === 'FAILED' && row.infohash === infohash ? verdictOf(row.problem?.code ?? '') : null
    if (failed !== null) return failed
    if (row?.status !== 'SEEDING') { standing = 'coming'; continue }
    if (row.infohash !== infohash || row.size !== size) return 'wrong-bytes'
    if (row.facts === undefined) { if (standing === 'verified') standing = 'unread'; continue }
    if (!row.facts.sound) return 'bad-file'
    if (row.facts.audit !== audit) return 'wrong-audit'
    const kind = fileKind(duty, at)
    if ((kind === 'a' || kind === 'p') && (row.facts.dissem?.length !== 1 || row.facts.dissem[0] !== duty.owner)) return 'not-owner'
  }
  return standing
}

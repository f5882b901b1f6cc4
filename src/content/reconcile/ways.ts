import type { Cid } from '../../base/index.ts'
import type { PublishedFile } from '../publication.ts'
import type { Kind } from '../types.ts'
import { fileKind, type Duty } from './duties.ts'
import type { Expected } from './expected.ts'
import { isDuty } from './reasons.ts'
import type { HeldFile } from './reconcile.ts'

/** One torrent by which a file may come, as some record says. */
export interface Way { readonly file: PublishedFile, readonly kind: Kind }

/** By which torrents files may come where records do not agree: which of them is right is known only when all bytes are here. */
export class Ways {
  private fetchedFiles: Map<Cid, Way[]> | null = null

  constructor(private readonly fetched: readonly Duty[]) {}

  /** Each torrent that a record names for what is coming, in the order in which they are tried; where a person's link named another one than all of them, none. */
  of(row: HeldFile, wanted: Expected | undefined): readonly Way[] {
    const named = wanted === undefined ? [] : [wanted, ...wanted.others ?? []].map(({ duty, at }) => ({ file: duty.files[at]!, kind: fileKind(duty, at) }))
    const ways = named.concat(this.fetchedOf(row.cid)).filter(({ file }, i, all) => all.findIndex(other => other.file.infohash === file.infohash) === i)
    return ways.some(({ file }) => file.infohash === row.infohash) || row.reasons.every(isDuty) ? ways : []
  }

  private fetchedOf(cid: Cid): readonly Way[] {
    if (this.fetched.length === 0) return []
    if (this.fetchedFiles === null) {
      this.fetchedFiles = new Map()
      for (const duty of this.fetched) for (const [at, file] of duty.files.entries()) this.fetchedFiles.set(file.cid, [...this.fetchedFiles.get(file.cid) ?? [], { file, kind: fileKind(duty, at) }])
    }
    return this.fetchedFiles.get(cid) ?? []
  }
}

/** The one after that by which it comes now. */
export function nextWay(row: Pick<HeldFile, 'infohash'>, ways: readonly Way[]): Way | null {
  return ways[(ways.findIndex(({ file }) => file.infohash === row.infohash) + 1) % ways.length] ?? null
}

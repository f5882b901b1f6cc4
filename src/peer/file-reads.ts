import { HoldfastError, limits, type Cid } from '../base/index.ts'
import { readRange, type Bucket } from '../store/index.ts'
import type { Swarm } from '../swarm/index.ts'
import type { FileNamed } from './ledger-line.ts'
import type { StoredItem } from './network-api.ts'
import type { Transfers } from './transfers.ts'

export interface FileReadsParts {
  readonly bucket: Bucket
  readonly transfers: Transfers
  /** Null before there is one. */
  swarm(): Pick<Swarm, 'read'> | null
}

/** Files as others read them: stored, still coming, or not here at all. */
export class FileReads {
  constructor(private readonly parts: FileReadsParts) {}

  describe(cid: Cid): StoredItem {
    const { transfers } = this.parts
    const row = transfers.row(cid)
    if (row === undefined || row.status === 'TRASHED') throw new HoldfastError('not-found', 'not held here')
    const { kind, size, title, path, sealed } = row
    return { cid, kind, size, title, sealed, path: row.status === 'SEEDING' ? path : null, members: transfers.members(cid), readable: transfers.readable(row) }
  }

  /** Bytes of a file: at once where it is stored, else once their pieces are here. */
  async read(cid: Cid, at: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const { bucket, transfers } = this.parts
    const swarm = this.parts.swarm()
    const row = transfers.row(cid)
    if (row?.status === 'SEEDING') return await readRange(bucket, row.path, at, length)
    if (row === undefined || swarm === null) throw new HoldfastError('not-found', 'not coming')
    return await swarm.read(row.infohash, at, length, signal)
  }

  /** Some bytes of a file, also of one that is not here: then these alone are fetched. */
  async glimpse({ cid, infohash, size, kind, protected: locked }: FileNamed, at: number, length: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const file = { cid, infohash, size, kind: kind === 'audio' ? 'a' : kind === 'image' ? 'i' : locked ? 'p' : 'z' } as const
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(limits.glimpseMs)])
    return await this.parts.transfers.glimpse(file, at, length, waiting) ?? await this.read(cid, at, length, waiting)
  }
}

import { HoldfastError, type Cid } from '../base/index.ts'
import { ArchiveWriter, AuditPass, archiveBytesMost, makeTorrent, planArchive, type Kind, type Member, type Torrent } from '../content/index.ts'
import type { StagingFile } from '../store/index.ts'
import { ArchiveSink } from './archive-sink.ts'
import { hashHere, type BlockHash } from './block-hash.ts'
import { protectedSink, type Protection } from './protected-sink.ts'
import { readAhead, type Source } from './read-ahead.ts'

/** A stored file as it was made. */
export interface Packed {
  readonly kind: Kind
  readonly cid: Cid
  /** Of the stored file. */
  readonly size: number
  readonly torrent: Torrent
  /** Of an archive. */
  readonly members: readonly Member[]
  readonly title: string
  /** Root that keepers prove, 64 hex digits; null where it was not asked for. */
  readonly audit: string | null
}

export interface Progress {
  readonly signal?: AbortSignal
  /** Bytes of the input that are done; every MiB, and at the end. */
  readonly onProgress?: (done: number) => void
}

export interface PackOptions extends Progress {
  readonly hash?: BlockHash
  /** Encrypts the archive on its way. */
  readonly protect?: Protection
  /** Whether the audit root is made, which only what is published has. */
  readonly audit?: boolean
}

const progressBytes = 1024 * 1024

/**
 * Makes the archive of `files` in `out`, which must be empty, in one pass and with the same memory for any size. Throws the code of the plan's
 * refusal, `file-unreadable` and `file-changed` with the path, `storage-full`, `aborted`; what is in `out` then is the caller's to remove.
 */
export async function packArchive(files: readonly Source[], out: StagingFile, { signal, onProgress, hash, protect, audit = false }: PackOptions = {}): Promise<Packed> {
  const plan = planArchive(files.map(({ path, file }) => ({ path, size: file.size })))
  if (plan.refusal !== null) throw new HoldfastError(plan.refusal.code, plan.refusal.reason, { path: plan.refusal.paths[0] ?? '' })
  const [kind, stored] = [protect === undefined ? 'z' : 'p', new ArchiveSink(out, hash ?? await hashHere(), audit ? new AuditPass(null) : null)] as const
  const sink = protect === undefined ? stored : await protectedSink(stored, protect, { mimeType: 'application/gzip', maxBytes: archiveBytesMost(plan) })
  const writer = new ArchiveWriter(plan, bytes => { sink.push(bytes) })
  let [done, shown] = [0, 0]
  for await (const chunk of readAhead(plan.members.flatMap(({ source }) => files[source] ?? []))) {
    if (signal?.aborted === true) throw HoldfastError.from(signal.reason)
    writer.write(chunk)
    await sink.drain(writer.bounds)
    done += chunk.length
    if (done - shown < progressBytes && done < plan.bytes) continue
    shown = done
    onProgress?.(done)
  }
  writer.finish()
  const { cid, size, pieces, audit: root } = await sink.finish()
  const members = plan.members.map(({ path, size: bytes, offset }) => ({ path, size: bytes, offset }))
  return { kind, cid, size, members, title: plan.title, audit: root, torrent: makeTorrent({ cid, kind, size, pieces }) }
}

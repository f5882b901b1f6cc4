import { HoldfastError } from '../base/index.ts'
import { AuditPass, makeTorrent } from '../content/index.ts'
import type { StagingFile, StoredFile } from '../store/index.ts'
import { ArchiveSink } from './archive-sink.ts'
import type { BlockHash } from './block-hash.ts'
import type { Packed, Progress } from './pack-archive.ts'
import { protectedSink, type Protection } from './protected-sink.ts'
import { readAhead } from './read-ahead.ts'

export interface SealOptions extends Progress {
  readonly hash: BlockHash
  readonly protect: Protection
  /** Of what is sealed; with that of a FLAC it becomes a track, else a protected archive. */
  readonly mimeType: string
}

export const flacType = 'audio/flac'

/** Encrypts a finished file into `out`, which must be empty, in one pass: content id, torrent and audit root of the container are made on the way. */
export async function sealFile(file: StoredFile, path: string, out: StagingFile, { hash, protect, mimeType, signal, onProgress }: SealOptions): Promise<Packed> {
  const sink = new ArchiveSink(out, hash, new AuditPass(null))
  const sealing = await protectedSink(sink, protect, { mimeType, maxBytes: file.size })
  let done = 0
  for await (const chunk of readAhead([{ path, file }])) {
    if (signal?.aborted === true) throw HoldfastError.from(signal.reason)
    sealing.push(chunk)
    await sealing.drain({ min: file.size, max: file.size })
    onProgress?.((done += chunk.length) / file.size)
  }
  const { cid, size, pieces, audit } = await sealing.finish()
  const kind = mimeType === flacType ? 'a' : 'p'
  return { kind, cid, size, audit, members: [], title: '', torrent: makeTorrent({ cid, kind, size, pieces }) }
}

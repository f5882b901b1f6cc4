import type { Cid } from '../base/index.ts'
import { auditBatchLeaves, auditFits, auditLeafBytes, auditProof, type AuditProof, type FileFacts, type PublishedFile } from '../content/index.ts'
import { isAway, readRange, type Bucket, type ContentRow } from '../store/index.ts'
import type { LeafAnswer } from './proof-desk.ts'

export interface LeafProofsParts {
  readonly bucket: Bucket
  held(cid: Cid): ContentRow | undefined
  /** What was found out when its bytes were read, with the roots of its batches; reads it where nobody did, or `again`. Null where it is not here, or damaged, which is mended then. */
  facts(cid: Cid, again: boolean): Promise<FileFacts | null>
  /** Whether this device keeps for the account, and nothing stops it. */
  rests(): boolean
}

const batchBytes = auditBatchLeaves * auditLeafBytes

/** Shows that leaves of stored files are here: reads one batch of the file for each, since the roots of all of them are kept. */
export class LeafProofs {
  constructor(private readonly parts: LeafProofsParts) {}

  async prove({ cid, size, audit }: PublishedFile, leaf: number): Promise<LeafAnswer> {
    if (this.parts.rests()) return 'resting'
    for (const again of [false, true]) {
      const proof = await this.#made(cid, size, leaf, again)
      if (proof !== null && auditFits(proof, leaf, { size, audit })) return proof
    }
    return 'missing'
  }

  /** The second time the file is read whole: what the disk has is mended, or its roots are those of other bytes. */
  async #made(cid: Cid, size: number, leaf: number, again: boolean): Promise<AuditProof | null> {
    const { bucket, held, facts } = this.parts
    const { roots } = await facts(cid, again) ?? {}
    const row = held(cid)
    if (roots === undefined || row?.status !== 'SEEDING') return null
    const from = Math.floor(leaf / auditBatchLeaves) * batchBytes
    try {
      const batch = await readRange(bucket, row.path, from, Math.min(batchBytes, size - from))
      return auditProof(size, leaf, batch, Array.from({ length: roots.length / 32 }, (_, i) => roots.slice(32 * i, 32 * i + 32)))
    } catch (error) {
      if (isAway(error)) throw error // its bucket cannot be reached now
      return null
    }
  }
}

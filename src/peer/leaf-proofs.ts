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
    // The second time it is read whole: what the disk lost is mended, or its roots were those of other bytes.
    for (const again of [false, true]) {
      const facts = await this.parts.facts(cid, again)
      if (facts?.roots === undefined || facts.audit !== audit) return 'missing'
      const proof = await this.#made(cid, size, leaf, facts.roots)
      if (proof !== null && auditFits(proof, leaf, { size, audit })) return proof
    }
    return 'missing'
  }

  async #made(cid: Cid, size: number, leaf: number, roots: Uint8Array<ArrayBuffer>): Promise<AuditProof | null> {
    const { bucket, held } = this.parts
    const row = held(cid)
    if (row?.status !== 'SEEDING') return null
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

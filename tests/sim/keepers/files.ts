import { sha256, toHex, utf8, type Cid } from '../../../src/base/index.ts'
import { AuditPass, auditBatchLeaves, auditLeafBytes, auditProof, type AuditProof, type PublishedFile } from '../../../src/content/index.ts'
import { Chance } from '../engine/chance.ts'

const batchBytes = auditLeafBytes * auditBatchLeaves

/** A file whose bytes follow from its name, and are made anew whenever somebody reads it. */
export class SimFile {
  readonly cid: Cid
  /** What whoever reads it finds, whatever a record says. */
  readonly audit: string
  readonly #roots: Uint8Array<ArrayBuffer>[] = []

  constructor(private readonly name: string, readonly size: number) {
    const bytes = this.#bytes()
    const pass = new AuditPass(size, root => { this.#roots.push(root) })
    pass.push(bytes)
    this.cid = toHex(sha256(bytes))
    this.audit = pass.root()
  }

  /** As a record names it. */
  get published(): PublishedFile { return { cid: this.cid, size: this.size, infohash: toHex(sha256(utf8(this.name))).slice(0, 40), audit: this.audit } }

  /** What whoever has the file shows of it. */
  proof(leaf: number): AuditProof {
    const from = Math.floor(leaf / auditBatchLeaves) * batchBytes
    return auditProof(this.size, leaf, this.#bytes().subarray(from, from + batchBytes), this.#roots)
  }

  /** What somebody shows who has not got it, and knows the nodes beside the leaf. */
  forged(leaf: number): AuditProof {
    const { bytes, path } = this.proof(leaf)
    return { bytes: bytes.map(byte => byte ^ 1), path }
  }

  #bytes(): Uint8Array<ArrayBuffer> { return new Chance(1, this.name).bytes(this.size) }
}

/** Mostly small ones, a few of two batches: what is asked of a keeper is a leaf and a path, however large the file is. */
export function fileSize(chance: Chance): number { return chance.once(0.01) ? 300_000 + chance.below(100_000) : Math.round(2 ** chance.between(10, 17)) }

import { HoldfastError, concat, equalBytes, fromHex, sha256 } from '../base/index.ts'
import { auditBatchLeaves, auditLeafBytes } from './audit.ts'

/*
 * Proofs that a leaf belongs to the tree of `audit.ts`: RFC 9162, sections 2.1.3.1 and 2.1.3.2, whose trees are those of RFC 6962. Whoever keeps the roots of whole batches, 32
 * bytes for 256 KiB, makes one from them and the batch that the leaf lies in, without reading the rest of the file.
 */

/** A leaf's bytes, and the hashes beside its way up. */
export interface AuditProof { readonly bytes: Uint8Array<ArrayBuffer>, readonly path: readonly Uint8Array<ArrayBuffer>[] }

/** Leaves of a file of so many bytes. */
export function auditLeaves(size: number): number { return Math.ceil(size / auditLeafBytes) }

const leafHash = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => sha256(concat(Uint8Array.of(0), bytes))
const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> => sha256(concat(Uint8Array.of(1), left, right))

/** Whether a proof shows leaf number `leaf` of the file of `size` bytes whose root is `root`, 64 hex digits. */
export function auditFits({ bytes, path }: AuditProof, leaf: number, { size, audit: root }: { readonly size: number, readonly audit: string }): boolean {
  const last = auditLeaves(size) - 1
  if (leaf > last || bytes.length !== (leaf < last ? auditLeafBytes : size - last * auditLeafBytes)) return false
  let [at, end, hash] = [leaf, last, leafHash(bytes)]
  for (const beside of path) {
    if (end === 0) return false
    if (at % 2 === 1 || at === end) {
      hash = nodeHash(beside, hash)
      while (at % 2 === 0 && at !== 0) [at, end] = [at >>> 1, end >>> 1]
    } else hash = nodeHash(hash, beside)
    ;[at, end] = [at >>> 1, end >>> 1]
  }
  return end === 0 && equalBytes(hash, fromHex(root) ?? new Uint8Array())
}

/**
 * The proof of a leaf. `roots`: those of all batches in order, as `AuditPass` tells them; `batch`: the bytes of the one the leaf lies in. `bad-input` for a leaf, roots or a
 * batch that are not the file's.
 */
export function auditProof(size: number, leaf: number, batch: Uint8Array, roots: readonly Uint8Array<ArrayBuffer>[]): AuditProof {
  const number = Math.floor(leaf / auditBatchLeaves)
  const from = number * auditBatchLeaves * auditLeafBytes
  const length = Math.min(auditBatchLeaves * auditLeafBytes, size - from)
  if (leaf < 0 || leaf >= auditLeaves(size) || batch.length !== length || roots.length !== Math.ceil(auditLeaves(size) / auditBatchLeaves)) throw new HoldfastError('bad-input', 'not a leaf of this file')
  const leaves = Array.from({ length: auditLeaves(length) }, (_, i) => leafHash(batch.subarray(i * auditLeafBytes, (i + 1) * auditLeafBytes)))
  const inBatch = leaf - number * auditBatchLeaves
  return {
    bytes: batch.slice(inBatch * auditLeafBytes, (inBatch + 1) * auditLeafBytes),
    path: [...pathOf(leaves, inBatch), ...pathOf(roots, number)],
  }
}

/** The hashes beside the way from one of these up, level by level; who has no neighbour goes up as it is. */
function pathOf(hashes: readonly Uint8Array<ArrayBuffer>[], at: number): Uint8Array<ArrayBuffer>[] {
  const path: Uint8Array<ArrayBuffer>[] = []
  for (let level = hashes; level.length > 1; at >>>= 1) {
    const beside = level[at ^ 1]
    if (beside !== undefined) path.push(beside)
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => level[2 * i + 1] === undefined ? level[2 * i]! : nodeHash(level[2 * i]!, level[2 * i + 1]!))
  }
  return path
}

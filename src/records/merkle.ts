import { concat, sha256, sha256Flat } from '../base/index.ts'

/** One step up a tree: a node's two children and itself. */
export interface MerkleStep { readonly left: Uint8Array, readonly right: Uint8Array, readonly top: Uint8Array }

/**
 * Factom's tree over hashes: a node is the SHA-256 of its two children, and the last of a level of odd length stands beside itself. So [a, b, c] and [a, b, c, c] have
 * one root, and a node looks like a leaf: only a count that is bound elsewhere, as the header of a block does, says which it is.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  if (leaves.length === 0) return new Uint8Array(32)
  let level: readonly Uint8Array[] = leaves
  while (level.length > 1) level = parentsOf(level)
  return new Uint8Array(level[0]!)
}

/** The way from a leaf to the root. */
export function merkleBranch(leaves: readonly Uint8Array[], index: number): readonly MerkleStep[] {
  const steps: MerkleStep[] = []
  let level: readonly Uint8Array[] = leaves
  for (let at = index; level.length > 1; at >>= 1) {
    const parents = parentsOf(level)
    const left = level[at & ~1]!
    steps.push({ left, right: level[at | 1] ?? left, top: parents[at >> 1]! })
    level = parents
  }
  return steps
}

export function merkleParent(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> { return sha256(concat(left, right)) }

function parentsOf(level: readonly Uint8Array[]): readonly Uint8Array[] {
  const pairs: Uint8Array[] = []
  for (let i = 0; i < level.length; i += 2) pairs.push(concat(level[i]!, level[i + 1] ?? level[i]!))
  const digests = sha256Flat(pairs)
  return pairs.map((_, i) => digests.subarray(32 * i, 32 * i + 32))
}

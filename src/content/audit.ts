import { HoldfastError, sha256Flat, toHex } from '../base/index.ts'

/*
 * What keepers of a file are asked proofs of: the root of the tree of RFC 6962, section 2.1, over its bytes cut into leaves of 1 KiB, the last one short. A leaf is
 * SHA-256(0x00 || bytes), a node SHA-256(0x01 || left || right), and of n leaves the left ones are the most that are a power of two below n.
 */

export const auditLeafBytes = 1024
/** The largest file an upload may name: a path has at most 26 nodes. */
const mostBytes = 2 ** 36
/** Nodes beside the way up from a leaf of the largest. */
export const auditPathNodes = 26
/** Leaves hashed beside each other; a power of two, so that each full batch is a whole tree. */
export const auditBatchLeaves = 256
const batch = auditBatchLeaves

/** Takes the bytes of a file as they come, in any pieces, and keeps a few nodes. */
export class AuditPass {
  /** Leaves of this batch, each behind its 0x00. */
  readonly #leaves: Uint8Array<ArrayBuffer>[] = Array.from({ length: batch }, () => new Uint8Array(1 + auditLeafBytes))
  /** Whole trees of batches, each as large as all behind it together or larger: the digits of their number in binary. */
  readonly #trees: { readonly batches: number, readonly root: Uint8Array }[] = []
  #at = 0
  #left: number

  /** `size`: of the whole file, null where only its end tells. `bad-input` for one that no upload may have. `onBatch` hears the root of each batch of leaves, in order. */
  constructor(private readonly size: number | null, private readonly onBatch: (root: Uint8Array<ArrayBuffer>) => void = () => {}) {
    if (size !== null && (!Number.isSafeInteger(size) || size < 1 || size > mostBytes)) throw notOfASize()
    this.#left = size ?? mostBytes
  }

  push(bytes: Uint8Array): void {
    if (bytes.length > this.#left) throw this.size === null ? notOfASize() : new HoldfastError('file-changed', 'more bytes than the file has')
    for (let at = 0; at < bytes.length;) {
      const inLeaf = this.#at % auditLeafBytes
      const taken = Math.min(auditLeafBytes - inLeaf, bytes.length - at)
      this.#leaves[Math.floor(this.#at / auditLeafBytes)]!.set(bytes.subarray(at, at + taken), 1 + inLeaf)
      at += taken
      this.#at += taken
      if (this.#at === batch * auditLeafBytes) this.#close()
    }
    this.#left -= bytes.length
  }

  /** 64 hex digits. `file-changed` where bytes are missing. */
  root(): string {
    if (this.size !== null && this.#left > 0) throw new HoldfastError('file-changed', 'fewer bytes than the file has')
    if (this.#left === mostBytes) throw notOfASize()
    const rest = this.#at > 0 ? [this.#treeOfLeaves()] : []
    for (const root of rest) this.onBatch(root.slice())
    return toHex([...this.#trees.map(({ root }) => root), ...rest].reduceRight((right, left) => treeOf([left, right])))
  }

  #close(): void {
    let tree = { batches: 1, root: this.#treeOfLeaves() }
    this.onBatch(tree.root.slice())
    for (let last = this.#trees.at(-1); last?.batches === tree.batches; last = this.#trees.at(-1)) {
      tree = { batches: 2 * tree.batches, root: treeOf([last.root, tree.root]) }
      this.#trees.pop()
    }
    this.#trees.push(tree)
    this.#at = 0
  }

  #treeOfLeaves(): Uint8Array {
    const full = Math.floor(this.#at / auditLeafBytes)
    const short = this.#at % auditLeafBytes
    const leaves = this.#leaves.slice(0, full + (short > 0 ? 1 : 0))
    return treeOf(split(sha256Flat(leaves, leaves.map((leaf, i) => i < full ? leaf.length : 1 + short))))
  }
}

function notOfASize(): HoldfastError {
  return new HoldfastError('bad-input', `not a file of 1 to ${mostBytes} bytes`)
}

/** The root over these digests, level by level: who has no neighbour on its right goes up as it is. */
function treeOf(digests: readonly Uint8Array[]): Uint8Array {
  let level = digests
  while (level.length > 1) {
    const pairs = Array.from({ length: level.length >> 1 }, (_, i) => {
      const node = new Uint8Array(65)
      node[0] = 1
      node.set(level[2 * i]!, 1)
      node.set(level[2 * i + 1]!, 33)
      return node
    })
    level = [...split(sha256Flat(pairs)), ...level.length % 2 === 1 ? [level.at(-1)!] : []]
  }
  return level[0]!
}

function split(digests: Uint8Array): Uint8Array[] {
  return Array.from({ length: digests.length / 32 }, (_, i) => digests.subarray(32 * i, 32 * i + 32))
}

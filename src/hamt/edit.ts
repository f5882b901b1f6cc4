import type { TrieNode } from './node.ts'

/*
 * A buffer for each node would cost more to make and to collect than all else that is done to it. So changed nodes share chunks, which are used
 * again after the commit, and committed ones lie where their packs were written.
 */
const chunkBytes = 256 * 1024
/** Chunks kept for the next edit: what a block of a few thousand changes takes. */
const mostSpare = 16
const spare: Uint8Array<ArrayBuffer>[] = []

/** Memory for nodes, given out from the front of chunks. */
export class Chunks {
  readonly #chunks: Uint8Array<ArrayBuffer>[] = []
  #used = chunkBytes

  /** Room for one node; what is in it is whatever was there. */
  room(length: number): Uint8Array<ArrayBuffer> {
    if (length > chunkBytes / 4) return new Uint8Array(length)
    if (this.#used + length > chunkBytes) {
      this.#chunks.push(spare.pop() ?? new Uint8Array(chunkBytes))
      this.#used = 0
    }
    const begin = this.#used
    this.#used += length
    return new Uint8Array(this.#chunks.at(-1)!.buffer, begin, length) // quicker than a subarray
  }

  /** Gives the chunks to others: nobody may hold what `room` gave. */
  release(): void {
    while (spare.length < mostSpare && this.#chunks.length > 0) spare.push(this.#chunks.pop()!)
    this.#chunks.length = 0
    this.#used = chunkBytes
  }
}

export interface Changed { readonly node: TrieNode, readonly parent: TrieNode | null, readonly slot: number }

/** What changes of a version are made in until they are committed: the nodes that belong to it, by their depth, and memory for them. */
export class Edit {
  readonly #memory = new Chunks()
  readonly levels: Changed[][] = []

  room(length: number): Uint8Array<ArrayBuffer> { return this.#memory.room(length) }

  /** A node became one of the edit. One that is given up again has another `edit` by the time of the commit. */
  made(node: TrieNode, parent: TrieNode | null, slot: number, depth: number): void {
    while (this.levels.length <= depth) this.levels.push([])
    this.levels[depth]!.push({ node, parent, slot })
  }

  /** The commit has moved all its nodes elsewhere. */
  end(): void {
    this.levels.length = 0
    this.#memory.release()
  }
}

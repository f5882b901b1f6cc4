import { HoldfastError, accept, equalBytes, limits, reject, sha256Flat, type Judged } from '../base/index.ts'
import { packBytes } from './commit.ts'
import { PackWriter, packedSize, placeOf } from './pack.ts'
import { linksOf } from './slot-path.ts'
import { ledgerShape, type Commit, type HamtShape, type Pack, type Place } from './types.ts'

/** A node that is wanted, and which of its parent's links names it. */
interface Wanted { readonly digest: Uint8Array, readonly parent: Copied | null, readonly link: number }

/** A node that is here. Its children are noted as they come, in the order of its links. */
interface Copied { readonly bytes: Uint8Array, readonly children: (Copied | null)[], place: Place }

/**
 * Copies a trie node by node from whoever has it, by paths (`Hamt.nodesAt`), from the root down: each node is what the one above it names before anybody looks at it, and what a
 * trie would have written there, so nobody has to be trusted. Deeper nodes are asked for first: what is wanted at once stays few, however large the trie. What was taken lies in
 * memory until `commit`, at most `copiedStateBytes` of it.
 */
export class StateCopy {
  readonly #wanted = new Map<string, Wanted>()
  /** In the order they came: each after the one above it. */
  readonly #nodes: Copied[] = []
  #bytes = 0

  /** `root`: the digest of its root node. */
  constructor(readonly root: Uint8Array, private readonly shape: HamtShape = ledgerShape) {
    this.#wanted.set('', { digest: root, parent: null, link: 0 })
  }

  /** Whether all of it is here. */
  get isWhole(): boolean { return this.#wanted.size === 0 }
  get nodes(): number { return this.#nodes.length }
  get bytes(): number { return this.#bytes }

  /** Paths to ask for next, at most so many, without those that others are being asked for. */
  wanted(most: number = limits.nodesAsked, besides: ReadonlySet<string> = new Set()): readonly string[] {
    return [...this.#wanted.keys()].filter(path => !besides.has(path)).slice(-most)
  }

  /**
   * Takes what somebody answered to these paths, null (or nothing, at the end) for what it has not. `wrong-bytes`, `bad-frame`: it lied, and what came before that is taken;
   * `too-large`: no room for more. What is here already is not looked at.
   */
  take(paths: readonly string[], nodes: readonly (Uint8Array | null)[]): Judged<void> {
    if (nodes.length > paths.length) return reject('bad-frame', 'more nodes than were asked for')
    const digests = sha256Flat(nodes.map(bytes => bytes ?? new Uint8Array()))
    for (const [i, bytes] of nodes.entries()) {
      const path = paths[i]!
      const wanted = this.#wanted.get(path)
      if (bytes === null || wanted === undefined) continue
      if (!equalBytes(digests.subarray(32 * i, 32 * i + 32), wanted.digest)) return reject('wrong-bytes', 'a node is not the one that is named')
      const links = linksOf(this.shape, bytes, path)
      if (!links.ok) return links
      if (this.#bytes + bytes.length > limits.copiedStateBytes) return reject('too-large', 'the state has more nodes than are taken at once')
      this.#add(path, wanted, bytes, links.value)
    }
    return accept(undefined)
  }

  /** All of it as one commit of packs from `firstPack` on, children before those above them. `bad-input` where it is not whole. */
  commit(firstPack: number): Commit {
    if (!this.isWhole) throw new HoldfastError('bad-input', 'the copy is not whole', { missing: this.#wanted.size })
    const nodes = this.#nodes.toReversed()
    const packs: Pack[] = []
    for (let first = 0, end = 0; first < nodes.length; first = end) {
      let bytes = 0
      for (; end < nodes.length; end++) {
        const size = sizeOf(nodes[end]!)
        if (end > first && bytes + 4 * (end - first) + size > packBytes) break
        nodes[end]!.place = placeOf(firstPack + packs.length, end - first)
        bytes += size
      }
      const writer = new PackWriter(firstPack + packs.length, end - first, bytes)
      for (const { bytes: own, children } of nodes.slice(first, end)) writer.add(own.length, children.map(child => child!.place)).set(own)
      packs.push(writer.pack)
    }
    return { root: { digest: this.root, place: nodes.at(-1)!.place }, packs, replaced: [] }
  }

  #add(path: string, { parent, link }: Wanted, bytes: Uint8Array, links: readonly { readonly slot: string, readonly digest: Uint8Array }[]): void {
    const node: Copied = { bytes: bytes.slice(), children: links.map(() => null), place: 0 }
    if (parent !== null) parent.children[link] = node
    this.#nodes.push(node)
    this.#bytes += bytes.length
    this.#wanted.delete(path)
    for (const [i, { slot, digest }] of links.entries()) this.#wanted.set(path + slot, { digest, parent: node, link: i })
  }
}

function sizeOf({ bytes, children }: Copied): number { return packedSize(bytes.length, children.length) }

import { CborFault, HoldfastError, equalBytes, limits, sha256Flat, skipItem } from '../base/index.ts'
import { find } from './bucket.ts'
import { put, remove, type Editor } from './change.ts'
import { settle } from './commit.ts'
import { diffTrees, type Difference } from './diff.ts'
import { Edit } from './edit.ts'
import { layoutOf, type Layout } from './layout.ts'
import { loadNodes, type Wanted } from './loader.ts'
import { TrieNode } from './node.ts'
import { Path } from './path.ts'
import { top } from './read-node.ts'
import { nodesAt } from './slot-path.ts'
import { trimBelow } from './trim.ts'
import { ledgerShape, type Change, type Commit, type Entry, type HamtShape, type NodeRef, type NodeStore, type Place, type WalkedNode } from './types.ts'
import { walkEntries, walkNodes, type Tree } from './walk.ts'

/**
 * A version of a trie: a map from byte strings to values, whose root digest follows from what is in it alone, whatever was done to it before.
 *
 * Nodes of a commit never change; versions share them, and those that were read lie in memory for all of them. An update copies what it changes,
 * once for each commit, into nodes that belong to this version's edit, and nobody else sees them. So a fork costs nothing, and dropping it
 * undoes what was done to it. Only `get` and `getMany` see uncommitted changes: proofs, walks and differences are of the last commit. A store's
 * nodes are believed only once their digest and form are checked; whether an update fails for want of one is known before it changes anything.
 */
export class Hamt {
  readonly #store: NodeStore
  readonly #layout: Layout
  #edit = new Edit()
  #root: TrieNode
  /** The last commit. Its root is not stored where there was none yet. */
  #base: Base
  /** Where nodes of the last commit are that are no longer part of this version. */
  #replaced: Place[] = []
  #turn = 0

  private constructor(store: NodeStore, layout: Layout, base: Base) {
    this.#store = store
    this.#layout = layout
    this.#root = base.node
    this.#base = base
  }

  /** A trie without entries. Its root is kept by the first commit. */
  static empty(store: NodeStore, shape: HamtShape = ledgerShape): Hamt {
    const layout = layoutOf(shape)
    const node = TrieNode.empty(layout, null, true)
    return new Hamt(store, layout, { node, ref: { digest: sha256Flat([node.bytes], [node.length]), place: null }, stored: false })
  }

  /** The trie under a root. Throws `not-found` or `storage-damaged`, as everything here that has to load nodes. */
  static async open(store: NodeStore, ref: NodeRef, shape: HamtShape = ledgerShape): Promise<Hamt> {
    const layout = layoutOf(shape)
    const [node] = await loadNodes(layout, store, [{ ref, ...top }])
    return new Hamt(store, layout, { node: node!, ref, stored: true })
  }

  /** The keys whose values differ between the last commits of two tries of one shape, in the order of their hashes; equal subtrees are not looked at. */
  static diff(before: Hamt, after: Hamt): AsyncGenerator<Difference> {
    return diffTrees(before.#tree(), after.#tree())
  }

  get shape(): HamtShape { return { bitWidth: this.#layout.bitWidth, bucketSize: this.#layout.bucketSize } }

  /** The root of the last commit. */
  get root(): NodeRef { return this.#base.ref }

  /** Whether anything was changed since then. */
  get changed(): boolean { return this.#root !== this.#base.node }

  /** A version that begins as this one is. Throws `bad-input` where there are uncommitted changes. */
  fork(): Hamt {
    if (this.changed) throw new HoldfastError('bad-input', 'commit before you fork')
    return new Hamt(this.#store, this.#layout, this.#base)
  }

  /** The value of a key; null where there is none. */
  async get(key: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
    return (await this.getMany([key]))[0]!
  }

  /** The values of many keys: what is missing is loaded together. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array<ArrayBuffer> | null)[]> {
    const hashes = sha256Flat(keys)
    for (let missing = this.#missing(hashes); missing.length > 0; missing = this.#missing(hashes)) await this.#load(missing)
    const path = new Path()
    return keys.map((key, i) => {
      path.descend(this.#layout, this.#root, hashes, 32 * i, this.#turn)
      const { node, slot } = path
      const { spot } = find(node, slot, key)
      return spot === null ? null : node.bytes.slice(spot.value, spot.end)
    })
  }

  /** Makes changes in their order; all, or none where it throws: `bad-input` for a value that is not one item of DAG-CBOR, `too-large`. */
  async update(changes: readonly Change[]): Promise<void> {
    for (const change of changes) checkChange(change)
    const hashes = sha256Flat(changes.map(({ key }) => key))
    for (let missing = this.#missing(hashes); missing.length > 0; missing = this.#missing(hashes)) await this.#load(missing)
    const editor: Editor = { layout: this.#layout, edit: this.#edit, ownRoot: more => this.#ownRoot(more), replaced: place => { this.#replaced.push(place) } }
    const path = new Path()
    for (const [i, { key, value }] of changes.entries()) {
      path.descend(this.#layout, this.#root, hashes, 32 * i, this.#turn)
      if (value === null) remove(editor, path, key)
      else put(editor, path, hashes, 32 * i, { key, value })
    }
  }

  /** Hashes and packs what was changed, under numbers from `firstPack`; from now on it is the version others can begin with. */
  commit(firstPack: number): Commit {
    const { ref, stored } = this.#base
    if (this.changed || !stored) {
      const { digest, place, packs } = settle(this.#layout, this.#edit, this.#root, firstPack)
      const replaced = this.#replaced
      this.#replaced = []
      if (!stored || !equalBytes(digest, ref.digest)) {
        this.#base = { node: this.#root, ref: { digest, place }, stored: true }
        return { root: this.#base.ref, packs, replaced }
      }
      this.#root = this.#base.node // changed, and changed back
    }
    return { root: ref, packs: [], replaced: [] }
  }

  /**
   * The nodes that show the values of these keys, or that they have none: from the root on, each once, in the order in which they are met when
   * the keys are looked up one after the other. `verifyProof` reads them.
   */
  async prove(keys: readonly Uint8Array[]): Promise<Uint8Array<ArrayBuffer>[]> {
    const root = this.#base.node
    const hashes = sha256Flat(keys)
    for (let missing = this.#missing(hashes, root); missing.length > 0; missing = this.#missing(hashes, root)) await this.#load(missing)
    const met = new Set([root])
    const path = new Path()
    for (const i of keys.keys()) {
      path.descend(this.#layout, root, hashes, 32 * i, this.#turn)
      for (const node of path.nodes.slice(0, path.length)) met.add(node)
    }
    return Array.from(met, node => node.bytes.slice(0, node.length))
  }

  /**
   * The nodes of the last commit at these paths, of a trie of at most 16 slots: one hexadecimal digit a level, '' for the root. Null where there is none, or no node of its own.
   * What has to be loaded is loaded together, level by level, and not kept.
   */
  async nodesAt(paths: readonly string[]): Promise<(Uint8Array<ArrayBuffer> | null)[]> { return await nodesAt(this.#tree(), paths) }

  /** All entries, in the order of their keys' hashes. */
  walk(): AsyncGenerator<Entry> { return walkEntries(this.#tree()) }

  /** All nodes, each before those below it. */
  nodes(): AsyncGenerator<WalkedNode> { return walkNodes(this.#tree(), this.#base.ref) }

  /**
   * Forgets nodes until those in memory have at most `budget` bytes: first those that were not looked at since the last time, deeper ones first.
   * They are loaded again when they are wanted, so what was committed must be in the store. Changed nodes stay.
   */
  trim(budget: number): void {
    trimBelow(this.#root, this.#edit, budget)
    this.#turn++
  }

  #tree(): Tree { return { layout: this.#layout, store: this.#store, root: this.#base.node } }

  #ownRoot(more: number): TrieNode {
    if (this.#root.edit !== this.#edit) {
      const { place } = this.#base.ref
      if (place !== null) this.#replaced.push(place)
      this.#root = this.#root.copy(this.#edit, more)
      this.#edit.made(this.#root, null, 0, 0)
    }
    return this.#root
  }

  /** The links that lead towards these keys, whose nodes are not in memory. */
  #missing(hashes: Uint8Array, root = this.#root): (Wanted & Parent)[] {
    const missing: (Wanted & Parent)[] = []
    const seen = new Map<TrieNode, Set<number>>()
    const path = new Path()
    for (let at = 0; at < hashes.length; at += 32) {
      if (path.descend(this.#layout, root, hashes, at, this.#turn)) continue
      const { node: parent, slot } = path
      const slots = seen.get(parent) ?? new Set()
      if (slots.has(slot)) continue
      seen.set(parent, slots.add(slot))
      missing.push({ parent, slot, ref: { digest: parent.digest(slot), place: parent.place(slot) }, depth: path.length, hash: hashes, at })
    }
    return missing
  }

  async #load(missing: readonly (Wanted & Parent)[]): Promise<void> {
    const nodes = await loadNodes(this.#layout, this.#store, missing)
    for (const [i, { parent, slot, ref }] of missing.entries()) {
      // Meanwhile somebody else may have loaded it, or changed what is there.
      if (parent.child(slot) === null && parent.isLink(slot) && equalBytes(parent.digest(slot), ref.digest)) parent.setChild(this.#layout, slot, nodes[i]!)
    }
  }
}

interface Base { readonly node: TrieNode, readonly ref: NodeRef, readonly stored: boolean }

interface Parent { readonly parent: TrieNode, readonly slot: number }

function checkChange({ key, value }: Change): void {
  if (key.length > limits.trieKeyBytes) throw new HoldfastError('too-large', 'the key is too long', { bytes: key.length })
  if (value === null) return
  if (value.length > limits.trieValueBytes) throw new HoldfastError('too-large', 'the value is too large', { bytes: value.length })
  let end: number
  try {
    end = skipItem(value, 0)
  } catch (error) {
    if (!(error instanceof CborFault)) throw error
    throw new HoldfastError('bad-input', `a value that is no DAG-CBOR: ${error.message}`)
  }
  if (end !== value.length) throw new HoldfastError('bad-input', 'a value is one item of DAG-CBOR')
}

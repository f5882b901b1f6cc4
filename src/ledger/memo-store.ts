import { toHex, type Cid } from '../base/index.ts'
import type { NodeStore } from '../hamt/index.ts'
import type { LedgerMemo } from './memo.ts'
import type { BlockStore, NewBlock, StoredBlock } from './ports.ts'

/** What one of many ledgers with a memo keeps: which blocks, of those that lie in the memo, and which of them is the head. A block costs it one entry of a set. */
export class MemoStore implements BlockStore {
  readonly #kept = new Set<Cid>()
  /** Blocks of which this one has the header alone. */
  #headers: BlockShelf | null = null
  #head: Cid | null = null
  #base: Cid | null = null

  constructor(private readonly memo: LedgerMemo) {}

  get nodes(): NodeStore { return this.memo.nodes }
  get head(): StoredBlock | null { return this.#head === null ? null : this.block(this.#head) }
  get base(): StoredBlock | null { return this.#base === null ? null : this.block(this.#base) }
  /** Packs lie in the memo. */
  get nextPack(): number { return 0 }

  block(root: Cid): StoredBlock | null { return this.#headers?.row(root) ?? (this.#kept.has(root) ? this.memo.shelf.row(root) : null) }
  childrenOf(root: Cid): readonly StoredBlock[] {
    const children = this.memo.shelf.childrenOf(root).filter(child => this.#kept.has(child.root))
    return this.#headers === null ? children : [...this.#headers.childrenOf(root), ...children]
  }

  async body(root: Cid): Promise<Uint8Array | null> { return this.#kept.has(root) ? this.memo.shelf.body(root) : null }

  async find(cid: Cid): Promise<Uint8Array | null> {
    for (const root of this.memo.shelf.named(cid)) {
      if (!this.#kept.has(root)) continue
      const row = this.memo.shelf.row(root)!
      if (row.block === cid) return row.header
      return toHex(row.state) === cid ? (await this.nodes.load([{ digest: row.state, place: row.place }]))[0]?.bytes ?? null : this.memo.shelf.body(root)
    }
    const [header] = this.#headers?.named(cid) ?? []
    return header === undefined ? null : this.#headers?.row(header)?.header ?? null
  }

  async startFrom(blocks: readonly NewBlock[]): Promise<void> {
    this.#kept.clear()
    this.#headers = new BlockShelf()
    for (const block of blocks.slice(0, -1)) this.#headers.add(block)
    this.#head = this.#base = null
    await this.commit({ blocks: blocks.slice(-1) })
  }

  async commit({ blocks = [], head, drop = [] }: { readonly blocks?: readonly NewBlock[], readonly head?: Cid, readonly drop?: readonly Cid[] }): Promise<void> {
    for (const block of blocks) {
      this.memo.shelf.add(block)
      this.#kept.add(block.root)
    }
    for (const root of drop) this.#kept.delete(root)
    this.#base ??= blocks[0]?.root ?? null
    this.#head = head ?? this.#head ?? this.#base
  }
}

/** The blocks of all ledgers with one memo, each once. */
export class BlockShelf {
  readonly #rows = new Map<Cid, StoredBlock>()
  readonly #bodies = new Map<Cid, Uint8Array>()
  readonly #children = new Map<Cid, StoredBlock[]>()
  /** Roots by content ids of headers, bodies and states. */
  readonly #names = new Map<Cid, Cid[]>()

  row(root: Cid): StoredBlock | null { return this.#rows.get(root) ?? null }
  body(root: Cid): Uint8Array | null { return this.#bodies.get(root) ?? null }
  childrenOf(root: Cid): readonly StoredBlock[] { return this.#children.get(root) ?? [] }
  named(cid: Cid): readonly Cid[] { return this.#names.get(cid) ?? [] }

  add({ body, state, ...rest }: NewBlock): void {
    if (this.#rows.has(rest.root)) return
    const row = { ...rest, state: state.root.digest, place: state.root.place }
    this.#rows.set(row.root, row)
    if (body.bytes !== null) this.#bodies.set(row.root, body.bytes)
    if (row.parent !== null) push(this.#children, row.parent, row)
    for (const name of row.place === null ? [row.block] : [row.block, body.cid, toHex(row.state)]) push(this.#names, name, row.root)
  }
}

function push<T>(lists: Map<Cid, T[]>, name: Cid, value: T): void {
  const list = lists.get(name)
  if (list === undefined) lists.set(name, [value])
  else list.push(value)
}

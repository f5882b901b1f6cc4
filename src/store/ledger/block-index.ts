import { toHex, type Cid } from '../../base/index.ts'
import type { BlockRow } from './records.ts'

/** The rows of all kept blocks, as they lie in the database, found by whatever names them. */
export class BlockIndex {
  private readonly rows = new Map<Cid, BlockRow>()
  private readonly children = new Groups<Cid>()
  private readonly numbers = new Groups<number>()
  /** By CID of header, body and state; made when it is asked for first, as that takes longer than the rest. */
  private names: Groups<Cid> | null = null

  constructor(rows: readonly BlockRow[]) {
    for (const row of rows) this.add(row)
  }

  get(root: Cid | null): BlockRow | null {
    return root === null ? null : this.rows.get(root) ?? null
  }

  all(): IterableIterator<BlockRow> {
    return this.rows.values()
  }

  /** Replaces the row of the same root. */
  add(row: BlockRow): void {
    this.remove(row.root)
    this.rows.set(row.root, row)
    if (row.parent !== null) this.children.add(row.parent, row.root)
    this.numbers.add(row.number, row.root)
    if (this.names !== null) for (const name of namesOf(row)) this.names.add(name, row.root)
  }

  remove(root: Cid): void {
    const row = this.rows.get(root)
    if (row === undefined) return
    this.rows.delete(root)
    if (row.parent !== null) this.children.remove(row.parent, root)
    this.numbers.remove(row.number, root)
    if (this.names !== null) for (const name of namesOf(row)) this.names.remove(name, root)
  }

  childrenOf(root: Cid): readonly BlockRow[] {
    return this.these(this.children.of(root))
  }

  at(number: number): readonly BlockRow[] {
    return this.these(this.numbers.of(number))
  }

  /** Blocks whose header, body or state has this CID. */
  named(cid: Cid): readonly BlockRow[] {
    if (this.names === null) {
      this.names = new Groups()
      for (const row of this.rows.values()) for (const name of namesOf(row)) this.names.add(name, row.root)
    }
    return this.these(this.names.of(cid))
  }

  /** The block of `number` among the ancestors of `row` and itself. */
  ancestor(row: BlockRow, number: number): BlockRow | null {
    let at: BlockRow | null = row
    while (at !== null && at.number > number) at = this.get(at.parent)
    return at
  }

  /** `root` and all that descends from it, each after what descends from it. */
  leavesFirst(root: Cid): readonly BlockRow[] {
    const found: BlockRow[] = []
    const waiting = [this.get(root)]
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      if (row === null) continue
      found.push(row)
      waiting.push(...this.childrenOf(row.root))
    }
    return found.toReversed()
  }

  private these(roots: ReadonlySet<Cid>): readonly BlockRow[] {
    return [...roots].flatMap(root => this.get(root) ?? [])
  }
}

function namesOf({ block, body, state }: BlockRow): readonly Cid[] {
  return [block, body, toHex(state)]
}

/** Roots that have something in common. */
class Groups<Key> {
  private readonly groups = new Map<Key, Set<Cid>>()

  of(key: Key): ReadonlySet<Cid> {
    return this.groups.get(key) ?? new Set()
  }

  add(key: Key, root: Cid): void {
    const group = this.groups.get(key)
    if (group === undefined) this.groups.set(key, new Set([root]))
    else group.add(root)
  }

  remove(key: Key, root: Cid): void {
    const group = this.groups.get(key)
    group?.delete(root)
    if (group?.size === 0) this.groups.delete(key)
  }
}

import { HoldfastError, type Cid } from '../../base/index.ts'
import type { Commit } from '../../hamt/index.ts'
import { BlockIndex } from './block-index.ts'
import { PackShelf } from './pack-shelf.ts'
import { encodePlaces } from './places.ts'
import { abandoning } from './pruning.ts'
import { clear, put, putMeta, type BlockRow, type ChainRow, type Edit, type Meta, type Records } from './records.ts'
import type { Step } from './step.ts'

/** How many blocks below the head are kept: with their states, with their bodies too, and (as many as with their states, if not said) with their headers. */
export interface Range { readonly states: number, readonly bodies: number, readonly headers?: number }

/** A block to be kept. */
export interface NewBlock {
  /** CID of the node `{ block, state }`. */
  readonly root: Cid
  /** CID of the header. */
  readonly block: Cid
  readonly header: Uint8Array
  /** Root of the block before it; null, or one that is not there, for the first in an empty store alone. */
  readonly parent: Cid | null
  readonly number: number
  /** The miner's power for it. */
  readonly power: bigint
  readonly body: { readonly cid: Cid, readonly bytes: Uint8Array | null }
  /**
   * What executing it made of the parent's state. A block whose header alone is known has a root without place, and neither packs nor replaced places;
   * it may be committed again once it is executed.
   */
  readonly state: Commit
}

/** The kept blocks and the packs of their states: what lies in the database, and what is known of it in memory. */
export class Chain {
  readonly index: BlockIndex
  readonly shelf: PackShelf

  private constructor(readonly records: Records, readonly range: Range, rows: readonly BlockRow[], dead: Meta['dead packs'] | null, public row: ChainRow) {
    this.index = new BlockIndex(rows)
    this.shelf = new PackShelf(records, 'packs', dead)
  }

  static async read(records: Records, range: Range): Promise<Chain> {
    const [[row, dead], rows] = await Promise.all([records.get('meta', ['chain', 'dead packs']), records.all('blocks')])
    return new Chain(records, range, rows, (dead ?? null) as Meta['dead packs'] | null, { head: null, base: null, nextPack: 0, bodiesFrom: 0, headersFrom: 0, ...row as Partial<ChainRow> | null })
  }

  get head(): BlockRow | null { return this.index.get(this.row.head) }
  get base(): BlockRow | null { return this.index.get(this.row.base) }

  changing(change: Partial<ChainRow>): Step {
    const row = { ...this.row, ...change }
    return { edits: [putMeta('chain', row)], done: () => { this.row = row } }
  }

  /** Numbers of the first packs of all blocks but this one. */
  packsOfOthers(row: BlockRow): readonly number[] {
    return [...this.index.all()].flatMap(each => each.packs > 0 && each !== row ? [each.firstPack] : [])
  }

  /** Keeps new blocks, in the order of their descent, and makes one of those that are kept the head. */
  keeping(blocks: readonly NewBlock[], head: Cid | null): readonly Step[] {
    const rows = new Map<Cid, BlockRow>()
    let { nextPack } = this.row
    for (const block of blocks) {
      const row = this.judged(block, root => rows.get(root) ?? this.index.get(root), nextPack, this.row.base === null && rows.size === 0)
      nextPack += row.packs
      rows.set(row.root, row)
    }
    const [first] = blocks
    const change = { head: head ?? this.row.head ?? first?.root ?? null, base: this.row.base ?? first?.root ?? null, nextPack, ...this.row.base === null ? { bodiesFrom: first?.number ?? 0, headersFrom: first?.number ?? 0 } : {} }
    if (change.head !== null && !rows.has(change.head) && this.index.get(change.head) === null) throw new HoldfastError('not-found', 'the head is not kept', { root: change.head })
    return [
      this.shelf.adding(blocks.flatMap(({ state }) => state.packs)),
      { edits: blocks.flatMap(block => editsOf(block, rows.get(block.root)!)), done: () => { for (const row of rows.values()) this.index.add(row) } },
      this.changing(change),
    ]
  }

  /** Takes blocks away that nothing descends from, with their packs. */
  dropping(roots: readonly Cid[]): readonly Step[] {
    return roots.map(root => {
      const row = this.index.get(root)
      if (row === null) throw new HoldfastError('not-found', 'the block is not kept', { root })
      if (root === this.row.head || root === this.row.base || this.index.childrenOf(root).length > 0) throw new HoldfastError('bad-input', 'others need this block', { root })
      return abandoning(this, row)
    })
  }

  /** Forgets all blocks and states. Numbers of packs go on, so that no old place ever leads to a new node. */
  clearing(): readonly Step[] {
    return [
      this.shelf.droppingBelow(this.row.nextPack),
      { edits: [clear('blocks'), clear('bodies'), clear('replaced')], done: () => { for (const { root } of this.index.all()) this.index.remove(root) } },
      this.changing({ head: null, base: null, bodiesFrom: 0, headersFrom: 0 }),
    ]
  }

  /** Forgets all there is and begins anew with the last of these blocks, as the head; of those that lead to it there are headers alone. */
  startingFrom(blocks: readonly NewBlock[]): readonly Step[] {
    const [first, last] = [blocks[0], blocks.at(-1)]
    if (first === undefined || last === undefined || last.state.root.place === null) throw new HoldfastError('bad-input', 'nothing to begin with')
    for (const [i, { root, parent, number, state }] of blocks.entries()) {
      const before = blocks[i - 1]
      if (before !== undefined && (parent !== before.root || number !== before.number + 1)) throw new HoldfastError('bad-input', 'does not follow the block before it', { root, number })
      if ((state.root.place === null) !== (i < blocks.length - 1)) throw new HoldfastError('bad-input', 'the last block alone has its state', { root, number })
    }
    checkPacks(last, this.row.nextPack)
    const rows = blocks.map(block => rowOf(block, this.row.nextPack))
    const clearing = this.clearing()
    return [
      ...clearing.slice(0, -1),
      this.shelf.adding(last.state.packs),
      { edits: blocks.flatMap((block, i) => editsOf(block, rows[i]!)), done: () => { for (const row of rows) this.index.add(row) } },
      this.changing({ head: last.root, base: last.root, bodiesFrom: last.number, headersFrom: first.number, nextPack: this.row.nextPack + last.state.packs.length }),
    ]
  }

  /** The row of a block, or why it cannot be kept. */
  private judged(block: NewBlock, find: (root: Cid) => BlockRow | null, nextPack: number, isFirst: boolean): BlockRow {
    const { root, parent, number, state } = block
    const known = find(root)
    if (known !== null && (known.place !== null || state.root.place === null)) throw new HoldfastError('already-exists', 'the block is kept', { root })
    // Nothing grows, and no header gets its state back, where states are gone.
    if (number < (this.base?.number ?? 0)) throw new HoldfastError('not-found', 'the states of its time are gone', { root, number })
    const found = parent === null ? null : find(parent)
    const before = found !== null && found.number < (this.base?.number ?? 0) ? null : found
    if (before === null && known === null && !isFirst) throw new HoldfastError('not-found', 'the block before it is not kept', { root, number })
    if (before !== null && number !== before.number + 1) throw new HoldfastError('bad-input', 'the number does not follow', { root, number })
    checkPacks(block, nextPack)
    return rowOf(block, nextPack)
  }
}

function checkPacks({ root, state }: NewBlock, nextPack: number): void {
  for (const [i, pack] of state.packs.entries()) if (pack.number !== nextPack + i) throw new HoldfastError('bad-input', 'packs under numbers that are not the next ones', { root, number: pack.number, nextPack })
}

function rowOf({ root, block, header, parent, number, power, body, state }: NewBlock, nextPack: number): BlockRow {
  return {
    root, block, parent, number, power, body: body.cid,
    header: header.slice(), // of its own: a view would take all that is behind it along
    state: state.root.digest.slice(), place: state.root.place,
    firstPack: nextPack, packs: state.packs.length,
  }
}

function editsOf({ body, state }: NewBlock, row: BlockRow): readonly Edit[] {
  return [
    put('blocks', row.root, row),
    ...body.bytes === null ? [] : [put('bodies', row.root, body.bytes.slice())],
    ...state.replaced.length === 0 ? [] : [put('replaced', row.root, encodePlaces(state.replaced))],
  ]
}

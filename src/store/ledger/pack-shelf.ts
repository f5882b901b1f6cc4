import { limits } from '../../base/index.ts'
import { indexOf, packOf, packedNodes, readPacked, writePack, type NodeRef, type NodeStore, type Pack, type PackedNode, type Place, type StoredNode } from '../../hamt/index.ts'
import { ByteCache } from './byte-cache.ts'
import { DeadPlaces } from './dead-places.ts'
import { clear, drop, put, putMeta, type DeadRow, type Edit, type Records } from './records.ts'
import type { Step } from './step.ts'

/**
 * The packs of one table, read through a cache, and what became superfluous in them. A pack is read whole. It changes in one way only: `tidying` writes
 * it anew without its dead nodes, whose places nobody who reads a kept root has; so it does not matter whether a reader sees it before or after.
 * Whoever owns the shelf writes its edits, one batch at a time.
 */
export class PackShelf implements NodeStore {
  private readonly cache = new ByteCache(limits.packCacheBytes)
  private readonly coming = new Map<number, Promise<Uint8Array | null>>()
  private readonly dead: DeadPlaces
  /** Of packs that were looked at. */
  private readonly weights = new Map<number, Weights>()

  constructor(private readonly records: Records, private readonly table: 'packs' | 'local', dead: DeadRow | null) {
    this.dead = new DeadPlaces(dead)
  }

  async load(refs: readonly NodeRef[]): Promise<readonly (StoredNode | null)[]> {
    const packs = await this.packs(new Set(refs.flatMap(({ place }) => place === null ? [] : [packOf(place)])))
    return refs.map(({ place }) => {
      const pack = place === null ? null : packs.get(packOf(place)) ?? null
      return place === null || pack === null ? null : readPacked(pack, indexOf(place))
    })
  }

  /** New packs; whoever just made them is likely to read them next. */
  adding(packs: readonly Pack[]): Step {
    return {
      edits: packs.map(({ number, bytes }) => put(this.table, number, bytes)),
      done: () => { for (const { number, bytes } of packs) this.cache.set(number, bytes) },
    }
  }

  /** Nodes that nothing reaches any more. */
  burying(places: readonly Place[]): Step {
    if (places.length === 0) return { edits: [] }
    this.dead.add(places)
    return { edits: [this.written()], undone: () => { this.dead.remove(places) } }
  }

  /** Whole packs that nothing reaches any more. */
  dropping(numbers: readonly number[]): Step {
    return { edits: numbers.map(number => drop(this.table, number)), done: () => { for (const number of numbers) this.forget(number) } }
  }

  /** All packs below a number. */
  droppingBelow(number: number): Step {
    this.dead.forgetBelow(number)
    return {
      edits: [clear(this.table, number), this.written()],
      done: () => {
        this.cache.clear()
        this.weights.clear()
      },
    }
  }

  /**
   * Looks at packs with newly dead nodes until one is worth writing: half of it or more, in bytes, would go. Null once there is none. Reads at most
   * one pack.
   */
  async tidying(): Promise<readonly Step[] | null> {
    for (let number = this.dead.nextUnseen(); number !== null; number = this.dead.nextUnseen()) {
      const known = this.weights.get(number)
      if (known !== undefined && !this.isHalfDead(number, known)) {
        this.dead.seen(number)
        continue
      }
      const bytes = await this.read(number)
      const weights = known ?? (bytes === null ? null : weigh(bytes))
      if (bytes === null || weights === null) {
        this.forget(number) // gone, or damaged: what is left of it stays readable
        continue
      }
      this.weights.set(number, weights)
      return this.isHalfDead(number, weights) ? [this.rewriting(number, bytes)] : []
    }
    return null
  }

  private rewriting(number: number, bytes: Uint8Array): Step {
    const dead = this.dead.of(number)
    const left: (PackedNode | null)[] = Array.from({ length: packedNodes(bytes) }, (_, index) => dead.has(index) ? null : readPacked(bytes, index))
    const pack = left.every(node => node === null) ? null : writePack(number, left)
    return {
      edits: [pack === null ? drop(this.table, number) : put(this.table, number, pack.bytes), this.written(number)],
      done: () => {
        this.forget(number)
        if (pack !== null) this.cache.set(number, pack.bytes)
      },
    }
  }

  private isHalfDead(number: number, { sizes, all }: Weights): boolean {
    let dead = 0
    for (const index of this.dead.of(number)) dead += sizes[index] ?? 0
    return 2 * dead >= all
  }

  private written(without: number | null = null): Edit {
    return putMeta(`dead ${this.table}`, this.dead.row(without))
  }

  private forget(number: number): void {
    this.dead.forget(number)
    this.weights.delete(number)
    this.cache.delete(number)
  }

  /** Of the pack as it lies there; what tidying reads is not what others will read, so it stays out of the cache. */
  private async read(number: number): Promise<Uint8Array | null> {
    return this.cache.get(number) ?? (await this.records.get(this.table, [number]))[0] ?? null
  }

  /** Packs by number: those not at hand in one look, and each once however many ask for it. */
  private async packs(numbers: ReadonlySet<number>): Promise<ReadonlyMap<number, Uint8Array | null>> {
    const wanted = [...numbers].filter(number => this.cache.get(number) === undefined && !this.coming.has(number))
    if (wanted.length > 0) this.fetch(wanted)
    return new Map(await Promise.all([...numbers].map(async number => [number, this.cache.get(number) ?? await this.coming.get(number) ?? null] as const)))
  }

  private fetch(numbers: readonly number[]): void {
    const reading = this.records.get(this.table, numbers)
    for (const [i, number] of numbers.entries()) {
      const one = this.take(number, reading.then(packs => packs[i] ?? null))
      one.catch(() => undefined) // whoever waits for it hears of it
      this.coming.set(number, one)
    }
  }

  private async take(number: number, coming: Promise<Uint8Array | null>): Promise<Uint8Array | null> {
    try {
      const bytes = await coming
      if (bytes !== null) this.cache.set(number, bytes)
      return bytes
    } finally {
      this.coming.delete(number)
    }
  }
}

/** Bytes of each node of a pack, 0 where it was pruned, and of all together. */
interface Weights { readonly sizes: Uint32Array, readonly all: number }

/** Null where the bytes are damaged. */
function weigh(pack: Uint8Array): Weights | null {
  const nodes = packedNodes(pack)
  if (nodes === 0) return null
  const sizes = Uint32Array.from({ length: nodes }, (_, index) => {
    const node = readPacked(pack, index)
    return node === null ? 0 : 4 + 8 * node.children.length + node.bytes.length
  })
  return { sizes, all: sizes.reduce((sum, size) => sum + size, 0) }
}

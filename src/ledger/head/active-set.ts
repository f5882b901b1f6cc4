import { HoldfastError, oncePer, type Address, type Cid } from '../../base/index.ts'
import type { Parameters } from '../parameters.ts'
import { powerBlock } from '../pot/time-rule.ts'
import type { HeaderChain, HeaderRecord } from './header-chain.ts'

/** Who has a say, with how much: for each miner its blocks in the window (at the beginning of a network its power at genesis), and their sum. */
export interface ActiveSet {
  readonly weights: ReadonlyMap<Address, bigint>
  readonly total: bigint
}

export interface ActiveSetRules {
  /** `E`, blocks. */
  readonly epoch: number
  /** `W`, blocks: a multiple of the epoch. */
  readonly window: number
  readonly genesisPowers: ReadonlyMap<Address, bigint>
}

/** Those of a network: one object for all its ledgers in one process, and so for ten thousand simulated ones. */
export const activeSetRules: (parameters: Parameters) => ActiveSetRules = oncePer(({ epoch, activeWindow, allocations }: Parameters) =>
  ({ epoch, window: activeWindow, genesisPowers: new Map(allocations.map(({ address, power }) => [address, power])) }))

const firstSet = oncePer((powers: ActiveSetRules['genesisPowers']) => activeSet(new Map([...powers].filter(([, power]) => power > 0n))))

/** The blocks of one epoch, counted by miner, and the boundary they begin after. */
interface Epoch { readonly counts: ReadonlyMap<Address, bigint>, readonly before: Cid }

/** Blocks whose boundary is remembered: some weeks of several branches. */
const mostBoundaries = 20_000
/** Boundaries whose counts are remembered, each with up to as many miners as the window has blocks. */
const mostCounted = 256

/**
 * The active sets V(n) of all branches of a chain, from headers alone. They change at epoch boundaries only: what is remembered, by root, is for each block the
 * last boundary at or below it, for each boundary the counts of the epoch that ends there, and the sum over its window. So each header is counted once,
 * and a set once counted outlives the headers it was counted from. All of it follows from the headers; what there is too much of is forgotten at once.
 */
export class ActiveSets {
  readonly #boundaries = new Map<Cid, Cid>()
  readonly #epochs = new Map<Cid, Epoch>()
  readonly #sets = new Map<Cid, ActiveSet>()
  readonly #genesis: ActiveSet

  constructor(private readonly chain: HeaderChain, private readonly rules: ActiveSetRules) {
    if (!(rules.epoch >= 1 && rules.window >= rules.epoch) || rules.window % rules.epoch !== 0) throw new HoldfastError('bad-input', 'the window is no multiple of the epoch')
    this.#genesis = firstSet(rules.genesisPowers)
  }

  /** V(n) for the child n of the block with this root; null where the headers at hand do not reach back far enough. */
  after(root: Cid): ActiveSet | null {
    const parent = this.chain.record(root)
    if (parent === null) return null
    const n = parent.header.number + 1
    if (n < 2 * this.rules.epoch) return this.#genesis.total > 0n ? this.#genesis : this.#sinceGenesis(parent)
    const last = this.#boundaryOf(parent)
    if (last === null) return null
    // pb(n) is the boundary before the last one at or below the parent; where n is a boundary itself, it is that last one.
    const boundary = n % this.rules.epoch === 0 ? last : this.#epochOf(last)?.before
    return boundary === undefined ? null : this.#windowAt(boundary, powerBlock(n, this.rules.epoch))
  }

  /** The miners of all blocks up to this one but the genesis. */
  #sinceGenesis(last: HeaderRecord): ActiveSet | null {
    const known = this.#sets.get(last.root)
    if (known !== undefined) return known
    const counted = this.#count(last, 0)
    return counted === null ? null : remember(this.#sets, last.root, activeSet(counted.counts), mostCounted)
  }

  #windowAt(boundary: Cid, number: number): ActiveSet | null {
    const known = this.#sets.get(boundary)
    if (known !== undefined) return known
    const sum = new Map<Address, bigint>()
    let at = boundary
    for (let end = number; end > Math.max(0, number - this.rules.window); end -= this.rules.epoch) {
      const epoch = this.#epochOf(at)
      if (epoch === null) return null
      for (const [miner, count] of epoch.counts) sum.set(miner, (sum.get(miner) ?? 0n) + count)
      at = epoch.before
    }
    return remember(this.#sets, boundary, activeSet(sum), mostCounted)
  }

  #epochOf(boundary: Cid): Epoch | null {
    const known = this.#epochs.get(boundary)
    if (known !== undefined) return known
    const last = this.chain.record(boundary)
    const epoch = last === null ? null : this.#count(last, last.header.number - this.rules.epoch)
    return epoch === null ? null : remember(this.#epochs, boundary, epoch, mostCounted)
  }

  /** Counts from `last` down to the block above `end`, whose root is `before`. */
  #count(last: HeaderRecord, end: number): Epoch | null {
    const counts = new Map<Address, bigint>()
    let at: HeaderRecord | null = last
    for (; at !== null && at.header.number > end; at = at.parent === null ? null : this.chain.record(at.parent)) {
      counts.set(at.header.miner, (counts.get(at.header.miner) ?? 0n) + 1n)
    }
    return at === null ? null : { counts, before: at.root }
  }

  #boundaryOf(from: HeaderRecord): Cid | null {
    const passed: Cid[] = []
    let found: Cid | undefined
    for (let at: HeaderRecord | null = from; at !== null; at = at.parent === null ? null : this.chain.record(at.parent)) {
      found = at.header.number % this.rules.epoch === 0 ? at.root : this.#boundaries.get(at.root)
      if (found !== undefined) break
      passed.push(at.root)
    }
    if (found === undefined) return null
    for (const root of passed) remember(this.#boundaries, root, found, mostBoundaries)
    return found
  }
}

function activeSet(weights: ReadonlyMap<Address, bigint>): ActiveSet {
  let total = 0n
  for (const weight of weights.values()) total += weight
  return { weights, total }
}

function remember<T>(known: Map<Cid, T>, root: Cid, value: T, most: number): T {
  if (known.size >= most) known.clear()
  known.set(root, value)
  return value
}

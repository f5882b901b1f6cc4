import type { ActiveSets } from './active-set.ts'
import { compareTips } from './compare-tips.ts'
import { forkOf, type HeaderChain, type HeaderRecord, type NoFork } from './header-chain.ts'
import { outweighs, support } from './support.ts'

export interface HeadRules {
  /** Blocks: forks up to this deep are decided by difficulty. */
  readonly short: number
  /** Blocks: forks deeper than this are decided by people. */
  readonly range: number
  /** Seconds. */
  readonly rescue: number
}

/**
 * `keep`: the candidate is not better. `switch`: it is; `safe` is the block that becomes the voted root where the old one is left, else null. `alert`: nothing
 * changes by itself, the user or a release checkpoint decides; `leaves-safe` is a better head that leaves the voted root without the weight for it.
 */
export type HeadVerdict =
  | { readonly verdict: 'keep' }
  | { readonly verdict: 'switch', readonly safe: HeaderRecord | null }
  | { readonly verdict: 'alert', readonly why: NoFork | 'leaves-safe' }

const keep: HeadVerdict = { verdict: 'keep' }

/**
 * Whether `candidate` becomes the head in place of `head`. It is valid and due, and where the peer executes blocks, executed; headers alone decide here, so this
 * is asked before bodies are fetched too. `safeNumber`: the number of the voted root, which lies on the head's chain.
 */
export function judgeCandidate(
  { candidate, head, safeNumber }: { readonly candidate: HeaderRecord, readonly head: HeaderRecord, readonly safeNumber: number },
  { chain, active, rules }: { readonly chain: HeaderChain, readonly active: ActiveSets, readonly rules: HeadRules },
): HeadVerdict {
  const fork = forkOf(chain, candidate, head, rules.range)
  if (typeof fork === 'string') return { verdict: 'alert', why: fork }
  const { base, left, right, depth } = fork
  if (left.length === 0) return keep
  if (right.length === 0) return { verdict: 'switch', safe: null } // each block adds to the difficulty
  const leaves = base.header.number < safeNumber
  const better = compareTips(chain, candidate, head, rules.rescue) > 0
  if (depth <= rules.short && !(better && leaves)) return better ? { verdict: 'switch', safe: null } : keep
  const weights = active.after(base.root)
  if (weights === null) return { verdict: 'alert', why: 'headers-missing' }
  if (depth > rules.short) {
    const [forCandidate, forHead] = [support(left, depth, weights), support(right, depth, weights)]
    if (forCandidate < forHead || forCandidate === forHead && !better) return keep
  }
  if (!leaves) return { verdict: 'switch', safe: null }
  return outweighs(fork, weights) ? { verdict: 'switch', safe: base } : { verdict: 'alert', why: 'leaves-safe' }
}

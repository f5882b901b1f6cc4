import type { Address, Cid } from '../../base/index.ts'
import { compareTips } from './compare-tips.ts'
import type { HeaderChain, HeaderRecord } from './header-chain.ts'

export interface PendingRules {
  /** Blocks that a pending block's parent may lie below the head. */
  readonly short: number
  readonly pendingPerParent: number
  /** Blocks of one miner on one parent: any of them may turn out to have no body. */
  readonly variants: number
  /** Seconds. */
  readonly rescue: number
}

/** Those of `pending` that are kept under this head: on each parent the best, of each miner no more than its variants; in order, best first on each parent. */
export function keptPending<T extends HeaderRecord>(pending: readonly T[], headNumber: number, chain: HeaderChain, rules: PendingRules): readonly T[] {
  const ofParent = new Map<Cid, T[]>()
  for (const record of pending) {
    if (record.parent === null || record.header.number - 1 < headNumber - rules.short) continue
    const siblings = ofParent.get(record.parent)
    if (siblings === undefined) ofParent.set(record.parent, [record])
    else siblings.push(record)
  }
  return [...ofParent.values()].flatMap(siblings => {
    const variants = new Map<Address, number>()
    return siblings.sort((a, b) => compareTips(chain, b, a, rules.rescue)).filter(({ header: { miner } }) => {
      const earlier = variants.get(miner) ?? 0
      variants.set(miner, earlier + 1)
      return earlier < rules.variants
    }).slice(0, rules.pendingPerParent)
  })
}

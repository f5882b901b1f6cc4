import type { Cid } from '../base/index.ts'
import { ancestor, pastOf, type Chain, type Link } from '../ledger/index.ts'
import { commitWindow } from '../records/index.ts'
import { keys, type EntryCopy, type StateKey } from '../state/index.ts'
import { commitsOf, paidOf } from './record-items.ts'
import type { RecordValue, SignedItem } from './record-values.ts'
import type { StateFacts } from './state-facts.ts'

/** The chain as it is looked at: the newest block whose state is known, and one that is `short` below it, where the chain goes so far back. */
export interface Ground { readonly chain: Chain, readonly at: Link, readonly settled: Link | null }

export function groundOf(chain: Chain, { head, mode }: { readonly head: Link, readonly mode: 'full' | 'headers' }, short: number): Ground | null {
  const at = mode === 'full' ? head : head.parent === null ? null : chain.record(head.parent) // nobody has named the root of the newest header yet
  return at === null ? null : { chain, at, settled: ancestor(chain, at, at.header.number - short) }
}

/** Whether an item's window is over after a block, so that none that follows can have it. `window` in ms. */
export function isOverAt({ header: { time } }: Link, item: SignedItem, window: number): boolean { return time * 1000 - item.time > window }

/** Whether it can get into no block any more, not even where the last few were replaced. */
export function isOverForGood({ settled }: Ground, item: SignedItem, window: number): boolean { return settled !== null && isOverAt(settled, item, window) }

/** The state that says what became of an item: the newest, or the last one while its payment was still remembered. Null where that is not at hand. */
export function witnessOf({ chain, at }: Ground, item: SignedItem, window: number): Cid | null {
  for (const link of pastOf(chain, at)) if (!isOverAt(link, item, window)) return link.root
  return null
}

/** What the chain says of an entry. */
export interface Standing {
  /** Whether any of its commits is in a block: null where that is not known any more. */
  readonly paid: boolean | null
  /** The commit that is paid and waits for its reveal. */
  readonly open: SignedItem | null
  /** The block that took the payment; 0 where none did. */
  readonly block: number
}

/** What has to be read for `standingOf`. */
export function readFor(value: RecordValue, ground: Ground): readonly (readonly [Cid, StateKey<unknown>])[] {
  return value.commits.flatMap(item => {
    const root = witnessOf(ground, item, commitWindow)
    return root === null ? [] : [[root, keys.paid(paidOf(item.bytes))], [root, commitsOf(value)]] as const
  })
}

export function standingOf(value: RecordValue, ground: Ground, facts: StateFacts): Standing {
  let unknown = false
  for (const item of value.commits) {
    const root = witnessOf(ground, item, commitWindow)
    const paid = paidOf(item.bytes)
    if (root === null || !facts.knows(root, keys.paid(paid))) { unknown = true; continue }
    const block = facts.get(root, keys.paid(paid))
    if (block === null) continue
    const waits = (facts.get(root, commitsOf(value)) ?? []).some(each => each.paid === paid)
    return { paid: true, open: waits ? item : null, block }
  }
  return { paid: unknown ? null : false, open: null, block: 0 }
}

/** Which of the copies of an entry is this one: the first that was not there before and is no other own one's. Others may have paid for copies, too; they are the same. */
export function copyOf({ chain, copies }: RecordValue, there: readonly (EntryCopy | null)[], taken: ReadonlySet<number>): EntryCopy | null {
  const own = there.filter((copy): copy is EntryCopy => copy?.chain === chain)
  const fresh = there.slice(copies).filter((copy): copy is EntryCopy => copy?.chain === chain)
  return fresh.find(({ index }) => !taken.has(index)) ?? own.findLast(({ index }) => !taken.has(index)) ?? own.at(-1) ?? null
}

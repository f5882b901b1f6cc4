import { pastOf, type Chain, type Link } from '../ledger/index.ts'
import type { DiaryDone } from './book-values.ts'

/** A stretch of the chain that has to be read, oldest first, after all above `keep` was undone. `gap`: what was done does not reach up to it. */
export interface DiaryWay { readonly keep: number, readonly joined: readonly Link[], readonly gap: boolean }

/** How the head is reached from what was done, at most a mutable range back. */
export function diaryWay(chain: Chain, head: Link, done: Pick<DiaryDone, 'id' | 'root' | 'parent' | 'number'> | null, range: number): DiaryWay {
  const joined: Link[] = []
  const way = (keep: number, gap: boolean): DiaryWay => ({ keep, joined: joined.toReversed(), gap })
  // In `headers` nobody knows the root of the newest block yet, but that of its parent.
  let old = done === null ? null : chain.record(done.root) ?? (done.parent === null ? null : chain.record(done.parent))
  for (const at of pastOf(chain, head)) {
    const { number } = at.header
    if (done !== null && number === done.number && at.id === done.id) return way(number, false)
    while (old !== null && old.header.number > number) old = old.parent === null ? null : chain.record(old.parent)
    if (done !== null && number < done.number && old?.id === at.id) return way(number, false)
    if (number === 0) return way(0, false)
    if (number <= head.header.number - range) return way(number, true)
    joined.push(at)
  }
  return way((joined.at(-1)?.header.number ?? head.header.number + 1) - 1, true)
}

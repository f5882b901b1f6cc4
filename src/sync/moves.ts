import { forkOf, type Chain, type Link } from '../ledger/index.ts'
import type { HeadMove } from './api.ts'

/** What a move of the head from one block to another leaves and joins; as far as the chain is at hand. */
export function moveBetween(chain: Chain, from: Link, to: Link): HeadMove {
  const [left, joined]: [Link[], Link[]] = [[], []]
  let [a, b]: [Link | null, Link | null] = [from, to]
  while (a !== null && b !== null && a.root !== b.root) {
    const [high, low] = [a.header.number, b.header.number]
    if (high >= low) {
      left.push(a)
      a = before(chain, a)
    }
    if (low >= high) {
      joined.push(b)
      b = before(chain, b)
    }
  }
  return { left: left.toReversed(), joined: joined.toReversed() }
}

/** The last block two have in common; null where the chain is not at hand so far back. */
export function commonOf(chain: Chain, a: Link, b: Link): Link | null {
  const fork = forkOf(chain, a, b, Infinity)
  return typeof fork === 'string' ? null : chain.record(fork.base.root)
}

function before(chain: Chain, { parent }: Link): Link | null { return parent === null ? null : chain.record(parent) }

import { HoldfastError, type Cid } from '../base/index.ts'
import { ancestor, type Chain, type Link } from './chain.ts'
import { forkOf } from './head/header-chain.ts'
import type { BlockStore } from './ports.ts'

/** The voted root k of this peer. It lies on the head's chain, and begins as the oldest block there is; never further below the head than the mutable range. */
export class SafetyRoot {
  #root: Cid | null = null
  /** What stands in for one that is further below, and under which head. */
  #floor: { readonly head: Cid, readonly link: Link } | null = null

  constructor(private readonly chain: Chain, private readonly store: Pick<BlockStore, 'base'>, private readonly range: number) {}

  number(head: Link): number { return Math.max(this.#voted?.header.number ?? 0, this.#least(head)) }

  /** Whether it was ever set, and nothing stands in for it. */
  isVoted(head: Link): boolean {
    const voted = this.#voted
    return voted !== null && voted.header.number >= this.#least(head)
  }

  link(head: Link): Link {
    const voted = this.#voted
    const least = this.#least(head)
    if (voted !== null && voted.header.number >= least) return voted
    if (this.#floor?.head === head.root) return this.#floor.link
    const link = ancestor(this.chain, head, least)
    if (link === null) throw new HoldfastError('storage-damaged', 'a block in range is missing', { number: least })
    this.#floor = { head: head.root, link }
    return link
  }

  set(root: Cid, head: Link): void {
    const link = this.chain.record(root)
    if (link === null || ancestor(this.chain, head, link.header.number)?.root !== root) throw new HoldfastError('bad-input', 'the safety root is not on the chain of the head', { root })
    this.#root = root
  }

  /** Where a head leaves it, the last block that both have in common takes its place. */
  moved(from: Link, to: Link): void {
    const fork = forkOf(this.chain, to, from, Infinity)
    if (typeof fork !== 'string' && fork.base.header.number < (this.#voted?.header.number ?? 0)) this.#root = fork.base.root
  }

  /** All blocks are others now. */
  begin(): void { this.#root = this.#floor = null }

  get #voted(): Link | null { return this.#root === null ? null : this.chain.record(this.#root) }

  #least({ header: { number } }: Link): number { return Math.max(number - this.range, this.store.base?.number ?? 0) }
}

import type { Cid } from '../../../src/base/index.ts'
import type { Peer } from '../people/peer.ts'
import type { World } from '../world/world.ts'

/**
 * Who is on another branch than most, each time it was looked in the last minutes of a run. At any one moment a block may be on its way: somebody has just gone ahead with it, or on a
 * branch that is about to be left.
 */
export class Strays {
  #always: ReadonlySet<Peer> | null = null

  /** Where most are. */
  static most(peers: readonly Peer[]): Cid | null {
    const heads = new Map<Cid, number>()
    for (const { head } of peers) if (head !== null) heads.set(head.root, (heads.get(head.root) ?? 0) + 1)
    return [...heads].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
  }

  /** Those whose clocks are off by more than a minute make no blocks and may be anywhere. */
  static of(peers: readonly Peer[]): readonly Peer[] { return peers.filter(peer => peer.honest && peer.there && Math.abs(peer.plan.skew) <= 60_000) }

  look(peers: readonly Peer[], world: World): void {
    const there = Strays.of(peers)
    const most = Strays.most(there)
    if (most === null) return
    const height = world.known(most)?.number ?? 0
    const now = there.filter(({ head }) => head !== null && isElsewhere(height, head.header.number, world.forkOf(most, head.root)))
    this.#always = new Set(now.filter(peer => this.#always?.has(peer) ?? true))
  }

  get always(): readonly Peer[] { return [...this.#always ?? []] }
}

/** On another branch by more than the newest block, or more than two blocks behind. Who has more of the same is ahead. */
function isElsewhere(most: number, own: number, fork: number): boolean {
  return fork === Math.min(most, own) ? most - own > 2 : Math.max(most, own) - fork > 1
}

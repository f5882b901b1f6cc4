import { toHex, type Cid } from '../../../src/base/index.ts'
import type { Ledger, Link, UnsignedHeader } from '../../../src/ledger/index.ts'
import type { HeadMove } from '../../../src/sync/index.ts'
import type { Timeline } from '../engine/timeline.ts'
import type { Station } from '../net/network.ts'
import { Peer, type Watch } from '../people/peer.ts'
import type { World } from '../world/world.ts'
import type { Measures } from './measures.ts'

/** What a run must not do, by the name of the rule: how often, and the first few of each. */
export interface Broken { readonly rule: string, readonly what: string, readonly at: number, times: number }

export interface InvariantRules {
  readonly short: number
  readonly range: number
  /** Two safety roots in conflict are to be expected after a partition this long, and by nothing else. */
  readonly conflictsExpected: boolean
}

/** What is looked at after everything that happens, of those it happened to. */
export class Invariants implements Watch {
  readonly broken = new Map<string, Broken>()
  /** Safety roots given up by rule 6.5. */
  unlocks = 0
  conflicts = 0
  /** Honest peers who would not ask dishonest ones any more. */
  distrusted = 0
  /** Blocks whose miner had signed another one there before its disk was wiped. */
  wipedTwice = 0
  /** Blocks that were mined in secret, and those who had one of them on their chain. */
  #hidden: ReadonlySet<Cid> = new Set()
  readonly misled = new Set<Peer>()
  readonly #changed = new Set<Peer>()
  readonly #last = new Map<Peer, { readonly head: Link, readonly safe: Link, readonly wiped: number }>()
  readonly #signed = new Map<string, { readonly digest: string, readonly wiped: number }>()
  readonly #verdicts = new Map<Cid, { readonly verdict: string, readonly by: string, readonly safe: Cid }>()
  /** Blocks that were judged by peers with different safety roots. */
  readonly underSeveral = new Set<Cid>()
  /** The safety roots of all honest peers, by number: one chain. */
  readonly #spine = new Map<number, Cid>()
  #top = -1

  constructor(private readonly timeline: Timeline, private readonly world: World, private readonly rules: InvariantRules, private readonly measures: Measures) {}

  broke(what: string): void { this.#breaks('runs', what) }

  changed(peer: Peer): void { if (peer.honest) this.#changed.add(peer) }

  moved(peer: Peer, move: HeadMove): void {
    this.changed(peer)
    if (!peer.honest) return
    this.measures.moved(move)
    if (this.#hidden.size > 0 && move.joined.some(({ root }) => this.#hidden.has(root))) this.misled.add(peer)
  }

  hide(roots: ReadonlySet<Cid>): void { this.#hidden = roots }

  distrusts(peer: Peer, other: Station, why: string): void {
    if (!peer.honest) return
    if (other instanceof Peer && !other.honest) this.distrusted++
    else this.#breaks('honest peers are trusted', `${peer.id} distrusts ${other.id}: ${why}`)
  }

  /** One block on each root, ever, of everybody who is honest. */
  signs(peer: Peer, header: UnsignedHeader, digest: Uint8Array): void {
    if (!peer.honest) return
    const name = `${header.miner}/${header.previousRoot ?? ''}`
    const before = this.#signed.get(name)
    const text = toHex(digest)
    if (before === undefined) this.#signed.set(name, { digest: text, wiped: peer.wiped })
    else if (before.digest !== text) {
      if (before.wiped < peer.wiped) this.wipedTwice++
      else this.#breaks('one block a root', `${peer.id} signed two blocks on ${header.previousRoot ?? 'nothing'}, number ${header.number}`)
    }
  }

  /** All who judge a block judge alike: C1. */
  judged(peer: Peer, block: Cid, verdict: string, safe: Cid): void {
    const before = this.#verdicts.get(block)
    if (before !== undefined && before.safe !== safe) this.underSeveral.add(block)
    if (before === undefined) this.#verdicts.set(block, { verdict, by: peer.id, safe })
    else if (before.verdict !== verdict) this.#breaks('one verdict a block', `${block}: ${before.verdict} by ${before.by}, ${verdict} by ${peer.id}`)
  }

  /** Looks at those who changed. */
  look(): void {
    if (this.#changed.size === 0) return
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const peer of changed) if (peer.ledger !== null) this.#lookAt(peer, peer.ledger)
  }

  #lookAt(peer: Peer, { head, safe }: Ledger): void {
    const before = this.#last.get(peer)
    if (before !== undefined && before.head.root === head.root && before.safe.root === safe.root && before.wiped === peer.wiped) return
    this.#last.set(peer, { head, safe, wiped: peer.wiped })
    const now = Math.floor((this.timeline.now + peer.plan.skew) / 1000)
    if (head.header.number > 0 && head.header.time > now) this.#breaks('heads are due', `${peer.id} has a head ${head.header.time - now} s ahead`)
    if (!this.world.descends(head.root, safe.root)) this.#breaks('heads descend from k', `${peer.id}: head ${head.header.number} ${head.root}, k ${safe.header.number} ${safe.root}`)
    if (before !== undefined && before.wiped === peer.wiped && before.safe.root !== safe.root) this.#movedSafe(peer, before.safe, safe, head)
    if (before?.safe.root !== safe.root) this.#joins(peer, safe)
  }

  /** k goes up, or over to the fork with a better branch. */
  #movedSafe(peer: Peer, from: Link, to: Link, head: Link): void {
    if (to.header.number > from.header.number && this.world.descends(to.root, from.root)) return
    const isFork = !this.world.descends(head.root, from.root) && this.world.descends(from.root, to.root) && this.world.forkOf(head.root, from.root) === to.header.number
    if (isFork && head.header.number - to.header.number <= this.rules.range) this.unlocks++
    else this.#breaks('k never moves back', `${peer.id}: from ${from.header.number} ${from.root} to ${to.header.number} ${to.root}, head ${head.header.number}`)
  }

  /** A voted k of one peer lies on one chain with those of all others. */
  #joins(peer: Peer, safe: Link): void {
    const { number } = safe.header
    if (number <= this.#top) {
      const there = this.#spine.get(number)
      if (there !== undefined && there !== safe.root) this.#conflict(peer, safe)
      return
    }
    const known = this.#top < 0 ? null : this.world.ancestor(safe.root, this.#top)
    if (this.#top >= 0 && known !== this.#spine.get(this.#top)) {
      this.#conflict(peer, safe)
      return
    }
    for (let at = this.world.known(safe.root); at !== null && at.number > this.#top; at = at.parent) this.#spine.set(at.number, at.root)
    this.#top = number
  }

  #conflict(peer: Peer, safe: Link): void {
    this.conflicts++
    if (!this.rules.conflictsExpected) this.#breaks('no two k conflict', `${peer.id}: ${safe.header.number} ${safe.root}, others hold ${this.#spine.get(safe.header.number) ?? `another chain up to ${this.#top}`}`)
  }

  #breaks(rule: string, what: string): void {
    const before = this.broken.get(rule)
    if (before === undefined) this.broken.set(rule, { rule, what, at: this.timeline.now, times: 1 })
    else before.times++
  }

  /** At the end of a run. */
  ends(rule: string, holds: boolean, what: string): void { if (!holds) this.#breaks(rule, what) }
}

import { limits, type Address, type Cid } from '../../base/index.ts'
import { ancestor, pastOf, type ActiveSet, type ActiveSets, type Chain, type Link } from '../../ledger/index.ts'
import { Ballot } from './ballot.ts'
import type { StatementBook } from './statements.ts'

export interface VoteParts {
  readonly chain: Chain
  readonly active: ActiveSets
  readonly statements: StatementBook
  /** Blocks back that are looked at. */
  readonly range: number
  /** Seconds. */
  readonly now: number
}

/**
 * The highest block on the head's chain for which miners with two thirds of the total weight speak: by their latest statement, for its root or a later one, or by their newest block,
 * which speaks for its parent at its time. Who spoke last for another branch speaks for the block it left at. Null where there is none.
 *
 * One walk down from the head until enough are counted. Statements for other branches, or ahead of the head, go down beside it, those for one root together, so that each block is
 * met once. A statement for a block that was not due at its time is no vote; all others are older than no block above the one they speak for, so what was counted once stays.
 */
export function voteCandidate(head: Link, { chain, active, statements, range, now }: VoteParts): Link | null {
  const top = head.header.number
  const ballot = new Ballot()
  const times = new Map<Address, number>()
  const waiting = new Waiting()
  for (const { miner, root, time } of statements.counted(now)) {
    times.set(miner, time)
    const named = chain.record(root)
    if (named === null || named.header.time > time || Math.abs(named.header.number - top) > range) continue
    waiting.add(named, [miner])
  }
  for (let number = waiting.highest; number > top; number--) waiting.descend(chain, number)
  for (const at of pastOf(chain, head)) {
    const { number, miner, time } = at.header
    if (number < top - range) break
    for (const voter of waiting.reach(chain, at)) ballot.count(voter)
    if (ballot.hasQuorum(active.after(at.root))) return at
    if ((times.get(miner) ?? -1) < time) ballot.count(miner) // for what is below
  }
  return null
}

/** Voters on their way down, by the number of the block they are at and by its root. */
class Waiting {
  readonly #levels = new Map<number, Map<Cid, { readonly link: Link, readonly voters: Address[] }>>()
  highest = 0

  add(link: Link, voters: Address[]): void {
    const { number } = link.header
    this.highest = Math.max(this.highest, number)
    let level = this.#levels.get(number)
    if (level === undefined) this.#levels.set(number, level = new Map())
    const there = level.get(link.root)
    if (there === undefined) level.set(link.root, { link, voters })
    else for (const voter of voters) there.voters.push(voter)
  }

  /** Those at this block; others of its number go on to their parents. */
  reach(chain: Chain, at: Link): readonly Address[] {
    const voters = this.#levels.get(at.header.number)?.get(at.root)?.voters ?? []
    this.descend(chain, at.header.number, at.root)
    return voters
  }

  descend(chain: Chain, number: number, but?: Cid): void {
    for (const [root, { link, voters }] of this.#levels.get(number) ?? []) {
      const parent = root === but || link.parent === null ? null : chain.record(link.parent)
      if (parent !== null) this.add(parent, voters)
    }
    this.#levels.delete(number)
  }
}

/** Candidates of one round each. A round without one begins anew, so that three in a row agree. */
const rounds = 3

/** Rounds of the vote, each two block times after the last one: no burst of blocks fills three. */
export class SafetyRounds {
  #candidates: readonly Link[] = []

  /** Those of an earlier session; none of them where one is not at hand any more. */
  restore(candidates: readonly (Link | null)[]): void {
    this.#candidates = candidates.every(each => each !== null) ? candidates.slice(-rounds) : []
  }

  get candidates(): readonly Link[] { return this.#candidates }

  add(candidate: Link | null): void {
    this.#candidates = candidate === null ? [] : [...this.#candidates, candidate].slice(-rounds)
  }

  /** The safety root after `k`: the lowest of the last three candidates, where they lie on one chain and it goes on from `k`; else null. */
  next(k: Link, chain: Chain): Link | null {
    if (this.#candidates.length < rounds) return null
    const [lowest, middle, highest] = this.#candidates.toSorted((a, b) => a.header.number - b.header.number) as [Link, Link, Link]
    if (lowest.header.number <= k.header.number) return null
    const inOrder = isOn(chain, highest, middle) && isOn(chain, middle, lowest) && isOn(chain, lowest, k)
    return inOrder ? lowest : null
  }
}

/** How much of the active set's weight, 0 to 1, mined on this branch since the checkpoint, or since the genesis: what shows that one is not cut off. */
export function supportSince(head: Link, checkpoint: Link | null, chain: Chain, active: ActiveSets, range: number = limits.supportBlocks): number {
  const set: ActiveSet | null = active.after(head.root)
  if (set === null || set.total === 0n) return 0
  const end = Math.max(0, checkpoint?.header.number ?? 0, head.header.number - range)
  const ballot = new Ballot()
  for (const { header: { number, miner } } of pastOf(chain, head)) {
    if (number <= end) break
    ballot.count(miner)
    if (ballot.weight(set) === set.total) break
  }
  return Number(ballot.weight(set)) / Number(set.total)
}

function isOn(chain: Chain, tip: Link, link: Link): boolean { return ancestor(chain, tip, link.header.number)?.root === link.root }

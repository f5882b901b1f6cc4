import { limits, type Random } from '../base/index.ts'
import { lot } from './lot.ts'
import type { Neighbour } from './ports.ts'

/** Somebody to ask, and the relay it is met through. */
export type Asking = Neighbour & { readonly relay: string }

/** Failures in a row, when the last one was, and until when it is left alone: seconds. */
interface Failure { readonly count: number, readonly at: number, readonly until: number }

/** The last picks whose relays are counted, and the share of them one relay may have. */
const counted = 12
const share = counted / 3

/** Seconds until a peer that failed once is asked again; twice as long each further time. */
const firstRest = 10
const longestRest = limits.askAgainMs / 1000

/**
 * Whom to ask next (TAU, procedure B): anybody, by lot. A relay and a peer behind it are drawn in one step, and no relay has more than a third of the picks while
 * others would do, so that one with many names behind it is not all that is heard. Who asked is asked back first, so that newcomers are heard, but no two times in a
 * row, so that nobody who only asks often enough is all that is heard. Fame and speed count for nothing.
 */
export class AskList {
  readonly #askers = new Set<string>()
  readonly #done = new Set<string>()
  readonly #failures = new Map<string, Failure>()
  #relays: readonly string[] = []
  #crowd: Crowd | null = null
  #askedBack = false

  constructor(private readonly random: Random) {}

  /** Somebody asked us. */
  asked(id: string): void {
    this.#askers.add(id)
    for (const oldest of this.#askers) {
      if (this.#askers.size <= limits.askersKept) break
      this.#askers.delete(oldest)
    }
  }

  /** Null where nobody is there. `now` in seconds. */
  pick(neighbours: readonly Neighbour[], now: number): Asking | null {
    this.#tidy(neighbours)
    if (this.#crowd?.neighbours !== neighbours) this.#crowd = crowdOf(neighbours)
    const picked = this.#draw(this.#crowd, ({ id }) => now >= (this.#failures.get(id)?.until ?? 0)) ?? this.#longestRested(neighbours)
    if (picked === null) return null
    this.#relays = [...this.#relays, picked.relay].slice(-counted)
    this.#askedBack = this.#askers.delete(picked.id)
    return picked
  }

  failed(id: string, now: number): void {
    this.#done.add(id)
    const count = (this.#failures.get(id)?.count ?? 0) + 1
    this.#failures.set(id, { count, at: now, until: now + Math.min(longestRest, firstRest * 2 ** (count - 1)) })
  }

  answered(id: string, _now: number): void {
    this.#done.add(id)
    this.#failures.delete(id)
  }

  /** Whether each of these answered or failed once; so of nobody all did. */
  everybodyAsked(neighbours: readonly Neighbour[]): boolean { return neighbours.every(({ id }) => this.#done.has(id)) }

  /** Nobody was asked yet, as far as `everybodyAsked` goes. */
  beginAnew(): void { this.#done.clear() }

  #draw({ behind, byId }: Crowd, isRested: (neighbour: Neighbour) => boolean): Asking | null {
    const relays = this.#leastUsed([...behind.keys()].filter(relay => behind.get(relay)!.some(isRested)))
    const back = this.#askedBack ? null : this.#askBack(byId, relays, isRested)
    if (back !== null) return back
    const relay = relays[lot(this.random, relays.length)] ?? ''
    const there = behind.get(relay)?.filter(isRested) ?? []
    const peer = there[lot(this.random, there.length)]
    return peer === undefined ? null : { ...peer, relay }
  }

  /** Who has waited longest to be asked back, of those behind these relays. */
  #askBack(byId: ReadonlyMap<string, Neighbour>, relays: readonly string[], isRested: (neighbour: Neighbour) => boolean): Asking | null {
    for (const id of this.#askers) {
      const peer = byId.get(id)
      const ways = peer === undefined || !isRested(peer) ? [] : relaysOf(peer).filter(relay => relays.includes(relay))
      const relay = ways[lot(this.random, ways.length)]
      if (peer !== undefined && relay !== undefined) return { ...peer, relay }
    }
    return null
  }

  /** The relays that may have the next pick: those with less than their share; where there are too few for that, those used least. */
  #leastUsed(relays: readonly string[]): readonly string[] {
    const uses = (relay: string) => this.#relays.slice(1 - counted).filter(used => used === relay).length
    const allowed = relays.filter(relay => uses(relay) + 1 <= share)
    if (allowed.length > 0) return allowed
    const fewest = Math.min(...relays.map(uses))
    return relays.filter(relay => uses(relay) === fewest)
  }

  #longestRested(neighbours: readonly Neighbour[]): Asking | null {
    const failedAt = ({ id }: Neighbour) => this.#failures.get(id)?.at ?? 0
    const [longest] = neighbours.toSorted((a, b) => failedAt(a) - failedAt(b))
    if (longest === undefined) return null
    const relays = relaysOf(longest)
    return { ...longest, relay: relays[lot(this.random, relays.length)] ?? '' }
  }

  /** Lets go of what is known of peers that are gone, once that is most of it. */
  #tidy(neighbours: readonly Neighbour[]): void {
    if (this.#done.size + this.#failures.size <= 4 * neighbours.length + limits.knownPeers) return
    const there = new Set(neighbours.map(({ id }) => id))
    for (const id of this.#done) if (!there.has(id)) this.#done.delete(id)
    for (const id of this.#failures.keys()) if (!there.has(id)) this.#failures.delete(id)
  }
}

/** Neighbours as they are looked up: worked out once for each list of them. */
interface Crowd { readonly neighbours: readonly Neighbour[], readonly byId: ReadonlyMap<string, Neighbour>, readonly behind: ReadonlyMap<string, readonly Neighbour[]> }

function crowdOf(neighbours: readonly Neighbour[]): Crowd {
  const behind = new Map<string, Neighbour[]>()
  for (const neighbour of neighbours) {
    for (const relay of relaysOf(neighbour)) {
      const others = behind.get(relay)
      if (others === undefined) behind.set(relay, [neighbour])
      else others.push(neighbour)
    }
  }
  return { neighbours, byId: new Map(neighbours.map(each => [each.id, each])), behind }
}

/** A peer that is connected with no relay between stands for a relay without a name. */
function relaysOf({ relays }: Neighbour): readonly string[] { return relays.length > 0 ? relays : [''] }

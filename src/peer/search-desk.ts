import type { Cid, Clock, Infohash } from '../base/index.ts'
import type { Swarm } from '../swarm/index.ts'
import type { Search } from './item-api.ts'
import { Searches, type SearchState } from './search.ts'
import type { NodeLinks } from './swarm-links.ts'

const tickMs = 1000

/**
 * Searches as the pages see them. Owns the searches under way, which begin once there is a swarm, and remembers which torrents turned out
 * not to be what they were said to be, so that nobody is led to them again.
 */
export class SearchDesk {
  private readonly begun = new Map<Cid, number>()
  private readonly wrong = new Map<Cid, Set<Infohash>>()
  private searches: Searches | null = null
  private ticking: ReturnType<typeof setInterval> | null = null

  constructor(private readonly links: NodeLinks, private readonly clock: Clock, private readonly changed: () => void) {}

  attach(swarm: Pick<Swarm, 'seek' | 'inspect'>): void {
    this.searches = new Searches({
      clock: this.clock,
      peers: () => this.links.peers().map(({ peerId }) => peerId),
      ask: async (peerId, cid) => await this.links.info(peerId, cid),
      seek: (cid, onAnswer) => swarm.seek(cid, onAnswer),
      inspect: async (cid, infohash, signal) => await swarm.inspect(cid, infohash, signal),
      changed: () => { this.changed() },
    })
    for (const cid of this.begun.keys()) this.engage(cid)
  }

  start(cid: Cid): void {
    if (this.begun.has(cid)) return
    this.engage(cid)
    this.begun.set(cid, this.clock.now())
    this.changed()
  }

  stop(cid: Cid): void {
    this.searches?.stop(cid)
    if (!this.begun.delete(cid)) return
    if (this.begun.size === 0 && this.ticking !== null) {
      clearInterval(this.ticking)
      this.ticking = null
    }
    this.changed()
  }

  /** The file of this torrent was not the content. */
  exclude(cid: Cid, infohash: Infohash): void {
    this.wrong.set(cid, (this.wrong.get(cid) ?? new Set()).add(infohash))
    this.searches?.exclude(cid, infohash)
  }

  list(): readonly Search[] {
    return [...this.begun].map(([cid, since]) => ({ cid, since, ...found(this.searches?.get(cid) ?? null) }))
  }

  private engage(cid: Cid): void {
    if (this.searches === null) return
    this.searches.start(cid)
    for (const infohash of this.wrong.get(cid) ?? []) this.searches.exclude(cid, infohash)
    this.ticking ??= setInterval(() => { this.searches?.tick() }, tickMs)
  }
}

function found(state: SearchState | null): Pick<Search, 'link' | 'vouchers'> {
  if (state === null || state.state === 'looking') return { link: null, vouchers: 0 }
  const { cid, infohash, kind, size, vouchers } = state
  return { link: { cid, infohash, kind, size, name: '', key: null, relays: [] }, vouchers }
}

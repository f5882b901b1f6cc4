import { limits, type Clock } from '../base/index.ts'

const mostFaults = limits.peerFaults + 1

interface Standing { readonly faults: number, readonly at: number, readonly until: number }

/**
 * What peers have on their account: faults, of which half are forgiven in `peerFaultsHalfMs`. With more than `peerFaults` of them one is left alone for
 * `peerBlockMs`. Forgets whoever was heard of longest ago above `knownPeers`.
 */
export class BlockedPeers {
  private readonly standings = new Map<string, Standing>()

  constructor(private readonly clock: Clock) {}

  /** Notes faults; what no peer sends is worth all at once. True where it is left alone from now on. */
  add(peerId: string, weight: number = mostFaults): boolean {
    const now = this.clock.now()
    const { faults: before, at, until } = this.standings.get(peerId) ?? { faults: 0, at: now, until: 0 }
    const faults = Math.min(mostFaults, before * 2 ** ((at - now) / limits.peerFaultsHalfMs) + weight)
    const blocks = faults > limits.peerFaults
    this.standings.delete(peerId)
    this.standings.set(peerId, { faults, at: now, until: blocks ? now + limits.peerBlockMs : until })
    for (const oldest of this.standings.keys()) {
      if (this.standings.size <= limits.knownPeers) break
      this.standings.delete(oldest)
    }
    return blocks
  }

  has(peerId: string): boolean {
    return (this.standings.get(peerId)?.until ?? 0) > this.clock.now()
  }
}

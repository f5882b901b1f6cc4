import { limits, type Clock } from '../base/index.ts'

/** Peers that sent what no peer sends: each is left alone for `peerBlockMs`. Forgets the oldest above `knownPeers`. */
export class BlockedPeers {
  private readonly until = new Map<string, number>()

  constructor(private readonly clock: Clock) {}

  add(peerId: string): void {
    this.until.delete(peerId)
    this.until.set(peerId, this.clock.now() + limits.peerBlockMs)
    for (const oldest of this.until.keys()) {
      if (this.until.size <= limits.knownPeers) return
      this.until.delete(oldest)
    }
  }

  has(peerId: string): boolean {
    return (this.until.get(peerId) ?? 0) > this.clock.now()
  }
}

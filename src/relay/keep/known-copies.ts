import { limits, type Clock, type Infohash } from '../../base/index.ts'

/** Who said that it gives a file, and when: for each file the last few, as more are simply many. */
export class KnownCopies {
  private readonly seen = new Map<Infohash, Map<string, number>>()

  constructor(private readonly clock: Clock) {}

  saw(infohash: Infohash, peerId: string): void {
    const peers = this.seen.get(infohash) ?? new Map<string, number>()
    peers.delete(peerId)
    peers.set(peerId, this.clock.now())
    const [oldest] = peers.keys()
    if (peers.size > limits.keepCopies && oldest !== undefined) peers.delete(oldest)
    this.seen.set(infohash, peers)
  }

  /** It was asked and does not give it. */
  lost(infohash: Infohash, peerId: string): void { this.seen.get(infohash)?.delete(peerId) }

  /** How many gave it within the last day. */
  count(infohash: Infohash): number { return this.givers(infohash).length }

  givers(infohash: Infohash): readonly string[] {
    const since = this.clock.now() - limits.keepSeenMs
    return [...this.seen.get(infohash) ?? []].flatMap(([peerId, at]) => at >= since ? [peerId] : [])
  }

  /** Forgets all files but these. */
  keepOnly(files: ReadonlySet<Infohash>): void {
    for (const infohash of this.seen.keys()) if (!files.has(infohash)) this.seen.delete(infohash)
  }
}

import { mergePlaces, placesOfHost, type NetworkPlaces } from '../net/index.ts'

/** Longest pause between two tries for a host that does not answer. */
const longestPauseMs = 5 * 60_000
const firstPauseMs = 2000

/** The places of hosts that links named and the person agreed to: read when a host is new, and again until it answers. */
export class ExtraPlaces {
  private readonly hosts = new Map<string, { readonly ending: AbortController, places: NetworkPlaces | null }>()

  /** `read`: the places of one host. */
  constructor(private readonly changed: () => void, private readonly read: (host: string, signal: AbortSignal) => Promise<NetworkPlaces> = placesOfHost) {}

  setHosts(hosts: readonly string[]): void {
    for (const [host, { ending, places }] of this.hosts) {
      if (hosts.includes(host)) continue
      ending.abort()
      this.hosts.delete(host)
      if (places !== null) this.changed()
    }
    for (const host of hosts) if (!this.hosts.has(host)) void this.follow(host)
  }

  /** The network's own places, then those of the hosts that answered. */
  merge(own: NetworkPlaces): NetworkPlaces {
    return [...this.hosts.values()].reduce((all, { places }) => places === null ? all : mergePlaces(all, places), own)
  }

  private async follow(host: string): Promise<void> {
    const entry: { readonly ending: AbortController, places: NetworkPlaces | null } = { ending: new AbortController(), places: null }
    this.hosts.set(host, entry)
    const { signal } = entry.ending
    for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(2 * pause, longestPauseMs)) {
      const places = await this.read(host, signal).catch(() => null) // a host that is away, or is no relay: the network's own serve meanwhile
      if (signal.aborted) return
      if (places !== null) {
        entry.places = places
        this.changed()
        return
      }
      await new Promise(done => { setTimeout(done, pause) })
    }
  }
}

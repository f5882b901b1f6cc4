import { HoldfastError } from '../../../src/base/index.ts'
import type { FetchedFile, Offer, SeededFile, Swarm } from '../../../src/swarm/index.ts'

/** Notes what it is told; a test plays the network. */
export class ScriptedSwarm implements Swarm {
  readonly seeds = new Map<string, SeededFile>()
  readonly fetches = new Map<string, FetchedFile>()
  fetched = 0
  seed(file: SeededFile): void { this.fetches.delete(file.infohash); this.seeds.set(file.infohash, file) }
  fetch(file: FetchedFile): void { this.fetched++; this.fetches.set(file.infohash, file) }
  setGive(infohash: string, give: boolean): void {
    const file = this.fetches.get(infohash)
    if (file !== undefined) this.fetches.set(infohash, { ...file, give })
  }
  setGiving(): void {}
  setRates(): void {}
  offers: readonly Offer[] = []
  setOffers(offers: readonly Offer[]): void { this.offers = offers }
  read(): ReturnType<Swarm['read']> { return Promise.reject(new HoldfastError('not-found')) }
  seek(): () => void { return () => {} }
  inspect(): ReturnType<Swarm['inspect']> { return Promise.reject(new HoldfastError('aborted')) }
  setTrackers(): void {}
  setWebSeeds(): void {}
  async drop(infohash: string): Promise<void> { this.seeds.delete(infohash); this.fetches.delete(infohash) }
  async stop(): Promise<void> {}
}

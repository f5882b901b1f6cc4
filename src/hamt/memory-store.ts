import { indexOf, packOf, readPacked } from './pack.ts'
import type { NodeRef, NodeStore, Pack, StoredNode } from './types.ts'

/** Packs in memory: for tests, the simulator, and what need not last. Finds nodes by their place alone. */
export class MemoryNodeStore implements NodeStore {
  readonly #packs = new Map<number, Uint8Array>()

  /** Keeps the packs of a commit. */
  keep(packs: readonly Pack[]): void {
    for (const { number, bytes } of packs) this.#packs.set(number, bytes)
  }

  async load(refs: readonly NodeRef[]): Promise<readonly (StoredNode | null)[]> {
    return refs.map(({ place }) => {
      const pack = place === null ? undefined : this.#packs.get(packOf(place))
      return pack === undefined || place === null ? null : readPacked(pack, indexOf(place))
    })
  }
}


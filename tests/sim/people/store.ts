import type { BlockStore } from '../../../src/ledger/index.ts'
import { memLedgerStore } from '../../../src/store/index.ts'
import { View } from '../world/view.ts'
import type { World } from '../world/world.ts'

/** A peer's disk: what it has of the ledger, over any number of lives, until it is wiped. */
export interface Store {
  blocks(): Promise<BlockStore>
  wipe(): void
}

/** A view of what all keep. */
export function openStore(world: World): Store {
  let view = new View(world)
  return {
    blocks: async () => view,
    wipe() { view = new View(world) },
  }
}

/** A ledger store of its own, as a tab has it; what is kept there is told to the world. */
export function openOwnStore(world: World): Store {
  let opened: Promise<BlockStore> | null = null
  const open = async (): Promise<BlockStore> => {
    const store = await memLedgerStore({ states: 100_000, bodies: 100_000 })
    return {
      get nodes() { return store.nodes },
      get head() { return store.head },
      get base() { return store.base },
      get nextPack() { return store.nextPack },
      block: root => store.block(root),
      childrenOf: root => store.childrenOf(root),
      body: async root => await store.body(root),
      find: async cid => await store.find(cid),
      async commit(change) {
        await store.commit(change)
        for (const block of change.blocks ?? []) world.note(block)
      },
    }
  }
  return {
    blocks: async () => await (opened ??= open()),
    wipe() { opened = null },
  }
}

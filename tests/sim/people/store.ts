import { MemoStore, type BlockStore, type LedgerMemo } from '../../../src/ledger/index.ts'
import { memLedgerStore } from '../../../src/store/index.ts'
import type { World } from '../world/world.ts'

/** A peer's disk: what it has of the ledger, over any number of lives, until it is wiped. */
export interface Store {
  blocks(): Promise<BlockStore>
  wipe(): void
}

/** What a peer has of what all share. */
export function openStore(world: World, memo: LedgerMemo): Store {
  let store = told(new MemoStore(memo), world)
  return {
    blocks: async () => store,
    wipe() { store = told(new MemoStore(memo), world) },
  }
}

/** A ledger store of its own, as a tab has it; what is kept there is told to the world. */
export function openOwnStore(world: World): Store {
  let opened: Promise<BlockStore> | null = null
  const open = async (): Promise<BlockStore> => told(await memLedgerStore({ states: 100_000, bodies: 100_000 }), world)
  return {
    blocks: async () => await (opened ??= open()),
    wipe() { opened = null },
  }
}

/** A store whose blocks are told to the world. */
function told(store: BlockStore, world: World): BlockStore {
  const { commit } = store
  store.commit = async change => {
    await commit.call(store, change)
    for (const block of change.blocks ?? []) world.note(block)
  }
  return store
}

import { toHex } from '../../../src/base/index.ts'
import type { NewBlock } from '../../../src/store/index.ts'
import { blockOf } from '../../support/ledger-blocks.ts'
import { stateOf, type ChainStore } from '../../support/ledger-chain.ts'

/* What page and worker agree on: the block of number n is called `block n`. */

export const storyRange = { states: 4, bodies: 2 }

/** The head as the block it was. */
export function headOf(store: ChainStore): NewBlock | null {
  const { head } = store
  if (head === null) return null
  const block = blockOf(`block ${head.number}`, null, { root: stateOf(head), packs: [], replaced: [] })
  return { ...block, parent: head.parent, number: head.number }
}

export function stateOfHead(store: ChainStore): string | null {
  return store.head === null ? null : toHex(store.head.state)
}

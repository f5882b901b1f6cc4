import { fromHex } from '../../../src/base/index.ts'
import { openLedgerStore } from '../../../src/store/index.ts'
import { ChainWriter } from '../../support/ledger-chain.ts'
import { headOf, storyRange } from './ledger-story.ts'

/*
 * The ledger of the network this worker is named after, which grows until the worker is ended. It says the number of each block once that is kept, and
 * waits for a word before it goes on. Every third block has a sibling that comes to nothing, and between two blocks there is some pruning.
 */

const heard = async () => await new Promise<Event>(resolve => { self.addEventListener('message', resolve, { once: true }) })

async function grow(): Promise<never> {
  const store = await openLedgerStore<object>(fromHex(self.name)!, { range: storyRange })
  const writer = new ChainWriter(store)
  for (let head = headOf(store); ; head = headOf(store)) {
    self.postMessage(head?.number ?? -1)
    await heard()
    const number = (head?.number ?? -1) + 1
    if (number % 3 === 0 && head !== null && store.childrenOf(head.root).length === 0) await writer.add(`side ${number}`, head, false)
    await writer.add(`block ${number}`, head)
    for (let left = 3; left > 0 && await store.pruneStep(); left--);
  }
}

grow().catch(reportError)

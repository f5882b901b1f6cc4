import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexOf, packedNodes, readPacked } from '../../../src/hamt/index.ts'
import type { NewBlock } from '../../../src/store/index.ts'
import { LedgerStore } from '../../../src/store/ledger/ledger-store.ts'
import { memRecords } from '../../../src/store/ledger/mem-records.ts'
import type { Records } from '../../../src/store/ledger/records.ts'
import { ChainWriter, reachable, readWhole, stateOf } from '../../support/ledger-chain.ts'

const range = { states: 4, bodies: 2, headers: 7 }

/** What is done: a block on the head, one on an ancestor of it so far back (the new head where it is as high), some steps of pruning, or a new start. */
type Act = { readonly do: 'grow' } | { readonly do: 'fork', readonly back: number } | { readonly do: 'prune', readonly steps: number } | { readonly do: 'reopen' }

const stories = fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.constant<Act>({ do: 'grow' }) },
  { weight: 3, arbitrary: fc.nat({ max: 6 }).map<Act>(back => ({ do: 'fork', back })) },
  { weight: 3, arbitrary: fc.nat({ max: 4 }).map<Act>(steps => ({ do: 'prune', steps })) },
  { weight: 1, arbitrary: fc.constant<Act>({ do: 'reopen' }) },
), { minLength: 10, maxLength: 40 })

const bytesOf = (pack: Uint8Array, index: number): number => {
  const node = readPacked(pack, index)
  return node === null ? 0 : 4 + 8 * node.children.length + node.bytes.length
}

/** Every kept state is whole; and where pruning is through, no pack is kept for nothing and none is half dead. */
async function check(records: Records, store: LedgerStore<object>, pruned: boolean): Promise<void> {
  const live = await reachable(store)
  if (!pruned) return
  const packs = await records.all('packs')
  expect(packs).toHaveLength(live.size)
  let kept = 0, reached = 0
  for (const [number, places] of live) {
    const [pack = null] = await records.get('packs', [number])
    const sizes = Array.from({ length: packedNodes(pack!) }, (_, index) => bytesOf(pack!, index))
    const [all, alive] = [sizes.reduce((sum, size) => sum + size, 0), [...places].reduce((sum, place) => sum + sizes[indexOf(place)]!, 0)]
    expect(all).toBeLessThan(2 * alive + 1)
    kept += pack!.length
    reached += alive
  }
  expect(kept).toBeLessThanOrEqual(2 * reached + packs.length * 128)
  expect(store.head!.number - store.base!.number).toBeLessThanOrEqual(range.states)
  const headers: number[] = []
  for (let row = store.block(store.base!.parent ?? ''); row !== null; row = store.block(row.parent ?? '')) headers.unshift(row.number)
  expect(store.head!.number - (headers[0] ?? store.base!.number)).toBeLessThanOrEqual(range.headers)
  expect((await records.all('blocks')).filter(({ number }) => number < store.base!.number).map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(headers)
  expect(await records.all('replaced')).toHaveLength((await records.all('blocks')).filter(row => row.root !== store.base!.root && row.packs > 0 && row.number > 0).length)
}

test('whatever grows and is pruned, kept states are whole and little else is kept', { timeout: 60_000 }, async () => {
  await fc.assert(fc.asyncProperty(stories, async acts => {
    const records = memRecords()
    let store = await LedgerStore.open<object>(records, range)
    let writer = new ChainWriter(store)
    const made = new Map<string, NewBlock>()
    const keep = (block: NewBlock): void => { made.set(block.root, block) }
    keep(await writer.add('genesis', null))
    for (const [i, act] of acts.entries()) {
      if (act.do === 'grow') keep(await writer.add(`${i}`, made.get(store.head!.root)!))
      else if (act.do === 'fork') {
        let parent = store.head!
        for (let back = act.back; back > 0 && parent.root !== store.base!.root; back--) parent = store.block(parent.parent!)!
        keep(await writer.add(`${i}`, made.get(parent.root)!, parent.number + 1 >= store.head!.number))
      } else if (act.do === 'prune') {
        for (let step = 0; step < act.steps && await store.pruneStep(); step++) await check(records, store, false)
      } else {
        store = await LedgerStore.open<object>(records, range)
        writer = new ChainWriter(store)
      }
      await readWhole(store.nodes, stateOf(store.head!))
    }
    await check(records, store, false)
    while (await store.pruneStep());
    await check(records, store, true)
    await check(records, await LedgerStore.open<object>(records, range), true)
  }), { numRuns: 100 })
})

import { deleteDB, openDB } from 'idb'
import { expect, test } from 'vitest'
import { toHex, utf8 } from '../../src/base/index.ts'
import { Hamt } from '../../src/hamt/index.ts'
import { ledgerName, openLedgerStore } from '../../src/store/index.ts'
import { ledgerVersion } from '../../src/store/ledger/idb-records.ts'
import { goldenBlocks, goldenEntry, goldenLedger, goldenMessage, goldenPeers, goldenRange, goldenRows, parseGolden, type GoldenLedger } from '../support/golden-ledger.ts'
import { blockOf, cidOf } from '../support/ledger-blocks.ts'
import { changesOf, reachable, stateOf, statesAfter } from '../support/ledger-chain.ts'

/* Ledgers as each version of the store left them (`npm run golden`): each opens under this one, whole, and goes on. */

const goldens = Object.values(import.meta.glob<string>('../fixtures/ledgers/v*.json', { query: '?raw', import: 'default', eager: true })).map(text => parseGolden(text))

test('there is one for every version there was, and of this one', () => {
  expect(goldens.map(({ schema }) => schema).toSorted((a, b) => a - b)).toEqual(Array.from({ length: ledgerVersion }, (_, i) => i + 1))
})

/** What sorts of rows there are in each table: their fields, and what those hold. */
function shapeOf({ tables }: GoldenLedger): unknown {
  const shape = (value: unknown): unknown => value instanceof Uint8Array ? 'bytes'
    : value === null || typeof value !== 'object' ? value === null ? 'null' : typeof value
    : Object.fromEntries(Object.entries(value).map(([field, each]) => [field, shape(each)]))
  return Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, [...new Set(rows.map(([key, value]) => JSON.stringify([typeof key, shape(value)])))].toSorted()]))
}

test('that of this version has the rows that are written today', async () => {
  expect(shapeOf(await goldenLedger())).toEqual(shapeOf(goldens.find(({ schema }) => schema === ledgerVersion)!))
})

test.each(goldens)('version $schema', async ({ schema, tables }) => {
  const id = crypto.getRandomValues(new Uint8Array(8))
  const old = await openDB(ledgerName(id), schema, {
    upgrade(fresh) {
      for (const name of ['packs', 'local', 'blocks', 'bodies', 'replaced', 'objects', 'values', 'meta', ...schema < 2 ? [] : ['entries', 'recorded']]) {
        const table = fresh.createObjectStore(name)
        for (const [key, value] of tables[name] ?? []) void table.put(value, key)
      }
    },
  })
  old.close()
  const states = await statesAfter([...goldenBlocks, 'one more'])
  for (const number of [11, 12]) {
    const store = await openLedgerStore<{ safety: string }>(id, { range: goldenRange })
    const { head } = store
    expect([head!.number, toHex(head!.state)]).toEqual([number, states[number]])
    await reachable(store)
    expect(await store.body(head!.root)).toEqual(utf8(number === 11 ? 'body of golden 11' : 'body of one more'))
    expect(await store.find(cidOf(goldenMessage))).toEqual(goldenMessage)
    expect(await store.value('safety')).toHaveLength(64)
    expect(await store.values('')).toHaveLength(2)
    expect(await store.records.entries([goldenEntry.hash])).toEqual([schema < 2 && number === 11 ? null : goldenEntry.bytes])
    expect(await store.records.between('', '~')).toEqual(schema < 2 && number === 11 ? [] : goldenRows)
    const local = await Hamt.open(store.local.nodes, store.local.root!)
    expect(await local.getMany(goldenPeers.map(({ key }) => key))).toEqual(goldenPeers.map(({ value }, i) => i < 3 ? null : value))
    if (number === 11) {
      const state = await Hamt.open(store.nodes, stateOf(head!))
      await state.update(changesOf('one more'))
      const block = { ...blockOf('one more', null, state.commit(store.nextPack)), number: 12, parent: head!.root }
      await store.commit({ blocks: [block], head: block.root })
      while (await store.pruneStep());
      expect(store.base?.number).toBe(12 - goldenRange.states)
      expect(store.blocksAt(12 - goldenRange.headers)).toMatchObject([{ place: null }])
      expect(store.blocksAt(11 - goldenRange.headers)).toEqual([])
      await reachable(store)
    }
    await store.records.write({ entries: new Map([[goldenEntry.hash, goldenEntry.bytes]]), rows: new Map(goldenRows) }) // there is room for them, whatever version it was
    await store.close()
  }
  await deleteDB(ledgerName(id))
})

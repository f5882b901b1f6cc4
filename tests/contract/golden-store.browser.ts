import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { databaseVersion } from '../../src/store/idb-database.ts'
import { keyFields, openDatabase, storeNames, type ContentRow, type StoreName } from '../../src/store/index.ts'

/* Databases as each version of the app left them (`npm run golden`): each opens under this one, with everything in it. */

interface Golden { readonly schema: number, readonly stores: Partial<Record<StoreName, { readonly key: string, readonly rows: readonly Record<string, unknown>[] }>> }

const goldens = Object.entries(import.meta.glob<string>('../fixtures/stores/*/store.json', { query: '?raw', import: 'default', eager: true })).map(([path, text]) => ({
  version: /v(\d+)/.exec(path)?.[1] ?? '',
  golden: JSON.parse(text, (_key, value: unknown) => {
    const { $bytes } = (value ?? {}) as { $bytes?: string }
    return $bytes === undefined ? value : Uint8Array.from(atob($bytes), char => char.charCodeAt(0))
  }) as Golden,
}))

test('there is one for every version there was, and of this one', () => {
  expect(goldens.map(({ version }) => Number(version)).toSorted((a, b) => a - b)).toEqual(Array.from({ length: databaseVersion }, (_, i) => i + 1))
})

describe.each(goldens)('version $version', ({ version, golden }) => {
  let name: string
  beforeEach(async () => {
    name = `test-${crypto.randomUUID()}`
    const database = await openDB(name, golden.schema, {
      upgrade(fresh) {
        for (const [store, { key, rows }] of Object.entries(golden.stores)) {
          const made = fresh.createObjectStore(store, { keyPath: key })
          for (const row of rows) void made.put(row)
        }
      },
    })
    database.close()
  })
  afterEach(async () => { await deleteDB(name) })

  test('every row is there as it was, with the fields of today', async () => {
    expect(golden.schema).toBe(Number(version))
    const database = await openDatabase({ name })
    for (const store of storeNames) {
      const before = golden.stores[store]
      const rows = await database.getAll(store)
      expect(rows).toHaveLength(before?.rows.length ?? 0)
      for (const [i, row] of rows.entries()) expect(row).toMatchObject(before?.rows[i] ?? { [keyFields[store]]: 'missing' })
    }
    const rows = await database.getAll('content')
    expect(rows.map(({ status }) => status).toSorted()).toEqual(['DOWNLOADING', 'SEEDING', 'SEEDING'])
    for (const row of rows) expect(row).toMatchObject({ sealed: null, findable: false, trashedAt: null, relays: [] } satisfies Partial<ContentRow>)
    expect((await database.getAll('jobs')).map(({ options }) => options)).toEqual([{ protect: false, findable: false }])
    await database.close()
    const again = await openDatabase({ name }) // it is upgraded once
    expect(await again.getAll('content')).toEqual(rows)
    await again.close()
  })
})

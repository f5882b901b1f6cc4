import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limits, type HoldfastError } from '../../src/base/index.ts'
import { databaseVersion, openVersion } from '../../src/store/idb-database.ts'
import { openDatabase } from '../../src/store/index.ts'
import { contentRow, databaseSuite } from './database.ts'

const freshName = (): string => `test-${crypto.randomUUID()}`

databaseSuite('idb', async () => {
  const name = freshName()
  const database = await openDatabase({ name })
  return {
    database,
    async end() {
      await database.close()
      await deleteDB(name)
    },
  }
})

describe('the database between tabs and versions', () => {
  let name: string
  beforeEach(() => { name = freshName() })
  afterEach(async () => { await deleteDB(name) })

  test('rows are there after it was closed and opened', async () => {
    const first = await openDatabase({ name })
    await first.put('content', contentRow('a'))
    await first.close()
    const second = await openDatabase({ name })
    expect(await second.get('content', 'a')).toEqual(contentRow('a'))
    await second.close()
  })

  test('two connections see the same', async () => {
    const [one, two] = await Promise.all([openDatabase({ name }), openDatabase({ name })])
    await one.put('content', contentRow('a'))
    expect(await two.get('content', 'a')).toEqual(contentRow('a'))
    await one.close()
    await two.close()
  })

  test('a newer version of the app takes it over', async () => {
    const reasons: HoldfastError[] = []
    const old = await openDatabase({ name, onClosed: reason => reasons.push(reason) })
    await old.put('content', contentRow('a'))
    const newer = await openVersion(databaseVersion + 1, { name })
    expect(reasons.map(({ code }) => code)).toEqual(['storage-newer'])
    await expect(old.get('content', 'a')).rejects.toMatchObject({ code: 'storage-newer' })
    await expect(openDatabase({ name })).rejects.toMatchObject({ code: 'storage-newer' })
    expect(await newer.get('content', 'a')).toEqual(contentRow('a'))
    await newer.close()
  })

  test('when it is deleted its owner is told once', async () => {
    const reasons: HoldfastError[] = []
    const database = await openDatabase({ name, onClosed: reason => reasons.push(reason) })
    await deleteDB(name)
    await database.close()
    expect(reasons.map(({ code }) => code)).toEqual(['storage-lost'])
    await expect(database.put('content', contentRow('a'))).rejects.toMatchObject({ code: 'storage-lost' })
  })

  test('an older version that does not let go makes it busy, and hinders nobody afterwards', async () => {
    const frozen = await openDB(name, 1)
    const began = performance.now()
    await expect(openDatabase({ name })).rejects.toMatchObject({ code: 'storage-busy' })
    expect(performance.now() - began).toBeGreaterThan(limits.handOverMs - 50)
    frozen.close()
    const database = await openDatabase({ name })
    expect(await database.getAll('content')).toEqual([])
    await database.close()
  })

  test('an older version that lets go late is waited for', async () => {
    const slow = await openDB(name, 1)
    setTimeout(() => { slow.close() }, 300)
    const database = await openDatabase({ name })
    expect(await database.getAll('content')).toEqual([])
    await database.close()
  })
})

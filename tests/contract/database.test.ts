import { expect, test } from 'vitest'
import { memDatabase, openDatabase } from '../../src/store/index.ts'
import { databaseSuite } from './database.ts'

databaseSuite('mem', async () => ({ database: memDatabase(), end: async () => undefined }))

test('where there is no IndexedDB it says so', async () => {
  await expect(openDatabase()).rejects.toMatchObject({ code: 'unsupported' })
})

import { expect, test } from 'vitest'
import { checkCanary, memDatabase, memStaging, plantCanary, type Database } from '../../../src/store/index.ts'

async function planted() {
  const [database, staging] = [memDatabase(), memStaging()]
  expect(await checkCanary(database, staging)).toBe('new')
  return { database, staging }
}

test('new once, kept from then on', async () => {
  const { database, staging } = await planted()
  expect(await checkCanary(database, staging)).toBe('kept')
  expect(await checkCanary(database, staging)).toBe('kept')
})

test('files gone or others: lost, until it is planted again', async () => {
  const { database, staging } = await planted()
  expect(await checkCanary(database, memStaging())).toBe('lost')
  expect(await checkCanary(database, (await planted()).staging)).toBe('lost')
  await staging.remove('canary')
  expect(await checkCanary(database, staging)).toBe('lost')
  await plantCanary(database, staging)
  expect(await checkCanary(database, staging)).toBe('kept')
})

test('rows gone: lost', async () => {
  const { staging } = await planted()
  expect(await checkCanary(memDatabase(), staging)).toBe('lost')
})

test('killed between the two places at the first start: still new', async () => {
  for (const last of [1, 2]) {
    const [database, staging] = [memDatabase(), memStaging()]
    let writes = 0
    const mortal: Database = Object.assign(Object.create(database) as Database, {
      set: async (...args: Parameters<Database['set']>) => {
        if (++writes > last - 1) throw new Error('killed')
        await database.set(...args)
      },
    })
    await expect(checkCanary(mortal, staging)).rejects.toThrow('killed')
    expect(await checkCanary(database, staging)).toBe('new')
    expect(await checkCanary(database, staging)).toBe('kept')
  }
})

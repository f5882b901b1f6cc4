import { expect, test } from 'vitest'
import { memStaging } from '../../../src/store/index.ts'

test('memory of a given size is full like a disk', async () => {
  const staging = memStaging({ capacity: 10 })
  const one = await staging.open('tmp/one', { create: true })
  const two = await staging.open('tmp/two', { create: true })
  await one.resize(6)
  await expect(two.resize(5)).rejects.toMatchObject({ code: 'storage-full' })
  await two.write(0, Uint8Array.of(1, 2, 3, 4))
  await expect(two.write(2, Uint8Array.of(7, 7, 7))).rejects.toMatchObject({ code: 'storage-full' })
  expect(await two.read(0, await two.size())).toEqual(Uint8Array.of(1, 2, 3, 4))
  await one.close()
  await staging.remove('tmp/one')
  await two.write(4, new Uint8Array(6))
  expect(await two.size()).toBe(10)
})

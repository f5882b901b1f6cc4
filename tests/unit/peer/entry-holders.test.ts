import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { EntryHolders } from '../../../src/peer/entry-holders.ts'

const [a, b] = ['aa'.repeat(32), 'bb'.repeat(32)]

test('nobody waits for what others say; it is told once it is another, and asked again a while later', async () => {
  const asked: (readonly string[])[] = []
  const said = new Map<string, number | null>([[a, 2], [b, null]])
  let [now, told] = [0, 0]
  const holders = new EntryHolders({
    holders: async hashes => {
      asked.push(hashes)
      return await Promise.resolve(hashes.map(hash => said.get(hash) ?? null))
    },
  }, { now: () => now }, () => { told++ })
  const settled = async (): Promise<void> => { await new Promise(done => { setTimeout(done, 1) }) }

  expect(holders.of([a, b, a])).toEqual([null, null, null])
  await settled()
  expect([holders.of([a, b]), told, asked]).toEqual([[2, null], 1, [[a, b]]])
  now += limits.entryHoldersAgainMs - 1
  expect(holders.of([a])).toEqual([2])
  now += 1
  said.set(a, null) // nobody answers now: what was heard stands
  expect(holders.of([a])).toEqual([2])
  await settled()
  expect([holders.of([a]), told]).toEqual([[2], 1])
  now += limits.entryHoldersAgainMs
  said.set(a, 0)
  holders.of([a])
  await settled()
  expect([holders.of([a]), told, asked.length]).toEqual([[0], 2, 3])
})

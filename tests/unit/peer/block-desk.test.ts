import { expect, test } from 'vitest'
import { HoldfastError } from '../../../src/base/index.ts'
import { BlockDesk, type BlockDeskParts } from '../../../src/peer/block-desk.ts'

test('what cannot be taken off the disk keeps nothing else that is blocked from going', async () => {
  const erased: string[] = []
  let changes = 0
  const transfers = {
    held: new Map(['a', 'b'].map(cid => [cid, { cid, reasons: [] }])),
    async eraseContent(cid: string) {
      if (cid === 'a') throw new HoldfastError('storage-busy')
      erased.push(cid)
    },
  }
  const blocklist = { add: async () => {}, has: () => true, hasAllOwners: () => false }
  const desk = new BlockDesk({ blocklist, transfers, changed() { changes++ } } as unknown as BlockDeskParts)
  await expect(desk.block('a')).rejects.toMatchObject({ code: 'storage-busy' })
  expect([erased, changes]).toEqual([['b'], 1])
})

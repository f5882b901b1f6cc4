import { expect, test } from 'vitest'
import { Transfers } from '../../../src/peer/transfers.ts'
import { memBucket, memDatabase, memStaging, type ContentRow } from '../../../src/store/index.ts'
import type { TorrentStatus } from '../../../src/swarm/index.ts'
import { ScriptedSwarm } from './scripted-swarm.ts'

const [cid, infohash, begun] = ['ab'.repeat(32), 'cd'.repeat(20), 1_000_000]
const row: ContentRow = {
  cid, kind: 'z', infohash, size: 1_000, title: 'Shared', origin: 'shared', status: 'SEEDING', path: `archives/ab/ab/${cid}.tgz`, staging: null, info: null, members: null, paused: false, giving: true, given: 0,
  addedAt: 1, problem: null, reasons: ['own'], sealed: null, findable: false, trashedAt: null, relays: [],
}
const status: TorrentStatus = { infohash, phase: 'seeding', received: 1_000, rateIn: 0, rateOut: 0, given: 0, sectioned: 0, relayed: false, keepers: 0, sources: 0, receivers: [], tracker: 'ok' }

/** A device that gives one file; the test has its clock and plays the swarm. */
async function begin() {
  const database = memDatabase()
  await database.put('content', row)
  const clock = { time: begun, now: () => clock.time }
  const open = async (): Promise<Transfers> => {
    const transfers = new Transfers({
      database, clock, staging: memStaging(), bucket: memBucket(), trackers: () => [], sharing: () => true, mayCome: () => true, blocked: () => false, distrust: () => {}, changed: () => {},
      arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 }, check: async () => await Promise.resolve({ members: null }),
    })
    await transfers.open()
    await transfers.attach(new ScriptedSwarm())
    return transfers
  }
  const transfers = await open()
  return {
    clock, open, transfers,
    says: (...statuses: readonly TorrentStatus[]) => { transfers.reports.onChange(statuses) },
    seen: () => transfers.item(cid)?.seen,
    written: async () => (await database.get('content', cid))?.seen,
  }
}

test('how many had all of it is remembered with the time they were here last: until they went, not when they came', async () => {
  const { clock, says, seen } = await begin()
  says(status)
  expect(seen()).toBeNull()
  says({ ...status, keepers: 2 })
  expect(seen()).toEqual({ keepers: 2, at: begun })
  clock.time += 60_000
  says({ ...status, keepers: 1 })
  expect(seen()).toEqual({ keepers: 1, at: begun + 60_000 })
  clock.time += 600_000
  says(status)
  expect(seen()).toEqual({ keepers: 1, at: begun + 660_000 })
  clock.time += 600_000
  says({ ...status, rateOut: 1 })
  expect(seen()?.at).toBe(begun + 660_000)
  says({ ...status, keepers: 3 })
  clock.time += 1_000
  says() // out of the swarm
  expect(seen()).toEqual({ keepers: 3, at: clock.time })
})

test('it is written every ten minutes at most, is not lost while others are at work on the row, and is there after a start', async () => {
  const { clock, open, says, transfers, seen, written } = await begin()
  says({ ...status, keepers: 2 })
  await expect.poll(written).toEqual({ keepers: 2, at: begun })
  clock.time += 599_999
  says({ ...status, keepers: 3 })
  const pinned = transfers.pin(cid, true)
  clock.time++
  says({ ...status, keepers: 4 })
  await pinned
  expect(seen()).toEqual({ keepers: 4, at: begun + 600_000 })
  await expect.poll(written).toEqual({ keepers: 4, at: begun + 600_000 })
  clock.time += 1_000
  says({ ...status, keepers: 5 })
  expect((await open()).item(cid)?.seen).toEqual({ keepers: 4, at: begun + 600_000 })
})

import { beforeEach, expect, test } from 'vitest'
import type { SealedLink } from '../../../src/peer/network-api.ts'
import { Transfers } from '../../../src/peer/transfers.ts'
import { memBucket, memDatabase, memStaging } from '../../../src/store/index.ts'
import { ScriptedSwarm } from './scripted-swarm.ts'

const cid = 'c'.repeat(64)
const link: SealedLink = { cid, infohash: 'e'.repeat(40), size: 1000, kind: 'i', name: 'Cover', relays: [], sealed: null }
const agreed = { give: true, relays: [] }
const upload = 'a'.repeat(64)

let swarm = new ScriptedSwarm()
let transfers: Transfers

beforeEach(async () => {
  swarm = new ScriptedSwarm()
  transfers = new Transfers({
    database: memDatabase(), staging: memStaging(), bucket: memBucket(), clock: { now: () => 1 }, trackers: () => [], sharing: () => true, blocked: () => false, distrust: () => {}, changed: () => {},
    arriving: { follow() {}, drop() {}, members: () => null, readable: () => 0 }, check: async () => await Promise.resolve({ members: null }),
  })
  await transfers.open()
  await transfers.attach(swarm)
})

test('what is fetched as a picture is listed as one, until it is wanted for itself; what was here for itself stays so', async () => {
  await transfers.get(link, { ...agreed, pictureOf: upload })
  expect(transfers.item(cid)?.pictureOf).toEqual([upload])
  await transfers.get(link, agreed)
  expect(transfers.item(cid)?.pictureOf).toEqual([])
  await transfers.get(link, { ...agreed, pictureOf: upload })
  expect(transfers.item(cid)?.pictureOf).toEqual([])
})

test('another torrent is fetched in place of the one of which nothing came, unless the row is another by then', async () => {
  const file = { cid, infohash: 'd'.repeat(40), size: 1001, audit: '' }
  const other = { act: 'other', cid, from: link.infohash, file, kind: 'i' } as const
  await transfers.get(link, agreed)
  await transfers.pause(cid)
  await transfers.duties.apply(other)
  expect(transfers.row(cid)?.infohash, 'the person stopped it').toBe(link.infohash)
  await transfers.resume(cid)
  await transfers.duties.apply({ ...other, from: 'b'.repeat(40) })
  expect([...swarm.fetches.keys()]).toEqual([link.infohash])
  await transfers.duties.apply(other)
  expect([...swarm.fetches.keys()]).toEqual([file.infohash])
  expect(transfers.row(cid)).toMatchObject({ infohash: file.infohash, size: 1001, status: 'PENDING', info: null, reasons: ['wanted'] })
})

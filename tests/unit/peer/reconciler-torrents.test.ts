import { beforeEach, expect, test } from 'vitest'
import { limits, type Alarm } from '../../../src/base/index.ts'
import type { Action, Duty } from '../../../src/content/index.ts'
import type { HeldReport } from '../../../src/peer/duty-api.ts'
import { Reconciler, type ReconcilerParts } from '../../../src/peer/reconciler.ts'
import { memDatabase, type ContentRow } from '../../../src/store/index.ts'
import { alice, bob, dutiesAt, dutyOf, heldOf, network } from '../../support/duties.ts'

/* Records that name different torrents for one content, over rows that a test plays. */

const song = dutyOf('song', { owner: bob })
const bogus: Duty = { ...song, owner: alice, files: [{ ...song.files[0]!, infohash: 'f'.repeat(40) }] }

let time = 0
let [online, received] = [true, 0]
let reports: HeldReport[] = []
const held = new Map<string, ContentRow>()
const alarm: Alarm = { now: () => time, sleep: async () => { await Promise.resolve() } }

async function apply(action: Action): Promise<void> {
  await Promise.resolve()
  if (action.act === 'fetch') held.set(action.cid, { ...heldOf('song'), infohash: action.file.infohash, status: 'PENDING', reasons: action.reasons } as ContentRow)
  if (action.act === 'other' && held.get(action.cid)?.infohash === action.from) held.set(action.cid, { ...held.get(action.cid)!, infohash: action.file.infohash })
}

function loopOver(): Reconciler {
  const transfers = { held, received: () => received, duties: { apply }, pin: async () => { await Promise.resolve() }, reports: { status: () => null } } as unknown as ReconcilerParts['transfers']
  return new Reconciler({
    transfers, database: memDatabase(), alarm, network: () => network, every: () => limits.reconcileMs, here: () => true, online: () => online, blocked: () => false, changed: () => {}, report: report => { reports.push(report) },
  })
}

const torrent = (): string | undefined => held.get(song.cid)?.infohash
async function after(loop: Reconciler, ms: number): Promise<string | undefined> {
  time += ms
  await loop.pass()
  return torrent()
}

beforeEach(() => {
  held.clear()
  time = 1_000_000
  reports = [];
  [online, received] = [true, 0]
})

test('the one by whose torrent nothing comes holds nobody up; what the bytes are decides', async () => {
  const loop = loopOver()
  loop.setDuties(dutiesAt(100, { offered: [bogus, song] }))
  const [first, second] = [bogus, song].map(({ files }) => files[0]!.infohash)
  expect(await after(loop, 0)).toBe(first)
  expect(await after(loop, limits.otherTorrentMs - 1)).toBe(first)
  expect(await after(loop, 1)).toBe(second)
  expect(await after(loop, limits.otherTorrentMs), 'twice as long').toBe(second)
  expect(await after(loop, limits.otherTorrentMs)).toBe(first)
  expect(await after(loop, 2 * limits.otherTorrentMs), 'and again').toBe(first)
  expect(await after(loop, 2 * limits.otherTorrentMs)).toBe(second)
  held.set(song.cid, { ...held.get(song.cid)!, status: 'SEEDING', facts: { audit: song.files[0]!.audit, dissem: [bob], sound: true } })
  await loop.pass()
  expect(reports.flatMap(({ verified, verdicts }) => [...verified, ...verdicts])).toEqual([{ cid: song.cid, owner: bob }, { cid: song.cid, owner: alice, verdict: 'wrong-bytes' }])
})

test('offline nothing is tried in its place, and what came is not thrown away for a pause', async () => {
  const loop = loopOver()
  loop.setDuties(dutiesAt(100, { offered: [song, bogus] }))
  const first = await after(loop, 0)
  online = false
  expect(await after(loop, 10 * limits.otherTorrentMs)).toBe(first)
  online = true
  expect(await after(loop, 0)).toBe(first)
  received = 3
  for (let i = 0; i < 20; i++) expect(await after(loop, limits.otherTorrentMs)).toBe(first)
  for (let i = 0; i < limits.refetchMostMs / limits.otherTorrentMs; i++) await after(loop, limits.otherTorrentMs)
  expect(torrent()).not.toBe(first)
})

test('where records agree there is nothing else to try', async () => {
  const loop = loopOver()
  loop.setDuties(dutiesAt(100, { offered: [song, { ...song, owner: alice }] }))
  const first = await after(loop, 0)
  for (let i = 0; i < 10; i++) expect(await after(loop, 4 * limits.otherTorrentMs)).toBe(first)
})

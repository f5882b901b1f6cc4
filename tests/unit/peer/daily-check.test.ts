import { expect, test } from 'vitest'
import { HoldfastError, limits, type Alarm } from '../../../src/base/index.ts'
import { DailyCheck } from '../../../src/peer/daily-check.ts'
import type { ContentRow } from '../../../src/store/index.ts'

type Row = Pick<ContentRow, 'cid' | 'status' | 'addedAt' | 'checkedAt'>

let time = 0
const rows = new Map<string, Row>()
const verified: string[] = []
let fault: HoldfastError | null = null
let takes = 0
const slept: number[] = []
let end = new AbortController()
const alarm: Alarm = { now: () => time, async sleep(ms) { if (slept.push(ms) === 2) end.abort(); time += ms; await Promise.resolve() } }
const check = new DailyCheck({
  held: () => rows,
  async verify(cid) {
    verified.push(cid)
    time += takes
    if (fault !== null) throw fault
    rows.set(cid, { ...rows.get(cid)!, checkedAt: time })
    await Promise.resolve()
  },
  alarm,
})

test('each stored file once a day, the one read longest ago first; others never', async () => {
  for (const [cid, status, addedAt] of [['new', 'SEEDING', 5], ['old', 'SEEDING', 0], ['coming', 'DOWNLOADING', 0], ['gone', 'TRASHED', 0]] as const) rows.set(cid, { cid, status, addedAt })
  rows.set('read', { cid: 'read', status: 'SEEDING', addedAt: 0, checkedAt: 10 })
  time = limits.recheckMs - 1
  expect(await check.next()).toBe(false)
  time = limits.recheckMs + 10
  while (await check.next());
  expect(verified).toEqual(['old', 'new', 'read'])
  time += limits.recheckMs - 1
  expect(await check.next()).toBe(false)
  time += 1
  expect(await check.next()).toBe(true)
})

test('what cannot be read holds up nobody, and is tried again in an hour; what is gone meanwhile is no matter', async () => {
  rows.clear()
  verified.length = 0
  rows.set('bad', { cid: 'bad', status: 'SEEDING', addedAt: 0 }).set('good', { cid: 'good', status: 'SEEDING', addedAt: 1 })
  time = 2 * limits.recheckMs
  fault = new HoldfastError('storage-busy')
  expect(await check.next()).toBe(true)
  fault = null
  expect([await check.next(), await check.next(), verified]).toEqual([true, false, ['bad', 'good']])
  time += limits.refetchMostMs
  expect(await check.next()).toBe(true)
  rows.clear()
  rows.set('left', { cid: 'left', status: 'SEEDING', addedAt: 0 })
  fault = new HoldfastError('not-found')
  expect(await check.next()).toBe(true)
  fault = null
})

test('it rests after each as long as it took, and for a minute where nothing is due', async () => {
  rows.clear()
  rows.set('one', { cid: 'one', status: 'SEEDING', addedAt: 0 })
  time = 10 * limits.recheckMs
  takes = 700
  slept.length = 0
  end = new AbortController()
  await check.run(end.signal)
  expect(slept).toEqual([700, 60_000])
})

import { expect, test } from 'vitest'
import { fromUtf8, limits } from '../../../../src/base/index.ts'
import { commitWindow, factoidWindow, forgetPayments, judgeWindow, notePayment } from '../../../../src/records/rules/payments.ts'
import { StateView, keys } from '../../../../src/state/index.ts'
import { MapState } from '../../../support/ledger.ts'

/* Payments of the past, filed by the hour their windows close in. */

const frame = { number: 7, time: 1_000 * 3_600, parentTime: 0, network: '00'.repeat(8), creditRate: 1 }
const now = 1_000 * frame.time
const name = (i: number): string => i.toString(16).padStart(64, '0')
const hour = 3_600_000

async function noted(times: readonly number[], window = commitWindow): Promise<MapState> {
  const empty = await MapState.of([])
  const state = new StateView(empty)
  for (const [i, time] of times.entries()) await notePayment({ time, window, paid: name(i) }, null, { state, frame })
  return await empty.with(state.changes())
}

async function forgotten(from: MapState, time: number): Promise<MapState> {
  const state = new StateView(from)
  await forgetPayments(state, time)
  return await from.with(state.changes())
}

test('both ends of a window are in it', () => {
  for (const window of [commitWindow, factoidWindow]) {
    for (const [off, rule] of [[-window - 1, 'record-expired'], [-window, null], [0, null], [window, null], [window + 1, 'record-early']] as const) expect(judgeWindow({ time: now + off, window }, frame.time)?.rule ?? null).toBe(rule)
  }
  expect([commitWindow, factoidWindow]).toEqual([12 * hour, 24 * hour])
})

test('a payment is filed by the hour in which its window closes, and forgotten when that is over', async () => {
  const state = await noted([now - 12 * hour, now - 1, now])
  expect([await state.read(keys.paidCount(1_000)), await state.read(keys.paidCount(1_011)), await state.read(keys.paidCount(1_012))]).toEqual([1, 1, 1])
  expect(await state.read(keys.paidCursor)).toEqual({ hour: 1_000, rows: 3 })
  expect(await state.read(keys.paid(name(0)))).toBe(7)
  const early = await forgotten(state, 1_001 * 3_600 - 1)
  expect([...early.rows]).toEqual([...state.rows])
  const first = await forgotten(early, 1_001 * 3_600)
  expect([await first.read(keys.paid(name(0))), await first.read(keys.paid(name(1)))]).toEqual([null, 7])
  expect(await first.read(keys.paidCursor)).toEqual({ hour: 1_001, rows: 2 })
  const second = await forgotten(first, 1_012 * 3_600)
  expect(await second.read(keys.paidCursor)).toEqual({ hour: 1_012, rows: 1 })
  expect((await forgotten(second, 1_013 * 3_600)).rows.size).toBe(0)
})

test('a block forgets 256 of them, hours without any counted', async () => {
  const state = await noted(Array.from({ length: 300 }, () => now))
  const over = 2_000 * 3_600
  const once = await forgotten(state, over)
  // Twelve hours are passed first.
  expect(await once.read(keys.paidCursor)).toEqual({ hour: 1_012, rows: 300 - (limits.paidLooked - 12) })
  expect(await once.read(keys.paidCount(1_012))).toBe(300 - (limits.paidLooked - 12))
  expect([...once.rows.keys()].filter(key => key.startsWith(`paid/0`)).length).toBe(56)
  expect((await forgotten(once, over)).rows.size).toBe(0)
  expect(limits.paidLooked).toBeGreaterThanOrEqual(4 * limits.blockRecords)
})

test('nothing there is nothing to forget, and nothing is written', async () => {
  const state = new StateView(await MapState.of([]))
  await forgetPayments(state, 2 ** 32 - 1)
  expect(state.changes()).toEqual([])
  const waiting = new StateView(await noted([now]))
  await forgetPayments(waiting, frame.time)
  expect(waiting.changes().map(({ key }) => fromUtf8(key))).toEqual([])
})

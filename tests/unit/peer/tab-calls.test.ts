import '../../../src/relay/node20.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { tabCalls } from '../../../src/peer/tab-calls.ts'
import { TabService, serveTabs } from '../../../src/peer/tab-rpc.ts'

interface Sum { add(a: number, b: number): Promise<number> }

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('the service is opened by the first call, kept for others, and let go of when nobody calls for a while', async () => {
  const name = `sum ${crypto.randomUUID()}`
  const { stop } = serveTabs(name, { async add(a: number, b: number) { return a + b } })
  const close = vi.spyOn(TabService.prototype, 'close')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const sum = tabCalls<Sum>(name)
  expect(await Promise.all([1, 2, 3].map(async n => await sum(async call => await call.add(n, n))))).toEqual([2, 4, 6])
  vi.advanceTimersByTime(4000)
  expect(await sum(async call => await call.add(1, 1))).toBe(2)
  vi.advanceTimersByTime(4000)
  expect(close).not.toHaveBeenCalled()
  vi.advanceTimersByTime(2000)
  expect(close).toHaveBeenCalledTimes(1)
  expect(await sum(async call => await call.add(2, 3))).toBe(5)
  vi.advanceTimersByTime(6000)
  expect(close).toHaveBeenCalledTimes(2)
  stop()
})

test('a call that fails lets go of it, too', async () => {
  const name = `sum ${crypto.randomUUID()}`
  const { stop } = serveTabs(name, { async add() { throw new Error('the reason') } })
  const close = vi.spyOn(TabService.prototype, 'close')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await expect(tabCalls<Sum>(name)(async call => await call.add(1, 1))).rejects.toThrow('the reason')
  vi.advanceTimersByTime(6000)
  expect(close).toHaveBeenCalledTimes(1)
  stop()
})

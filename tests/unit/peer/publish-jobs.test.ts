import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import '../../../src/relay/node20.ts'
import { HoldfastError } from '../../../src/base/index.ts'
import { PublishJobs, type PublishJobsParts } from '../../../src/peer/publish-jobs.ts'
import type { ShareJob } from '../../../src/peer/share-api.ts'

const job: ShareJob = {
  id: 'j', title: 'Tides', bytes: 1, options: { protect: false, findable: false }, files: 1, startedAt: 1, done: 1, rate: 0, left: null, state: 'preparing', problem: null, publish: { kind: 'archive', stage: 'complete' },
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', { addEventListener() {} })
  vi.stubGlobal('navigator', { locks: { request: async (_: string, task: () => Promise<void>) => { await task() } } })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('one that this tab took over is cancelled while no ledger is open', async () => {
  const done: string[] = []
  const network = {
    readyOf: async () => await Promise.resolve({ record: {}, sealed: null }),
    dropJob: async () => { await Promise.resolve(done.push('dropped')) }, failJob: async () => { await Promise.resolve(done.push('failed')) }, endPublish: async () => { await Promise.resolve(done.push('published')) },
  } as unknown as PublishJobsParts['network']
  let open = false
  const ledger = {
    async publish() {
      if (!open) throw new HoldfastError('not-found', 'no ledger is open')
      return await Promise.resolve('id')
    },
  }
  const jobs = new PublishJobs({ network, ledger, keys: {} as PublishJobsParts['keys'], clock: { now: () => 1 }, changed: () => {} })
  jobs.watch([job])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(jobs.cancel('j')).toBe(true)
  open = true
  await vi.advanceTimersByTimeAsync(60_000)
  expect(done).toEqual(['dropped'])
  expect(jobs.cancel('j')).toBe(false)
})

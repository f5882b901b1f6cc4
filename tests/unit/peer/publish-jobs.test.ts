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

/** A network worker with a job that is ready, and what was done with it. */
function ready(change: Partial<PublishJobsParts['network']> = {}) {
  const done: string[] = []
  const say = (what: string) => async (): Promise<void> => { await Promise.resolve(done.push(what)) }
  const network = { readyOf: async () => await Promise.resolve({ record: {}, sealed: null }), dropJob: say('dropped'), failJob: say('failed'), endPublish: say('ended'), ...change } as unknown as PublishJobsParts['network']
  const jobsOver = (ledger: PublishJobsParts['ledger']) => new PublishJobs({ network, ledger, keys: {} as PublishJobsParts['keys'], clock: { now: () => 1 }, changed: () => {} })
  return { done, jobsOver }
}

test('one that this tab took over is cancelled while no ledger is open', async () => {
  const { done, jobsOver } = ready()
  let open = false
  const jobs = jobsOver({
    async publish() {
      if (!open) throw new HoldfastError('not-found', 'no ledger is open')
      return await Promise.resolve('id')
    },
  })
  jobs.watch([job])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(jobs.cancel('j')).toBe(true)
  open = true
  await vi.advanceTimersByTimeAsync(60_000)
  expect(done).toEqual(['dropped'])
  expect(jobs.cancel('j')).toBe(false)
})

test('what was published is not failed where its row could not be ended, and that is tried again', async () => {
  let full = true
  const { done, jobsOver } = ready({
    async endPublish() {
      if (full) throw new HoldfastError('storage-full')
      await Promise.resolve(done.push('ended'))
    },
  })
  const jobs = jobsOver({ publish: async () => await Promise.resolve('id') })
  jobs.watch([job])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(done).toEqual([])
  full = false
  jobs.watch([job])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(done).toEqual(['ended'])
})

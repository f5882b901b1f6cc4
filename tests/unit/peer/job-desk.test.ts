import '../../../src/relay/node20.ts'
import { afterEach, expect, test, vi } from 'vitest'
import { HoldfastError } from '../../../src/base/index.ts'
import { JobDesk, type JobDeskParts } from '../../../src/peer/job-desk.ts'
import { JobBook } from '../../../src/peer/job-book.ts'
import { jobLock } from '../../../src/peer/job-locks.ts'
import { memDatabase } from '../../../src/store/index.ts'

/** Locks as a browser has them, as far as they are used here. */
class Locks {
  readonly lines = new Map<string, (() => void)[]>()
  asked = 0

  async request<T>(name: string, ...rest: readonly unknown[]): Promise<T> {
    this.asked++
    const line = this.lines.get(name) ?? []
    this.lines.set(name, line)
    const turn = new Promise<void>(resolve => { line.push(resolve) })
    if (line.length === 1) line[0]!()
    await turn
    try { return await (rest.at(-1) as () => Promise<T>)() } finally {
      line.shift()
      setTimeout(() => { line[0]?.() }, 1) // who has it next hears of it later than whoever let go
    }
  }

  async query() { return await Promise.resolve({ pending: [...this.lines].flatMap(([name, line]) => line.slice(1).map(() => ({ name }))) }) }
}

afterEach(() => { vi.unstubAllGlobals() })

/** A desk over a book of jobs, and what a tab that does the job of this test does until it goes. */
function around(place: () => Promise<void> = async () => {}) {
  const locks = new Locks()
  vi.stubGlobal('navigator', { locks })
  const jobs = new JobBook(memDatabase(), { now: () => 1 }, () => {})
  const desk = new JobDesk({ jobs, clock: { now: () => 1 }, staging: { remove: async () => {} }, transfers: { place }, updates: { flush() {} } } as unknown as JobDeskParts)
  const tab = async (goes: Promise<void>) => {
    await locks.request(jobLock('a'), async () => {
      await desk.begin({ id: 'a', title: 'coast', files: 1, bytes: 9, options: { protect: false, findable: false }, staging: 'tmp/jobs/a/archive.tgz' })
      await goes
    })
  }
  return { locks, jobs, desk, tab }
}

test('what could not be placed ends also where its tab is gone by then', async () => {
  const placing = Promise.withResolvers<void>()
  const { jobs, desk, tab } = around(async () => { await placing.promise })
  const gone = Promise.withResolvers<void>()
  const left = tab(gone.promise)
  await expect.poll(() => jobs.get('a')?.state).toBe('PREPARING')
  const placed = desk.place('a', {} as Parameters<JobDesk['place']>[1])
  placed.catch(() => {})
  gone.resolve()
  await left
  await new Promise(done => { setTimeout(done, 20) })
  expect(jobs.get('a')?.state).toBe('PLACING')
  placing.reject(new HoldfastError('storage-full'))
  await expect(placed).rejects.toMatchObject({ code: 'storage-full' })
  await expect.poll(() => jobs.get('a')).toMatchObject({ state: 'FAILED', problem: { code: 'share-interrupted' } })
})

test('a job that another tab took up ends once that one is gone, too', async () => {
  const { locks, jobs, tab } = around()
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const tabs = [tab(first.promise), tab(second.promise)]
  await new Promise(done => { setTimeout(done, 20) })
  first.resolve()
  await new Promise(done => { setTimeout(done, 20) })
  second.resolve()
  await Promise.all(tabs)
  await expect.poll(() => jobs.get('a')?.state).toBe('FAILED')
  const { asked } = locks
  await new Promise(done => { setTimeout(done, 50) })
  expect(locks.asked).toBe(asked)
})

import { expect, test } from 'vitest'
import { JobBook } from '../../../src/peer/job-book.ts'
import { memDatabase, type PublishedRecord } from '../../../src/store/index.ts'

const job = { id: 'a', title: 'coast', files: 1, bytes: 9, options: { protect: false, findable: false }, staging: 'tmp/jobs/a/archive.tgz' }

test('a job that was being placed when all ended is to be made again, and keeps its place when it is', async () => {
  const database = memDatabase()
  let now = 5
  const clock = { now: () => now }
  const before = new JobBook(database, clock, () => {})
  await before.begin(job)
  await before.placing('a')
  expect(before.list()[0]?.state).toBe('placing')
  const after = new JobBook(database, clock, () => {})
  await after.open()
  expect(after.list()[0]).toMatchObject({ id: 'a', state: 'preparing', startedAt: 5 })
  now = 9
  await after.begin(job)
  expect(after.list()[0]).toMatchObject({ state: 'preparing', startedAt: 5 })
})

test('how far a job is that is no more is told to nobody', async () => {
  const book = new JobBook(memDatabase(), { now: () => 1 }, () => {})
  await book.begin(job)
  book.tell('a', { done: 3, rate: 1, left: 6, state: 'preparing' })
  expect(book.list()[0]).toMatchObject({ done: 3, left: 6 })
  await book.end('a', null)
  book.tell('a', { done: 4, rate: 1, left: 5, state: 'preparing' })
  expect(book.list()).toEqual([])
})

test('of a job that publishes the stage is told, what it placed is remembered, and once it is ready any tab may end it', async () => {
  const database = memDatabase()
  const book = new JobBook(database, { now: () => 1 }, () => {})
  await book.begin({ ...job, publish: 'audio' })
  expect(book.list()[0]?.publish).toEqual({ kind: 'audio', stage: 'receiving' })
  book.tell('a', { done: 3, rate: 1, left: 6, state: 'preparing', publish: { kind: 'audio', stage: 'encrypting' } })
  expect(book.list()[0]?.publish?.stage).toBe('encrypting')
  await book.placed('a', 'c1')
  await book.placed('a', 'c1')
  await book.placed('a', 'c2')
  expect(book.get('a')?.publish).toEqual({ kind: 'audio', placed: ['c1', 'c2'], ready: null })
  await book.ready('a', { record: {} as PublishedRecord['record'], sealed: null })
  const after = new JobBook(database, { now: () => 1 }, () => {})
  await after.open()
  expect(after.list()[0]).toMatchObject({ state: 'preparing', publish: { kind: 'audio', stage: 'complete' } })
  await after.end('a', { code: 'denied', message: '', data: {} })
  expect(after.list()[0]).toMatchObject({ state: 'failed', publish: { kind: 'audio', stage: 'failed' } })
})

test('a row of before there was publishing opens as the share it is', async () => {
  const database = memDatabase()
  await database.put('jobs', { ...job, state: 'PREPARING', problem: null, startedAt: 3 })
  const book = new JobBook(database, { now: () => 1 }, () => {})
  await book.open()
  expect(book.list()).toEqual([expect.objectContaining({ id: 'a', state: 'preparing' })])
  expect(book.list()[0]).not.toHaveProperty('publish')
})

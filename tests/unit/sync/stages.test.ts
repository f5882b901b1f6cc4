import { beforeEach, expect, test } from 'vitest'
import type { Ledger } from '../../../src/ledger/index.ts'
import { type SyncMemory } from '../../../src/sync/index.ts'
import { AskList } from '../../../src/sync/ask-list.ts'
import type { Following } from '../../../src/sync/following.ts'
import type { Newcomer } from '../../../src/sync/newcomer.ts'
import { paceOf } from '../../../src/sync/pace.ts'
import type { Search } from '../../../src/sync/search.ts'
import { Stages } from '../../../src/sync/stages.ts'
import type { Voting } from '../../../src/sync/voting.ts'
import { Memory } from '../../sim/world/memory.ts'
import { Others, begin, parameters } from './world.ts'
import { seeded } from './random-help.ts'

let now: number
let stages: Stages
let asks: AskList
let network: Others
let memory: SyncMemory
/** What the rooms around it say. */
let search: { heardAt: number | null }
let voting: { heardEnough: boolean, active: { readonly weights: { size: number } } }
let newcomer: { waiting: boolean, begins: number }
const { signal } = new AbortController()
const pace = paceOf(parameters)

beforeEach(() => {
  now = begin
  network = new Others()
  memory = new Memory().of(async () => true)
  session()
})

function session(): void {
  asks = new AskList(seeded(1))
  search = { heardAt: null }
  voting = { heardEnough: false, active: { weights: { size: 3 } } }
  newcomer = { waiting: false, begins: 0 }
  stages = new Stages({
    ledger: {} as Ledger, network, memory, pace, asks, following: {} as Following, now: () => now,
    voting: voting as unknown as Voting,
    search: Object.assign(search, { alone: async (task: () => Promise<void>) => { await task() } }) as unknown as Search,
    newcomer: Object.assign(newcomer, { async begin() {
      newcomer.begins++
      newcomer.waiting = false
    } }) as unknown as Newcomer,
  })
  stages.begin()
}

/** Some seconds later, after a question: who of those there answered it. */
async function look(seconds = 0, answered?: string): Promise<string> {
  now += seconds
  if (answered !== undefined) {
    search.heardAt = now
    asks.answered(answered, now)
  }
  await stages.look(signal)
  return stages.stage
}

const others = (...ids: string[]): void => { for (const id of ids) network.add(id, async () => await Promise.reject(new Error('nobody asks'))) }

test('alone, it follows what it has after a while, and not before', async () => {
  expect([stages.stage, stages.mayVote]).toEqual(['beginning', false])
  expect(await look(0)).toBe('voting')
  expect(await look(pace.linger - 1)).toBe('voting')
  expect(stages.mayVote).toBe(false)
  expect(await look(1)).toBe('following')
  expect(stages.mayVote).toBe(true)
})

test('others who are there and do not answer do not hold it up either', async () => {
  others('a', 'b')
  await look(0)
  asks.failed('a', now)
  asks.failed('b', now)
  expect(await look(pace.linger - 1)).toBe('voting')
  expect(await look(1)).toBe('following')
})

test('it ends when everybody answered or failed once', async () => {
  others('a', 'b')
  expect(await look(5, 'a')).toBe('voting')
  expect(stages.mayVote).toBe(true)
  asks.failed('b', now)
  expect(await look(0)).toBe('following')
})

test('or with half of the weight', async () => {
  others('a', 'b')
  voting.heardEnough = true
  expect(await look(0)).toBe('voting') // nobody was heard
  expect(await look(0, 'a')).toBe('following')
})

test('or after five minutes, whatever the clock does', async () => {
  others('a', 'b')
  await look(0, 'a')
  expect(await look(299)).toBe('voting')
  expect(await look(1)).toBe('following')
  session()
  await look(0, 'a')
  expect(await look(-299)).toBe('voting')
  expect(await look(-1)).toBe('following')
})

/** Follows, with so many who have a say. */
async function follows(size = 3): Promise<void> {
  others('a', 'b')
  voting.active.weights.size = size
  voting.heardEnough = true
  expect(await look(0, 'a')).toBe('following')
  voting.heardEnough = false
}

test('a third more with a say are voted for anew, and everybody is asked once more', async () => {
  await follows(100)
  voting.active.weights.size = 132
  expect(await look(10, 'b')).toBe('following')
  voting.active.weights.size = 133
  expect(await look(10, 'a')).toBe('voting')
  expect(await look(10, 'a')).toBe('voting')
  expect(await look(10, 'b')).toBe('following')
  expect(await look(10, 'a')).toBe('following')
})

test('half a day without an answer is voted for anew, in one session or over two', async () => {
  await follows()
  expect(await look(43_200, 'a')).toBe('following')
  expect(await look(43_201, 'a')).toBe('voting')
  voting.heardEnough = true
  expect(await look(1, 'a')).toBe('following')
  expect(await memory.value('online')).toBe(begin + 43_200 + 43_201)
})

test('in the next session as well, though its vote begins anyway', async () => {
  await follows()
  await look(60, 'a')
  expect(await memory.value('online')).toBe(now)
  const last = now
  await look(59, 'a')
  expect(await memory.value('online')).toBe(last) // not each time
  session()
  await stages.restore()
  others('a')
  expect(await look(0)).toBe('voting')
  asks.answered('b', now)
  expect(await look(43_300, 'a')).toBe('voting') // it was away: who was asked before does not count
})

test('who is new begins with what was found when the vote ends, looks on with that, and follows then', async () => {
  others('a')
  newcomer.waiting = true
  expect(await look(0, 'a')).toBe('voting')
  expect(newcomer.begins).toBe(1)
  expect(await look(1, 'a')).toBe('following')
})

test('who thought it was alone begins as well once it hears of more', async () => {
  await look(0)
  await look(pace.linger)
  expect(stages.stage).toBe('following')
  others('a', 'b')
  newcomer.waiting = true
  expect(await look(5, 'a')).toBe('voting')
  expect(newcomer.begins).toBe(0)
  expect(await look(5, 'b')).toBe('voting')
  expect(await look(5, 'a')).toBe('voting')
  expect(newcomer.begins).toBe(1)
  expect(await look(5, 'a')).toBe('following')
})

test('a full disk stops no stage', async () => {
  memory = { ...memory, async setValues() { throw Object.assign(new Error('full'), { code: 'storage-full' }) } }
  session()
  others('a')
  await expect(look(0, 'a')).rejects.toThrow('full')
  await look(1, 'a').catch(() => {})
  expect(stages.stage).toBe('following')
})

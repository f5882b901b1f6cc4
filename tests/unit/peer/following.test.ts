import { expect, test } from 'vitest'
import { HoldfastError } from '../../../src/base/index.ts'
import { Following } from '../../../src/peer/following.ts'
import type { Answered } from '../../../src/peer/tab-rpc.ts'

type Value = readonly string[]

/** A service that is asked for everything, answered by hand. */
function lab() {
  const asked: { resolve(answer: Answered<Value>): void, reject(error: Error): void }[] = []
  const learned: (readonly [Value, boolean])[] = []
  const failed: HoldfastError[] = []
  const following = new Following<Value>(async () => await new Promise((resolve, reject) => { asked.push({ resolve, reject }) }), (value, whole) => { learned.push([value, whole]) }, error => { failed.push(error) })
  const answer = async (server: string, before: number, ...value: string[]) => {
    asked.at(-1)!.resolve({ server, before, after: before, value })
    await settle()
  }
  const news = (server: string, number: number) => { following.hear({ server, number, news: [`${server}${String(number)}`] }) }
  return { asked, learned, failed, following, answer, news }
}

const settle = async () => { await new Promise(done => { setTimeout(done) }) }

test('everything first, then each piece of news once and in order', async () => {
  const { following, answer, news, learned } = lab()
  void following.join()
  await answer('a', 2, 'all')
  for (const number of [1, 2, 3, 3, 4]) news('a', number)
  expect(learned).toEqual([[['all'], true], [['a3'], false], [['a4'], false]])
})

test('news that overtook the answer wait for it; those it has in it are dropped', async () => {
  const { following, answer, news, learned } = lab()
  void following.join()
  news('a', 4)
  news('a', 5)
  await answer('a', 4, 'all')
  expect(learned).toEqual([[['all'], true], [['a5'], false]])
})

test('who begins to serve is asked anew, and what was known stays until they answer', async () => {
  const { following, answer, news, learned, asked } = lab()
  void following.join()
  await answer('a', 0, 'all of a')
  following.hello('b')
  expect(asked.length).toBe(2)
  news('b', 1)
  news('a', 1) // of one who serves no more
  expect(learned.length).toBe(1)
  await answer('b', 0, 'all of b')
  expect(learned.slice(1)).toEqual([[['all of b'], true], [['b1'], false]])
  following.hello('b') // said late
  expect(asked.length).toBe(2)
})

test('an answer of one who was replaced meanwhile is not the last word', async () => {
  const { following, answer, learned, asked } = lab()
  void following.join()
  following.hello('b')
  await answer('a', 7, 'old')
  expect(asked.length).toBe(2)
  await answer('b', 0, 'new')
  expect(asked.length).toBe(2)
  expect(learned.at(-1)).toEqual([['new'], true])
})

test('a gap is noticed: all is asked for again', async () => {
  const { following, answer, news, learned, asked } = lab()
  void following.join()
  await answer('a', 0, 'all')
  news('a', 1)
  news('a', 3)
  expect(asked.length).toBe(2)
  await answer('a', 3, 'all again')
  news('a', 4)
  expect(learned).toEqual([[['all'], true], [['a1'], false], [['all again'], true], [['a4'], false]])
})

test('where nobody answers, the next one heard of is asked', async () => {
  const { following, answer, news, learned, failed, asked } = lab()
  void following.join()
  asked[0]!.reject(new HoldfastError('timeout'))
  await settle()
  expect(failed.map(({ code }) => code)).toEqual(['timeout'])
  news('a', 9)
  await answer('a', 9, 'all')
  expect(learned).toEqual([[['all'], true]])
})

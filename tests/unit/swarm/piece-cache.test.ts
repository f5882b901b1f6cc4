import { expect, test } from 'vitest'
import { PieceCache } from '../../../src/swarm/piece-cache.ts'

function reader(log: string[], name: string, length: number) {
  return () => {
    log.push(name)
    return Promise.resolve(new Uint8Array(length))
  }
}

test('what many ask for at once is read once', async () => {
  const [cache, log] = [new PieceCache(100), [] as string[]]
  const all = await Promise.all(Array.from({ length: 5 }, () => cache.get('a', 10, reader(log, 'a', 10))))
  expect(new Set(all).size).toBe(1)
  expect(log).toEqual(['a'])
})

test('it holds no more than its capacity, and lets go of what was unused for longest', async () => {
  const [cache, log] = [new PieceCache(100), [] as string[]]
  const get = (name: string, length = 40) => cache.get(name, length, reader(log, name, length))
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await get(name)
  expect(log).toEqual(['a', 'b', 'c', 'b'])
  expect(cache.held).toBe(80)
  await get('large', 200)
  expect(cache.held).toBe(200)
  await get('a')
  expect(cache.held).toBe(40)
})

test('a failed read is forgotten', async () => {
  const cache = new PieceCache(100)
  await expect(cache.get('a', 10, () => Promise.reject(new Error('once')))).rejects.toThrow('once')
  expect(cache.held).toBe(0)
  expect(await cache.get('a', 10, () => Promise.resolve(new Uint8Array(10)))).toHaveLength(10)
})

test('a file is forgotten with all its pieces, and no other', async () => {
  const [cache, log] = [new PieceCache(100), [] as string[]]
  for (const name of ['1/0/', '1/10/', '10/0/']) await cache.get(name, 10, reader(log, name, 10))
  cache.forget('1/1/')
  expect(cache.held).toBe(30)
  cache.forget('1/')
  expect(cache.held).toBe(10)
})

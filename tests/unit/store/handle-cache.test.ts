import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HandleCache } from '../../../src/store/handle-cache.ts'

/** Handles that know whether they are open, and how many ever were at once. */
class Disk {
  open = 0
  most = 0
  opened: string[] = []
  readonly failing = new Set<string>()

  async take(key: string): Promise<{ key: string, closed: boolean, close: () => void }> {
    this.open++
    this.most = Math.max(this.most, this.open)
    await Promise.resolve()
    await Promise.resolve()
    if (this.failing.has(key)) {
      this.open--
      throw new Error('no such file')
    }
    this.opened.push(key)
    const handle = { key, closed: false, close: () => { handle.closed = true; this.open-- } }
    return handle
  }
}

const read = (handle: { key: string, closed: boolean }): string => {
  if (handle.closed) throw new Error('read from a closed handle')
  return handle.key
}

describe('HandleCache', () => {
  test('opens a key once and keeps it', async () => {
    const disk = new Disk()
    const cache = new HandleCache(2, async key => await disk.take(key))
    expect(await Promise.all([cache.use('a', read), cache.use('a', read), cache.use('b', read)])).toEqual(['a', 'a', 'b'])
    expect(await cache.use('a', read)).toBe('a')
    expect(disk.opened.toSorted()).toEqual(['a', 'b'])
  })

  test('closes what was used longest ago', async () => {
    const disk = new Disk()
    const cache = new HandleCache(2, async key => await disk.take(key))
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.use(key, read)
    expect(disk.opened).toEqual(['a', 'b', 'c', 'b'])
    expect(disk.open).toBe(2)
  })

  test('a key that cannot be opened takes no place', async () => {
    const disk = new Disk()
    disk.failing.add('x')
    const cache = new HandleCache(1, async key => await disk.take(key))
    await expect(cache.use('x', read)).rejects.toThrow('no such file')
    await expect(Promise.all([cache.use('x', read), cache.use('a', read)])).rejects.toThrow('no such file')
    expect(await cache.use('a', read)).toBe('a')
    expect(disk.open).toBe(1)
  })

  test('a change finds the key closed, and nobody opens it meanwhile', async () => {
    const disk = new Disk()
    const cache = new HandleCache(4, async key => await disk.take(key))
    await cache.use('a', read)
    let later = Promise.resolve('')
    await cache.without('a', async () => {
      expect(disk.open).toBe(0)
      later = cache.use('a', read)
      for (let i = 0; i < 10; i++) await Promise.resolve()
      expect(disk.open).toBe(0)
    })
    expect(await later).toBe('a')
    await expect(cache.without('a', async () => { throw new Error('stuck') })).rejects.toThrow('stuck')
    expect(await cache.use('a', read)).toBe('a')
    cache.closeAll()
    expect(disk.open).toBe(0)
  })

  test('whatever is asked at once: never too many open, never a closed one read', async () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'x'), change: fc.boolean(), pause: fc.integer({ min: 0, max: 4 }) })
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (steps, most) => {
      const disk = new Disk()
      disk.failing.add('x')
      const cache = new HandleCache(most, async key => await disk.take(key))
      const ends: Promise<void>[] = []
      const judge = async (key: string, end: Promise<string | null>): Promise<void> => {
        const value = await end.catch((error: unknown) => String(error))
        expect([key, null, 'Error: no such file']).toContain(value)
        if (value !== null) expect(value === key).toBe(key !== 'x')
      }
      for (const { key, change, pause } of steps) {
        ends.push(judge(key, change ? cache.without(key, async () => await Promise.resolve(null)) : cache.use(key, read)))
        for (let i = 0; i < pause; i++) await Promise.resolve()
      }
      await Promise.all(ends)
      expect(disk.most).toBeLessThanOrEqual(most)
      cache.closeAll()
      expect(disk.open).toBe(0)
    }))
  })
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { planVoluntary } from '../../../src/content/index.ts'

test('a plan fits the room, and once it is done there is nothing more to do', () => {
  const things = fc.uniqueArray(fc.record({ key: fc.integer({ min: 0x1000, max: 0xffff }).map(number => number.toString(16)), copies: fc.nat(5), bytes: fc.integer({ min: 1, max: 50 }), held: fc.boolean() }), { selector: ({ key }) => key, maxLength: 30 })
  fc.assert(fc.property(things, fc.nat(300), fc.integer({ min: 0, max: 40 }), (some, bytesOfRoom, most) => {
    const room = { bytes: bytesOfRoom, things: most }
    const all = some.map(each => ({ ...each, rank: each.key }))
    const { fetch, drop, keep } = planVoluntary(all, room)
    const after = all.map(each => ({ ...each, held: each.held ? !drop.includes(each.key) : fetch.includes(each.key) }))
    expect(after.filter(({ held }) => held).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(room.bytes)
    expect(new Set(keep)).toEqual(new Set(after.filter(({ held }) => held).map(({ key }) => key)))
    expect(keep.length).toBeLessThanOrEqual(room.things)
    const copies = new Map(all.map(each => [each.key, each.copies]))
    const before = all.filter(({ held }) => held)
    const fits = before.reduce((sum, { bytes }) => sum + bytes, 0) <= room.bytes && before.length <= room.things
    if (fits && drop.length > 0) expect(Math.min(...drop.map(key => copies.get(key)!))).toBeGreaterThan(Math.min(...fetch.map(key => copies.get(key)!)))
    const next = planVoluntary(after, room)
    expect(next.drop.filter(key => fetch.includes(key))).toEqual([])
    for (let passes = 0, now = after; ; passes++) {
      const plan = planVoluntary(now, room)
      if (plan.fetch.length + plan.drop.length === 0) break
      expect(passes).toBeLessThan(2 * all.length)
      now = now.map(each => ({ ...each, held: each.held ? !plan.drop.includes(each.key) : plan.fetch.includes(each.key) }))
    }
  }), { numRuns: 500 })
})

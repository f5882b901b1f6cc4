import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { planVoluntary, volunteerRank, type Voluntary } from '../../../src/content/index.ts'

const thing = (key: string, copies: number, bytes = 10, held = false): Voluntary => ({ key, copies, bytes, rank: key, held })

test('what has the fewest copies comes first, then what ranks lowest, as far as there is room', () => {
  const all = [thing('d', 3), thing('b', 1), thing('c', 2), thing('a', 1)]
  expect(planVoluntary(all, 30)).toEqual({ fetch: ['a', 'b', 'c'], drop: [] })
  expect(planVoluntary([thing('large', 1, 31), thing('small', 5, 30)], 30)).toEqual({ fetch: ['small'], drop: [] })
  expect(planVoluntary(all, 9)).toEqual({ fetch: [], drop: [] })
})

test('what is held goes for rarer things alone, the most common first', () => {
  const held = [thing('a', 2, 10, true), thing('b', 4, 10, true), thing('c', 3, 10, true)]
  expect(planVoluntary([...held, thing('new', 2)], 30)).toEqual({ fetch: ['new'], drop: ['b'] })
  expect(planVoluntary([...held, thing('new', 1, 20)], 30)).toEqual({ fetch: ['new'], drop: ['c', 'b'] })
  expect(planVoluntary([...held, thing('new', 4)], 30)).toEqual({ fetch: [], drop: [] })
  expect(planVoluntary([...held, thing('new', 3, 20)], 30)).toEqual({ fetch: [], drop: [] }) // it would take one that is as rare
})

test('where the room became less, the most common go', () => {
  expect(planVoluntary([thing('a', 2, 10, true), thing('b', 4, 10, true), thing('c', 4, 10, true)], 10)).toEqual({ fetch: [], drop: ['b', 'c'] })
})

test('a plan fits the room, and once it is done there is nothing more to do', () => {
  const things = fc.uniqueArray(fc.record({ key: fc.integer({ min: 0x1000, max: 0xffff }).map(number => number.toString(16)), copies: fc.nat(5), bytes: fc.integer({ min: 1, max: 50 }), held: fc.boolean() }), { selector: ({ key }) => key, maxLength: 30 })
  fc.assert(fc.property(things, fc.nat(300), (some, room) => {
    const all = some.map(each => ({ ...each, rank: each.key }))
    const { fetch, drop } = planVoluntary(all, room)
    const after = all.map(each => ({ ...each, held: each.held ? !drop.includes(each.key) : fetch.includes(each.key) }))
    expect(after.filter(({ held }) => held).reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(room)
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

test('ranks are SHA-256 of content id and volunteer, so that each begins elsewhere', () => {
  const cid = '01'.repeat(32)
  expect(volunteerRank(cid, 'me')).toBe(createHash('sha256').update(Buffer.from(cid, 'hex')).update('me').digest('hex'))
})

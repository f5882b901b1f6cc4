import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { planVoluntary, volunteerRank, type Voluntary } from '../../../src/content/index.ts'

const thing = (key: string, copies: number, bytes = 10, held = false): Voluntary => ({ key, copies, bytes, rank: key, held })
const plan = (all: readonly Voluntary[], bytes: number, things = 100) => planVoluntary(all, { bytes, things })

test('what has the fewest copies comes first, then what ranks lowest, as far as there is room', () => {
  const all = [thing('d', 3), thing('b', 1), thing('c', 2), thing('a', 1)]
  expect(plan(all, 30)).toEqual({ fetch: ['a', 'b', 'c'], drop: [], keep: ['a', 'b', 'c'] })
  expect(plan([thing('large', 1, 31), thing('small', 5, 30)], 30)).toEqual({ fetch: ['small'], drop: [], keep: ['small'] })
  expect(plan(all, 9)).toEqual({ fetch: [], drop: [], keep: [] })
})

test('what is held goes for rarer things alone, the most common first', () => {
  const held = [thing('a', 2, 10, true), thing('b', 4, 10, true), thing('c', 3, 10, true)]
  expect(plan([...held, thing('new', 2)], 30)).toEqual({ fetch: ['new'], drop: ['b'], keep: ['a', 'new', 'c'] })
  expect(plan([...held, thing('new', 1, 20)], 30)).toEqual({ fetch: ['new'], drop: ['c', 'b'], keep: ['new', 'a'] })
  expect(plan([...held, thing('new', 4)], 30)).toEqual({ fetch: [], drop: [], keep: ['a', 'c', 'b'] })
  expect(plan([...held, thing('new', 3, 20)], 30)).toMatchObject({ fetch: [], drop: [] }) // it would take one that is as rare
  expect(plan([...held, thing('0', 3)], 30)).toMatchObject({ fetch: ['0'], drop: ['b'] })
  expect(plan([...held.slice(0, 1), thing('0', 2)], 10)).toMatchObject({ fetch: [], drop: [] }) // a lower rank alone is no reason
})

test('where the room became less, the most common go', () => {
  expect(plan([thing('a', 2, 10, true), thing('b', 4, 10, true), thing('c', 4, 10, true)], 10)).toEqual({ fetch: [], drop: ['b', 'c'], keep: ['a'] })
})

test('of so many things at most: a place goes for something rarer as room does', () => {
  const held = [thing('a', 2, 10, true), thing('b', 4, 10, true)]
  expect(plan([thing('d', 3), thing('b', 1), thing('a', 1)], 100, 2)).toEqual({ fetch: ['a', 'b'], drop: [], keep: ['a', 'b'] })
  expect(plan([...held, thing('new', 4, 1)], 100, 2)).toMatchObject({ fetch: [], drop: [] })
  expect(plan([...held, thing('new', 3, 1)], 100, 2)).toEqual({ fetch: ['new'], drop: ['b'], keep: ['a', 'new'] })
  expect(plan(held, 100, 1)).toEqual({ fetch: [], drop: ['b'], keep: ['a'] })
  expect(plan(held, 100, 0)).toEqual({ fetch: [], drop: ['a', 'b'], keep: [] })
})

test('one content published twice is two things, in the same order whichever comes first', () => {
  const twice = [{ ...thing('x/one', 1), rank: 'r' }, { ...thing('x/two', 1), rank: 'r' }]
  for (const all of [twice, twice.toReversed()]) expect(plan(all, 10)).toEqual({ fetch: ['x/one'], drop: [], keep: ['x/one'] })
})

test('ranks are SHA-256 of content id and volunteer, so that each begins elsewhere', () => {
  const [cid, me] = ['01'.repeat(32), new Uint8Array([1, 2, 3])]
  expect(volunteerRank(cid, me)).toBe(createHash('sha256').update(Buffer.from(cid, 'hex')).update(me).digest('hex'))
})

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

test('ranks are SHA-256 of content id and volunteer, so that each begins elsewhere', () => {
  const cid = '01'.repeat(32)
  expect(volunteerRank(cid, 'me')).toBe(createHash('sha256').update(Buffer.from(cid, 'hex')).update('me').digest('hex'))
})

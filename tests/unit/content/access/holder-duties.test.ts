import { expect, test } from 'vitest'
import { holderDuties, type KeptName } from '../../../../src/content/index.ts'

const name = (i: number) => ({ cid: String(i).repeat(64), owner: 'T' })
const kept = (i: number, more: Partial<KeptName> = {}): KeptName => ({ ...name(i), purpose: 'holder', missing: null, ...more })
const nothing = { fetch: [], mark: [], drop: [] }

test('what is listed and not here is fetched, what is both is left alone', () => {
  expect(holderDuties([name(1), name(2)], [kept(1)], 100, 10)).toEqual({ ...nothing, fetch: [name(2)] })
  expect(holderDuties([], [], 0, 10)).toEqual(nothing)
})

test('who is removed keeps a key for an epoch, and then no longer', () => {
  expect(holderDuties([], [kept(1)], 100, 10)).toEqual({ ...nothing, mark: [kept(1, { missing: 100 })] })
  expect(holderDuties([], [kept(1, { missing: 100 })], 109, 10)).toEqual(nothing)
  expect(holderDuties([], [kept(1, { missing: 100 })], 110, 10)).toEqual({ ...nothing, drop: [name(1)] })
})

test('who is named again begins anew; so does the count where the safety root went back', () => {
  expect(holderDuties([name(1)], [kept(1, { missing: 100 })], 105, 10)).toEqual({ ...nothing, mark: [kept(1)] })
  expect(holderDuties([], [kept(1, { missing: 100 })], 90, 10)).toEqual({ ...nothing, mark: [kept(1, { missing: 90 })] })
})

test('the owner and readers keep theirs', () => {
  expect(holderDuties([], [kept(1, { purpose: 'recover' }), kept(2, { purpose: 'access' })], 1000, 10)).toEqual(nothing)
})

import { expect, test } from 'vitest'
import { addressBytes, limits } from '../../../src/base/index.ts'
import { volunteerRank } from '../../../src/content/index.ts'
import { chooseSamaritan } from '../../../src/peer/samaritan.ts'
import type { IndexedUpload } from '../../../src/peer/upload-index.ts'
import { alice, bob, carol, cidOf } from '../../support/duties.ts'

const upload = (name: string, change: Partial<IndexedUpload> = {}): IndexedUpload => ({
  cid: cidOf(name), owner: alice, kind: 'audio', title: name, about: '', tags: [], block: 1, bytes: 100, protected: true, copies: 0, withdrawn: false, until: 1_000, asks: null, taken: [], ...change,
})
const choose = (uploads: readonly IndexedUpload[], change: Partial<Parameters<typeof chooseSamaritan>[1]> = {}) =>
  chooseSamaritan(uploads, { space: 1_000, whose: 'public', follows: [], me: carol, may: () => true, promised: new Set(), held: new Set(), ...change }).map(({ title }) => title)

test('whose files, as the person chose', () => {
  const all = [upload('locked'), upload('open', { protected: false, copies: 1 }), upload('own', { owner: carol }), upload('followed', { owner: bob, protected: false, copies: 2 })]
  expect(choose(all)).toEqual(['locked', 'open', 'followed'])
  expect(choose(all, { whose: 'protected' })).toEqual(['locked'])
  expect(choose(all, { whose: 'protected', follows: [bob] })).toEqual(['locked', 'followed'])
  expect(choose(all, { whose: 'followed', follows: [bob] })).toEqual(['followed'])
  expect(choose(all, { whose: 'fetched', follows: [bob] })).toEqual([])
  expect(choose(all, { space: 0 })).toEqual([])
})

test('those with the fewest copies first, then otherwise for each account, as far as there is space', () => {
  const all = Array.from({ length: 40 }, (_, i) => upload(`song ${i}`, { copies: i < 5 ? 0 : 1 }))
  const mine = choose(all)
  expect(mine).toHaveLength(10)
  expect(new Set(mine.slice(0, 5))).toEqual(new Set(all.slice(0, 5).map(({ title }) => title)))
  expect(choose(all.toReversed())).toEqual(mine)
  expect(choose(all, { me: bob })).not.toEqual(mine)
  expect(choose([upload('large', { bytes: 1_001 }), upload('small')])).toEqual(['small'])
})

test('nothing that was promised, or that the person speaks against', () => {
  const all = [upload('one'), upload('two')]
  expect(choose(all, { promised: new Set([`${all[0]!.cid}/${alice}`]) })).toEqual(['two'])
  expect(choose(all, { may: ({ title }) => title === 'one' })).toEqual(['one'])
})

test('what is here already goes for what is rarer alone, and only as far as it has to', () => {
  const all = [upload('a', { copies: 1 }), upload('b', { copies: 3 }), upload('c', { copies: 1 })]
  const here = (...names: readonly string[]) => ({ space: 200, held: new Set(names.map(cidOf)) })
  const rarest = choose(all, { space: 200 })
  expect(new Set(rarest)).toEqual(new Set(['a', 'c']))
  expect(new Set(choose(all, here('a', 'b')))).toEqual(new Set(['a', 'c'])) // rarer than b
  const other = upload('d', { copies: 1 })
  expect(new Set(choose([...all, other], here('a', 'c')))).toEqual(new Set(['a', 'c'])) // as rare, whatever its rank
  expect(new Set(choose([...all, other], here('d', 'c')))).toEqual(new Set(['d', 'c']))
  const [now, then] = [choose(all, here('b')), choose(all, here('a', 'b'))]
  expect(now).toEqual(then)
  expect(choose(all.slice(1, 2), { ...here('b'), may: () => false })).toEqual([])
})

test('ranked by the account’s own bytes, and no more uploads than the limit', () => {
  const all = Array.from({ length: limits.samaritanUploads + 20 }, (_, i) => upload(`song ${i}`, { bytes: 1 }))
  const mine = choose(all, { space: 1e9 })
  expect(mine.length).toBe(limits.samaritanUploads)
  const rank = ({ cid }: IndexedUpload): string => volunteerRank(cid, addressBytes(carol)!)
  expect(mine).toEqual(all.toSorted((a, b) => rank(a) < rank(b) ? -1 : 1).slice(0, limits.samaritanUploads).map(({ title }) => title))
})

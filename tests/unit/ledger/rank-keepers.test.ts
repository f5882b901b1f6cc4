import { describe, expect, test } from 'vitest'
import { addressOfBytes, sha256, utf8 } from '../../../src/base/index.ts'
import { rankKeepers, type Candidate } from '../../../src/ledger/index.ts'

const address = (name: string): string => addressOfBytes(sha256(utf8(name)).slice(0, 20))
const keeper = (name: string, change: Partial<Candidate> = {}): Candidate => ({ address: address(name), room: 1e9, periods: 10, proved: 10, asked: 0, answered: 0, relays: [], ...change })
const crowd = (count: number, change: Partial<Candidate> = {}): Candidate[] => Array.from({ length: count }, (_, i) => keeper(`keeper ${i}`, change))
const owners = Array.from({ length: 400 }, (_, i) => address(`owner ${i}`))

/** How often each is among the first `count` of the owners. */
function wins(candidates: readonly Candidate[], count: number): ReadonlyMap<string, number> {
  const won = new Map<string, number>(candidates.map(each => [each.address, 0]))
  for (const owner of owners) for (const { address: each } of rankKeepers(owner, candidates, 1_000).slice(0, count)) won.set(each, won.get(each)! + 1)
  return won
}

describe('keepers are ranked', () => {
  test('the same for the same account, whatever order they come in, and otherwise for others', () => {
    const all = crowd(20)
    const order = (owner: string, list: readonly Candidate[]): readonly string[] => rankKeepers(owner, list, 1_000).map(each => each.address)
    expect(order(owners[0]!, all.toReversed())).toEqual(order(owners[0]!, all))
    expect(order(owners[1]!, all)).not.toEqual(order(owners[0]!, all))
    expect(new Set(order(owners[0]!, all)).size).toBe(20)
    const less = order(owners[0]!, all).filter((_, i) => i !== 3)
    expect(order(owners[0]!, all.filter(each => each.address !== order(owners[0]!, all)[3]))).toEqual(less) // who goes moves nobody else
  })

  test('evenly where they are alike', () => {
    const won = [...wins(crowd(10), 3).values()]
    for (const times of won) expect(times).toBeGreaterThan(80) // 120 on average
    for (const times of won) expect(times).toBeLessThan(160)
  })

  test('by long service, by pieces that were given, and by room', () => {
    const [long, fresh] = [keeper('long', { periods: 30, proved: 30 }), keeper('fresh', { periods: 0, proved: 0 })]
    const first = (...two: readonly [Candidate, Candidate]): number => wins(two, 1).get(two[0].address)!
    expect(first(long, fresh)).toBeGreaterThan(280) // four of five
    expect(first(long, fresh)).toBeLessThan(360)
    expect(first(keeper('missed', { periods: 30, proved: 15 }), long)).toBeLessThan(180)
    expect(first(keeper('silent', { asked: 9, answered: 0 }), keeper('speaking', { asked: 9, answered: 9 }))).toBeLessThan(80)
    expect(first(keeper('full', { room: 1_000 }), keeper('empty'))).toBeLessThan(130)
  })

  test('through different relays as long as there are any', () => {
    const all = [...crowd(6, { relays: ['one'] }), keeper('other', { relays: ['two'] }), keeper('unknown')]
    for (const owner of owners.slice(0, 20)) {
      const relays = rankKeepers(owner, all, 1_000).map(each => each.relays.join())
      expect(new Set(relays.slice(0, 3))).toEqual(new Set(['one', 'two', '']))
      expect(relays).toHaveLength(8)
    }
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ActiveSets, type ActiveSet } from '../../../../src/ledger/head/active-set.ts'
import { forkOf, type HeaderRecord } from '../../../../src/ledger/head/header-chain.ts'
import { support, outweighs, weight } from '../../../../src/ledger/head/support.ts'
import { Chains } from './chains.ts'

const none = new Map<string, bigint>()
const rules = { epoch: 4, window: 12, genesisPowers: none }
const said = (set: ActiveSet | null) => set === null ? null : { ...Object.fromEntries(set.weights), total: set.total }

/** V(n) as it is written: walks to the boundary and counts the window, block by block. */
function plainly(chains: Chains, root: string, { epoch, window, genesisPowers }: typeof rules): ActiveSet {
  const blocks: HeaderRecord[] = []
  for (let at = chains.record(root); at !== null && at.parent !== null; at = chains.record(at.parent)) blocks.unshift(at)
  const n = blocks.length + 1
  const boundary = Math.max(0, (Math.floor(n / epoch) - 1) * epoch)
  const counted = n >= 2 * epoch ? blocks.slice(0, boundary).slice(-window) : genesisPowers.size > 0 ? [] : blocks
  const weights = n >= 2 * epoch ? new Map<string, bigint>() : new Map(genesisPowers)
  for (const { header: { miner } } of counted) weights.set(miner, (weights.get(miner) ?? 0n) + 1n)
  return { weights, total: [...weights.values()].reduce((sum, each) => sum + each, 0n) }
}

describe('the active set', () => {
  test('is that of the specification, at every block of branching chains', () => {
    const step = fc.record({ back: fc.nat(6), count: fc.nat(9), miners: fc.array(fc.constantFrom('Tann', 'Tben', 'Tcy', 'Tdee'), { minLength: 1, maxLength: 5 }) })
    const powers = fc.constantFrom(none, new Map([['Teve', 5n], ['Tann', 1n]]))
    fc.assert(fc.property(fc.array(step, { maxLength: 8 }), powers, fc.constantFrom([4, 12], [4, 4], [1, 3], [5, 10]), (steps, genesisPowers, [epoch, window]) => {
      const chains = new Chains()
      const given = { epoch, window, genesisPowers }
      const sets = new ActiveSets(chains, given)
      let tip = chains.genesis
      for (const { back, count, miners } of steps) {
        for (let i = 0; i < back; i++) tip = tip.parent === null ? tip : chains.record(tip.parent)!
        for (let i = 0; i < count; i++) {
          tip = chains.child(tip, { miner: miners[i % miners.length]! })
          expect(said(sets.after(tip.root))).toEqual(said(plainly(chains, tip.root, given)))
        }
      }
      expect(said(sets.after(tip.root))).toEqual(said(plainly(chains, tip.root, given)))
    }), { numRuns: 200 })
  })

  test('begins with the powers of the genesis, or with whoever mines, and turns at the second epoch', () => {
    const chains = new Chains()
    const withPowers = new ActiveSets(chains, { ...rules, genesisPowers: new Map([['Teve', 5n], ['Tzero', 0n]]) })
    const without = new ActiveSets(chains, rules)
    expect(said(withPowers.after('genesis'))).toEqual({ Teve: 5n, total: 5n })
    expect(said(without.after('genesis'))).toEqual({ total: 0n })
    const six = chains.grow(chains.genesis, 6, ['Tann', 'Tben', 'Tann', 'Tann', 'Tcy', 'Tcy'])
    expect(said(withPowers.after(six.root))).toEqual({ Teve: 5n, total: 5n }) // n = 7
    expect(said(without.after(six.root))).toEqual({ Tann: 3n, Tben: 1n, Tcy: 2n, total: 6n })
    const seven = chains.child(six, { miner: 'Tdee' })
    for (const sets of [withPowers, without]) expect(said(sets.after(seven.root))).toEqual({ Tann: 3n, Tben: 1n, total: 4n }) // n = 8: blocks 1 to 4
  })

  test('two branches of one epoch share it, a branch that is older has its own', () => {
    const chains = new Chains()
    const sets = new ActiveSets(chains, rules)
    const trunk = chains.grow(chains.genesis, 9, ['Tann'])
    const [left, right] = [chains.grow(trunk, 2, ['Tben']), chains.grow(trunk, 2, ['Tcy'])]
    expect(sets.after(left.root)).toBe(sets.after(right.root))
    expect(said(sets.after(chains.grow(left, 6).root))).toMatchObject({ Tben: 2n })
    expect(said(sets.after(chains.grow(right, 6).root))).toMatchObject({ Tcy: 2n })
  })

  test('a header is looked at a few times, however often it is asked', () => {
    const chains = new Chains()
    const sets = new ActiveSets(chains, { epoch: 36, window: 252, genesisPowers: none })
    let tip = chains.grow(chains.genesis, 1000, ['Tann', 'Tben', 'Tcy'])
    sets.after(tip.root)
    chains.looks = 0
    for (let i = 0; i < 1000; i++) {
      tip = chains.child(tip, { miner: 'Tann' })
      for (let ask = 0; ask < 10; ask++) expect(sets.after(tip.root)?.total).toBe(252n)
    }
    expect(chains.looks / 10_000).toBeLessThan(3)
  })

  test('what was counted outlives its headers; what was not is not guessed', () => {
    const chains = new Chains()
    const sets = new ActiveSets(chains, rules)
    const old = chains.grow(chains.genesis, 21, ['Tann', 'Tben'])
    const counted = said(sets.after(old.root))
    const tip = chains.grow(old, 3)
    chains.prune(20)
    expect(said(sets.after(old.root))).toEqual(counted)
    expect(said(sets.after(tip.root))).toEqual({ Tann: 6n, Tben: 6n, total: 12n }) // n = 25: blocks 9 to 20
    expect(new ActiveSets(chains, rules).after(tip.root)).toBeNull()
    expect(sets.after('nobody')).toBeNull()
    const early = new Chains()
    const five = early.grow(early.genesis, 5)
    early.prune(3)
    expect(new ActiveSets(early, rules).after(five.root)).toBeNull()
  })

  test('a window of broken epochs is refused', () => {
    for (const [epoch, window] of [[4, 10], [4, 0], [0, 0], [8, 4]]) expect(() => new ActiveSets(new Chains(), { epoch: epoch!, window: window!, genesisPowers: none })).toThrow(expect.objectContaining({ code: 'bad-input' }))
  })
})

describe('support', () => {
  const active = (weights: Readonly<Record<string, bigint>>): ActiveSet => ({ weights: new Map(Object.entries(weights)), total: Object.values(weights).reduce((sum, each) => sum + each, 0n) })
  const side = (...miners: readonly (readonly [string, number])[]) => {
    const chains = new Chains()
    const tip = chains.grow(chains.genesis, miners.reduce((sum, [, count]) => sum + count, 0), miners.flatMap(([miner, count]) => Array.from({ length: count }, () => miner)))
    const fork = forkOf(chains, tip, chains.genesis, 0)
    if (typeof fork === 'string') throw new Error(fork)
    return fork.left
  }

  test('of each miner no more than one and a half times its share, rounded up', () => {
    const half = active({ Tann: 50n, Tben: 50n })
    expect(support(side(['Tann', 15]), 20, half)).toBe(15n) // ceil(3 * 50 * 20 / 200) = 15
    expect(support(side(['Tann', 16]), 20, half)).toBe(15n)
    expect(support(side(['Tann', 16]), 21, half)).toBe(16n) // 15.75
    expect(support(side(['Tann', 17]), 21, half)).toBe(16n)
    expect(support(side(['Tann', 16], ['Tben', 3]), 20, half)).toBe(18n)
  })

  test('nothing for who was not active, nor where nobody was', () => {
    expect(support(side(['Tcy', 20], ['Tann', 1]), 21, active({ Tann: 1n, Tcy: 0n }))).toBe(1n)
    expect(support(side(['Tann', 20]), 20, active({}))).toBe(0n)
    expect(support([], 20, active({ Tann: 1n }))).toBe(0n)
  })

  test('powers of a genesis may be as large as they like', () => {
    expect(support(side(['Tann', 20]), 20, active({ Tann: 2n ** 63n, Tben: 2n ** 63n * 29n }))).toBe(1n)
  })

  test('weight is that of each miner once', () => {
    expect(weight(side(['Tann', 3], ['Tben', 1], ['Tann', 2], ['Tdee', 9]), active({ Tann: 5n, Tben: 7n, Tcy: 11n }))).toBe(12n)
    expect(weight([], active({ Tann: 5n }))).toBe(0n)
  })

  test('a voted root is outweighed by more support and more than half of the weight, not by one of them', () => {
    const [base] = side(['Tann', 1])
    const fork = (left: ReturnType<typeof side>, right: ReturnType<typeof side>) => ({ base: base!, left, right, depth: Math.max(left.length, right.length) })
    const even = active({ Tann: 50n, Tben: 50n })
    const tilted = active({ Tann: 51n, Tben: 49n })
    expect(outweighs(fork(side(['Tann', 15]), side(['Tben', 11])), even)).toBe(false) // 50 of 100 is not more than half
    expect(outweighs(fork(side(['Tann', 15]), side(['Tben', 11])), tilted)).toBe(true)
    expect(outweighs(fork(side(['Tann', 15]), side(['Tben', 12])), tilted)).toBe(false) // 12 each: as much support is not more
    expect(outweighs(fork(side(['Tann', 1], ['Tben', 1]), side(['Tben', 3])), even)).toBe(false) // all of the weight, less support
  })
})

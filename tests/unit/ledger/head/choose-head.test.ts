import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ActiveSets } from '../../../../src/ledger/head/active-set.ts'
import { judgeCandidate, type HeadVerdict } from '../../../../src/ledger/head/choose-head.ts'
import { compareTips } from '../../../../src/ledger/head/compare-tips.ts'
import { forkOf, type HeaderRecord } from '../../../../src/ledger/head/header-chain.ts'
import { keptPending } from '../../../../src/ledger/head/pending.ts'
import { Chains, rescue, type Wish } from './chains.ts'

const rules = { short: 12, range: 60, rescue }
const activeRules = { epoch: 12, window: 84, genesisPowers: new Map<string, bigint>() }
const three = ['Tann', 'Tben', 'Tcy']

describe('tips', () => {
  const chains = new Chains()
  const parent = chains.child(chains.genesis)
  const compare = (a: Wish, b: Wish) => {
    const [tipA, tipB] = [chains.child(parent, a), chains.child(parent, b)]
    const order = compareTips(chains, tipA, tipB, rescue)
    expect(Math.sign(compareTips(chains, tipB, tipA, rescue))).toBe(-Math.sign(order))
    return Math.sign(order)
  }

  test('more difficulty before all else', () => {
    expect(compare({ work: 101n, interval: 1700n, hit: 9n }, { work: 100n, interval: 1n, hit: 1n, signature: 9 })).toBe(1)
    expect(compare({ work: 2n ** 63n + 1n }, { work: 2n ** 63n, signature: 1 })).toBe(1) // no double tells them apart
  })

  test('then the earlier rank time', () => {
    expect(compare({ interval: 299n, hit: 9n }, { interval: 300n, hit: 1n })).toBe(1)
    expect(compare({ interval: 1800n, hit: 9n }, { interval: 1801n, hit: 9n, signature: 1 })).toBe(1) // the deadline, both at 1,800
    // A rescue block does not gain by being early, nor by an interval that is over.
    expect(compare({ interval: 5000n, hit: 1n, power: 1n, elapsed: 9000 }, { interval: 4000n, hit: 2n, power: 1n, elapsed: 1800 })).toBe(1)
    expect(compare({ interval: 1500n, elapsed: 7000, hit: 9n }, { interval: 5000n, elapsed: 1800, hit: 1n })).toBe(1)
  })

  test('then the lower hit for the power', () => {
    expect(compare({ hit: 10n, power: 3n }, { hit: 7n, power: 2n })).toBe(1) // 3.33 against 3.5
    expect(compare({ hit: 10n, power: 3 }, { hit: 10n, power: 2n })).toBe(1)
    expect(compare({ hit: 2n ** 64n, power: 1_000_003n }, { hit: 2n ** 64n + 1n, power: 1_000_003n, signature: 1 })).toBe(1)
  })

  test('then the deadline before any later time of the same miner, but no rescue before another', () => {
    expect(compare({ interval: 1500n, hit: 1n }, { interval: 1500n, hit: 1n, elapsed: 1800, signature: 9 })).toBe(1)
    expect(compare({ interval: 5000n, hit: 1n, elapsed: 1800, signature: 1 }, { interval: 5000n, hit: 1n, elapsed: 1900, signature: 2 })).toBe(-1)
  })

  test('then the higher signature', () => {
    expect(compare({ signature: 2 }, { signature: 1 })).toBe(1)
    expect(compare({ signature: 200 }, { signature: 100 })).toBe(1)
    const tip = chains.child(parent)
    expect(compareTips(chains, tip, tip, rescue)).toBe(0)
    expect(compareTips(chains, tip, chains.genesis, rescue)).toBe(1)
  })

  test('siblings lie in one order', () => {
    const wish = fc.record({ work: fc.constantFrom(1n, 2n), interval: fc.constantFrom(100n, 1500n, 1800n, 2500n, 4000n), hit: fc.constantFrom(1n, 2n, 3n), power: fc.constantFrom(1n, 2n, 3), signature: fc.nat(255), late: fc.constantFrom(false, true) })
    const made = ({ late, ...wished }: Wish & { late: boolean }) => chains.child(parent, { ...wished, ...late ? { elapsed: 1850 } : {} })
    fc.assert(fc.property(wish, wish, wish, (a, b, c) => {
      const [tipA, tipB, tipC] = [made(a), made(b), made(c)]
      const order = (x: HeaderRecord, y: HeaderRecord) => compareTips(chains, x, y, rescue)
      expect(Math.sign(order(tipA, tipB))).toBe(0 - Math.sign(order(tipB, tipA)))
      if (order(tipA, tipB) > 0 && order(tipB, tipC) > 0) expect(order(tipA, tipC)).toBeGreaterThan(0)
    }), { numRuns: 500 })
  })
})

describe('forks', () => {
  const chains = new Chains()
  const base = chains.grow(chains.genesis, 20)
  const fork = (a: HeaderRecord, b: HeaderRecord, most: number) => {
    const found = forkOf(chains, a, b, most)
    return typeof found === 'string' ? found : { base: found.base.header.number, left: found.left.length, right: found.right.length, depth: found.depth }
  }

  test('as deep as the longer side, and no deeper than was asked for', () => {
    const [left, right] = [chains.grow(base, 3), chains.grow(base, 7)]
    expect(fork(left, right, 7)).toEqual({ base: 20, left: 3, right: 7, depth: 7 })
    expect(fork(right, left, 7)).toEqual({ base: 20, left: 7, right: 3, depth: 7 })
    expect(fork(left, right, 6)).toBe('too-deep')
    expect(fork(right, left, 6)).toBe('too-deep')
  })

  test('a descendant is none, however far it is ahead', () => {
    const far = chains.grow(base, 100)
    expect(fork(far, base, 0)).toEqual({ base: 20, left: 100, right: 0, depth: 100 })
    expect(fork(base, far, 0)).toEqual({ base: 20, left: 0, right: 100, depth: 100 })
    expect(fork(base, base, 0)).toEqual({ base: 20, left: 0, right: 0, depth: 0 })
  })

  test('below what is at hand nothing is known', () => {
    const pruned = new Chains()
    const old = pruned.grow(pruned.genesis, 5)
    const [left, right] = [pruned.grow(old, 5), pruned.grow(old, 5)]
    pruned.prune(6)
    expect(forkOf(pruned, left, right, 100)).toBe('headers-missing')
    const other = new Chains()
    expect(forkOf(other, { ...other.genesis, root: 'another genesis' }, other.genesis, 100)).toBe('headers-missing')
  })
})

describe('the choice of a head', () => {
  /** Thirty blocks by three miners, then two sides of their own. */
  function setting(head: readonly [number, readonly string[], Wish?], candidate: readonly [number, readonly string[], Wish?], safeNumber = 0, trunk = 30): HeadVerdict {
    const chains = new Chains()
    const base = chains.grow(chains.genesis, trunk, three)
    const [headTip, candidateTip] = [chains.grow(base, ...head), chains.grow(base, ...candidate)]
    return judgeCandidate({ candidate: candidateTip, head: headTip, safeNumber }, { chain: chains, active: new ActiveSets(chains, activeRules), rules })
  }
  const moved = { verdict: 'switch', safe: null }
  const kept = { verdict: 'keep' }
  const heavy = { work: 1000n }

  test('a descendant wins and an ancestor does not, beyond all ranges', () => {
    const chains = new Chains()
    const old = chains.grow(chains.genesis, 5)
    const tip = chains.grow(old, 200)
    const around = { chain: chains, active: new ActiveSets(chains, activeRules), rules }
    expect(judgeCandidate({ candidate: tip, head: old, safeNumber: 5 }, around)).toEqual(moved)
    expect(judgeCandidate({ candidate: old, head: tip, safeNumber: 5 }, around)).toEqual(kept)
    expect(judgeCandidate({ candidate: tip, head: tip, safeNumber: 5 }, around)).toEqual(kept)
  })

  test('12 deep difficulty decides, 13 deep support does', () => {
    // Somebody who slept makes the heavier side; those who were awake make the other.
    expect(setting([12, three], [12, ['Tsleeper'], heavy])).toEqual(moved)
    expect(setting([13, three], [13, ['Tsleeper'], heavy])).toEqual(kept)
    expect(setting([12, ['Tsleeper'], heavy], [12, three])).toEqual(kept)
    expect(setting([13, ['Tsleeper'], heavy], [13, three])).toEqual(moved)
    // The depth is that of the longer side, whichever it is.
    expect(setting([12, three], [1, ['Tsleeper'], { work: 100_000n }])).toEqual(moved)
    expect(setting([13, three], [1, ['Tsleeper'], { work: 100_000n }])).toEqual(kept)
    expect(setting([1, ['Tsleeper'], { work: 100_000n }], [12, three])).toEqual(kept)
    expect(setting([1, ['Tsleeper'], { work: 100_000n }], [13, three])).toEqual(moved)
  })

  test('of equal support the tips decide, and what is no better stays out', () => {
    expect(setting([13, three], [13, three, { work: 101n }])).toEqual(moved)
    expect(setting([13, three, { work: 101n }], [13, three])).toEqual(kept)
    expect(setting([13, three], [13, three, { signature: 1 }])).toEqual(moved)
    expect(setting([13, three], [13, three])).toEqual(kept) // the very same in all that counts
    expect(setting([1, three], [1, three])).toEqual(kept)
    expect(setting([13, ['Tsleeper']], [13, ['Tother'], heavy])).toEqual(moved) // none at all on either side
  })

  test('one miner alone has no more than one and a half times its share', () => {
    // Of 14 blocks one of three gets ceil(3 * 14 / (2 * 3)) = 7.
    expect(setting([14, ['Tann'], heavy], [8, ['Tben', 'Tcy']])).toEqual(moved)
    expect(setting([14, ['Tann'], heavy], [7, ['Tben', 'Tcy']])).toEqual(kept)
  })

  test('as deep as the range it decides, deeper it does not', () => {
    expect(setting([60, ['Tsleeper'], heavy], [60, three])).toEqual(moved)
    expect(setting([61, ['Tsleeper'], heavy], [60, three])).toEqual({ verdict: 'alert', why: 'too-deep' })
    expect(setting([60, ['Tsleeper'], heavy], [61, three])).toEqual({ verdict: 'alert', why: 'too-deep' })
  })

  test('the voted root may lie at the fork, not above it', () => {
    expect(setting([3, ['Tann']], [4, ['Tben']], 30)).toEqual(moved)
    expect(setting([3, ['Tann']], [4, ['Tben']], 31)).toEqual({ verdict: 'alert', why: 'leaves-safe' })
    expect(setting([4, ['Tann']], [3, ['Tben']], 31)).toEqual(kept) // what is not better alarms nobody
    expect(setting([13, three], [13, ['Tsleeper'], heavy], 31)).toEqual(kept)
  })

  test('it is left for more support and more than half of the weight, and then lies at the fork', () => {
    const verdict = setting([3, ['Tann']], [4, ['Tben', 'Tcy']], 31)
    expect(verdict).toMatchObject({ verdict: 'switch', safe: { header: { number: 30 } } })
    expect(setting([13, ['Tann']], [13, ['Tben', 'Tcy']], 40)).toMatchObject({ verdict: 'switch', safe: { header: { number: 30 } } })
    expect(setting([2, ['Tann', 'Tben']], [2, ['Tben', 'Tcy'], heavy], 31)).toEqual({ verdict: 'alert', why: 'leaves-safe' }) // no more support
    expect(setting([14, ['Tben', 'Tcy'], heavy], [13, ['Tann']], 31)).toEqual(kept)
    expect(setting([61, ['Tann']], [60, ['Tben', 'Tcy']], 31)).toEqual({ verdict: 'alert', why: 'too-deep' })
  })

  test('without the headers that say who was active a deep fork is not decided', () => {
    const chains = new Chains()
    const base = chains.grow(chains.genesis, 100, three)
    const [head, candidate] = [chains.grow(base, 13, three), chains.grow(base, 13, three, heavy)]
    const [head12, candidate12] = [chains.grow(base, 12, three), chains.grow(base, 12, three, heavy)]
    chains.prune(95)
    const around = { chain: chains, active: new ActiveSets(chains, activeRules), rules }
    expect(judgeCandidate({ candidate, head, safeNumber: 0 }, around)).toEqual({ verdict: 'alert', why: 'headers-missing' })
    expect(judgeCandidate({ candidate: candidate12, head: head12, safeNumber: 0 }, around)).toEqual(moved)
    chains.prune(101)
    expect(judgeCandidate({ candidate: candidate12, head: head12, safeNumber: 0 }, around)).toEqual({ verdict: 'alert', why: 'headers-missing' })
  })

  test('no two heads are each better than the other', () => {
    const side = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.array(fc.constantFrom('Tann', 'Tben', 'Tcy', 'Tsleeper'), { minLength: 1, maxLength: 4 }), fc.record({ work: fc.constantFrom(50n, 100n, 300n), signature: fc.nat(3) }))
    fc.assert(fc.property(side, side, fc.integer({ min: 1, max: 40 }), (a, b, trunk) => {
      const verdicts = [setting(a, b, 0, trunk), setting(b, a, 0, trunk)].map(({ verdict }) => verdict)
      expect(verdicts).toContain('keep')
    }), { numRuns: 300 })
  })
})

describe('pending blocks', () => {
  const limits = { short: 12, pendingPerParent: 8, variants: 4, rescue }
  const chains = new Chains()
  const head = chains.grow(chains.genesis, 20)

  test('on each parent the best eight, of each miner four', () => {
    const one = Array.from({ length: 6 }, (_, i) => chains.child(head, { miner: 'Tone', interval: 100n, signature: i }))
    const others = Array.from({ length: 6 }, (_, i) => chains.child(head, { miner: `T${String(i)}`, interval: BigInt(200 + i) }))
    const kept = keptPending([...others, ...one], 20, chains, limits)
    expect(kept).toEqual([one[5], one[4], one[3], one[2], ...others.slice(0, 4)])
    expect(keptPending(kept, 20, chains, limits)).toEqual(kept)
    const sibling = chains.child(chains.record(head.parent!)!)
    expect(keptPending([...others, ...one, chains.child(sibling)], 20, chains, limits)).toHaveLength(9)
  })

  test('on parents no further below the head than a short fork', () => {
    const old = chains.grow(chains.genesis, 8)
    const record = chains.child(old)
    expect(keptPending([record], 20, chains, limits)).toEqual([record])
    expect(keptPending([record], 21, chains, limits)).toEqual([])
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HeaderRecord } from '../../../src/ledger/head/header-chain.ts'
import { ActiveSets, type Statement } from '../../../src/ledger/index.ts'
import { SafetyRounds, supportSince, voteCandidate } from '../../../src/sync/votes/safety.ts'
import { StatementBook } from '../../../src/sync/votes/statements.ts'
import { Chains } from '../ledger/head/chains.ts'
import { asChain, asLink, drift, network, says } from './votes-help.ts'

const miners = ['Tann', 'Tben', 'Tcy', 'Tdee']

/** A world that votes: chains, and what was said. */
class World {
  readonly chains = new Chains()
  readonly active: ActiveSets
  readonly said: Statement[] = []

  constructor(readonly range = 40, rules = { epoch: 4, window: 12, genesisPowers: new Map<string, bigint>() }) { this.active = new ActiveSets(this.chains, rules) }

  vote(head: HeaderRecord, now = 2_000_000): HeaderRecord | null {
    const statements = new StatementBook({ network, drift })
    statements.restore(this.said)
    return voteCandidate(asLink(head), { chain: asChain(this.chains), active: this.active, statements, range: this.range, now })
  }

  past(tip: HeaderRecord): HeaderRecord[] {
    const past: HeaderRecord[] = []
    for (let at: HeaderRecord | null = tip; at !== null; at = at.parent === null ? null : this.chains.record(at.parent)) past.push(at)
    return past
  }

  /** The candidate as the rule is written: each root of the head's chain, each miner, each step. */
  plainly(head: HeaderRecord, now: number): HeaderRecord | null {
    const past = this.past(head)
    const wordOf = (miner: string): HeaderRecord | null => {
      const mine = this.said.filter(each => each.miner === miner)
      const latest = mine.toSorted((a, b) => b.time - a.time)[0]
      const mined = past.find(({ header }) => header.miner === miner)
      if (latest !== undefined && latest.time <= now + drift && (mined === undefined || latest.time >= mined.header.time)) {
        const named = this.chains.record(latest.root)
        return named === null || named.header.time > latest.time || Math.abs(named.header.number - head.header.number) > this.range ? null : named
      }
      const parent = mined?.parent ?? null
      return parent === null ? null : this.chains.record(parent)
    }
    for (const candidate of past.filter(({ header }) => header.number >= head.header.number - this.range)) {
      const set = this.active.after(candidate.root)
      if (set === null || set.total === 0n) continue
      let weight = 0n
      for (const [miner, own] of set.weights) {
        const word = wordOf(miner)
        if (word !== null && this.past(word).some(({ root }) => root === candidate.root)) weight += own
      }
      if (3n * weight >= 2n * set.total) return candidate
    }
    return null
  }
}

describe('the candidate of a vote', () => {
  test('is that of the specification, on branching chains with any statements', () => {
    const step = fc.record({ back: fc.nat(7), count: fc.nat(9), miners: fc.array(fc.constantFrom(...miners), { minLength: 1, maxLength: 5 }) })
    const statement = fc.record({ miner: fc.constantFrom(...miners, 'Teve'), of: fc.nat(99), after: fc.constantFrom(-600, -1, 0, 1, 300, 600, 3_000), unknown: fc.nat(9) })
    const powers = fc.constantFrom(new Map<string, bigint>(), new Map([['Teve', 2n], ['Tann', 2n], ['Tben', 1n]]))
    let found = 0
    fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.array(statement, { maxLength: 7 }), powers, fc.constantFrom(3, 8, 60), fc.nat(99), fc.constantFrom(1_000, 20_000), (steps, said, genesisPowers, range, headAt, later) => {
      const world = new World(range, { epoch: 4, window: 12, genesisPowers })
      const all = [world.chains.genesis]
      let tip = world.chains.genesis
      for (const { back, count, miners: turns } of steps) {
        for (let i = 0; i < back; i++) tip = tip.parent === null ? tip : world.chains.record(tip.parent)!
        for (let i = 0; i < count; i++) all.push(tip = world.chains.child(tip, { miner: turns[i % turns.length]! }))
      }
      const times = new Set<string>()
      for (const { miner, of, after, unknown } of said) {
        const named = all[of % all.length]!
        const time = named.header.time + after
        if (times.has(`${miner} ${String(time)}`)) continue // nobody says two things at one time and is kept
        times.add(`${miner} ${String(time)}`)
        world.said.push(says(miner, unknown === 0 ? 'nobody knows' : named.root, time))
      }
      const head = all[headAt % all.length]!
      const now = head.header.time + later
      const candidate = world.vote(head, now)
      expect(candidate?.root).toBe(world.plainly(head, now)?.root)
      if (candidate !== null) found++
    }), { numRuns: 3_000 })
    expect(found).toBeGreaterThan(1_000)
  })

  test('without statements blocks speak for their parents', () => {
    const world = new World()
    const tip = world.chains.grow(world.chains.genesis, 20, ['Tann', 'Tben', 'Tcy'])
    expect(world.vote(tip)?.header.number).toBe(18) // blocks 20 and 19 speak for 19 and 18; two of three have them
    expect(world.vote(world.chains.genesis)).toBeNull()
  })

  test('a lone miner has its own word', () => {
    const world = new World()
    const tip = world.chains.grow(world.chains.genesis, 20)
    expect(world.vote(tip)?.header.number).toBe(19)
    world.said.push(says('Tann', tip.root, tip.header.time))
    expect(world.vote(tip)?.header.number).toBe(20)
  })

  test('two thirds of all weight, not of those who speak', () => {
    const world = new World(40, { epoch: 4, window: 12, genesisPowers: new Map([['Tann', 4n], ['Tben', 2n], ['Tcy', 3n]]) })
    const tip = world.chains.grow(world.chains.genesis, 5, ['Teve'])
    world.said.push(says('Tann', tip.root, tip.header.time))
    expect(world.vote(tip)).toBeNull()
    world.said.push(says('Tben', tip.root, tip.header.time))
    expect(world.vote(tip)?.root).toBe(tip.root) // 6 of 9
  })

  test('who went to another branch speaks for the block it left at, whatever it mined before', () => {
    const world = new World()
    const base = world.chains.grow(world.chains.genesis, 20, ['Tann', 'Tben', 'Tcy'])
    const head = world.chains.grow(base, 6, ['Tann', 'Tben', 'Tcy'])
    const other = world.chains.grow(base, 5, ['Tdee'])
    expect(world.vote(head)?.header.number).toBe(24)
    for (const miner of ['Tann', 'Tben']) world.said.push(says(miner, other.root, head.header.time))
    expect(world.vote(head)?.root).toBe(base.root)
    expect(world.vote(other)?.root).toBe(other.root)
  })

  test('costs what lies above it, however far back the chain goes and however many vote', () => {
    const names = Array.from({ length: 200 }, (_, i) => `T${String(i)}`)
    const world = new World(2_016, { epoch: 288, window: 2_016, genesisPowers: new Map() })
    const deep = world.chains.grow(world.chains.genesis, 3_000, names)
    const head = world.chains.grow(deep, 10, names)
    for (const miner of names) world.said.push(says(miner, deep.root, head.header.time))
    expect(world.vote(head)?.root).toBe(deep.root)
    const before = world.chains.looks
    world.vote(head)
    expect(world.chains.looks - before).toBeLessThan(300)
    // Each on a branch of its own, ten long: each block of those is met once.
    for (const miner of names) world.said.push(says(miner, world.chains.grow(deep, 10, [miner]).root, head.header.time + 1))
    expect(world.vote(head)?.root).toBe(deep.root)
    const branched = world.chains.looks
    world.vote(head)
    expect(world.chains.looks - branched).toBeLessThan(200 * 11 + 100)
  })
})

describe('rounds', () => {
  const chains = new Chains()
  const chain = asChain(chains)
  const blocks = [asLink(chains.genesis)]
  for (let i = 0; i < 10; i++) blocks.push(asLink(chains.child(blocks[i]!)))
  const side = asLink(chains.grow(blocks[5]!, 2))
  const after = (k: number, ...candidates: (typeof side | null)[]) => {
    const rounds = new SafetyRounds()
    for (const candidate of candidates) rounds.add(candidate)
    return rounds.next(blocks[k]!, chain)?.root ?? null
  }
  const at = (number: number) => blocks[number]!

  test('three on one chain: their lowest', () => {
    expect(after(0, at(5), at(7))).toBeNull()
    expect(after(0, at(5), at(7), at(6))).toBe(at(5).root)
    expect(after(0, at(9), at(7), at(8))).toBe(at(7).root)
    expect(after(0, at(2), at(7), at(6), at(8))).toBe(at(6).root)
    expect(after(0, at(7), at(7), at(7))).toBe(at(7).root)
  })

  test('not back, not in place, not aside', () => {
    expect(after(5, at(5), at(7), at(6))).toBeNull()
    expect(after(6, at(5), at(7), at(6))).toBeNull()
    expect(after(0, at(5), side, at(6))).toBeNull()
    expect(after(0, at(5), side, at(4))).toBe(at(4).root)
    expect(after(6, side, side, side)).toBeNull()
    expect(after(5, side, side, side)).toBe(side.root)
  })

  test('a round without a candidate begins anew', () => {
    expect(after(0, at(5), at(6), null)).toBeNull()
    expect(after(0, at(5), at(6), null, at(7))).toBeNull()
    expect(after(0, null, at(5), at(6), at(7))).toBe(at(5).root)
  })
})

describe('the support of a branch', () => {
  test('is the weight of those who mined on it since the checkpoint', () => {
    const world = new World(40, { epoch: 4, window: 12, genesisPowers: new Map([['Tann', 4n], ['Tben', 3n], ['Tcy', 1n]]) })
    const { chains, active } = world
    const since = (head: HeaderRecord, checkpoint: HeaderRecord | null, range?: number) => supportSince(asLink(head), checkpoint === null ? null : asLink(checkpoint), asChain(chains), active, range)
    expect(since(chains.genesis, null)).toBe(0)
    const three = chains.grow(chains.genesis, 3, ['Tann', 'Teve', 'Tann'])
    const five = chains.grow(three, 2, ['Tben', 'Tben'])
    expect([since(three, null), since(five, null), since(five, three), since(five, five)]).toEqual([0.5, 0.875, 0.375, 0])
    expect(since(five, null, 2)).toBe(0.375)
    expect(since(chains.child(five, { miner: 'Tcy' }), null)).toBe(1)
  })

  test('asks no more headers than it has to', () => {
    const world = new World(40, { epoch: 36, window: 252, genesisPowers: new Map() })
    const head = world.chains.grow(world.chains.genesis, 3_000, ['Tann', 'Tben'])
    world.active.after(head.root)
    const before = world.chains.looks
    expect(supportSince(asLink(head), null, asChain(world.chains), world.active)).toBe(1)
    expect(world.chains.looks - before).toBeLessThan(10)
    const away = world.chains.grow(head, 3_000, ['Teve'])
    expect(world.active.after(away.root)?.total).toBe(252n)
    expect(supportSince(asLink(away), asLink(head), asChain(world.chains), world.active)).toBe(1)
  })
})

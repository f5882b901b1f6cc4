import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StatementBook } from '../../../src/sync/votes/statements.ts'
import { drift, network, says, setOf } from './votes-help.ts'

const now = 10_000
const members = setOf({ Tann: 3, Tben: 2, Tcy: 1 })
const book = () => new StatementBook({ network, drift })

describe('statements', () => {
  test('the latest of each member is kept', () => {
    const kept = book()
    expect(kept.take(says('Tann', 'a', 100), now, members, 1)).toBe('new')
    expect(kept.take(says('Tann', 'b', 101), now, members, 1)).toBe('new')
    expect(kept.take(says('Tann', 'a', 100), now, members, 1)).toBe('old')
    expect(kept.take(says('Tann', 'c', 99), now, members, 1)).toBe('old')
    expect(kept.take(says('Tann', 'b', 101), now, members, 1)).toBe('old')
    expect(kept.take(says('Tdee', 'a', 100), now, members, 1)).toBe('no-member')
    expect(kept.take({ ...says('Tben', 'a', 100), network: 'fedcba9876543210' }, now, members, 1)).toBe('no-member')
    expect(kept.latest('Tann')).toEqual(says('Tann', 'b', 101))
    expect([kept.latest('Tben'), kept.latest('Tdee')]).toEqual([null, null])
  })

  test('their time lies ahead by the drift at most', () => {
    const kept = book()
    expect(kept.take(says('Tann', 'a', now + drift + 1), now, members, 1)).toBe('early')
    expect(kept.take(says('Tann', 'a', now + drift), now, members, 1)).toBe('new')
    expect([...kept.counted(now)]).toHaveLength(1)
    expect([...kept.counted(now - 1)]).toEqual([]) // the clock was set back
  })

  test('who says two things at one time has no say until the next epoch', () => {
    const kept = book()
    kept.take(says('Tann', 'a', 100), now, members, 7)
    expect(kept.take(says('Tann', 'b', 100), now, members, 7)).toBe('ignored')
    expect(kept.latest('Tann')).toBeNull()
    expect(kept.take(says('Tann', 'c', 200), now, members, 7)).toBe('ignored')
    expect(kept.take(says('Tann', 'c', 200), now, members, 6)).toBe('ignored') // the head went over to another branch
    expect(kept.take(says('Tben', 'b', 100), now, members, 7)).toBe('new')
    expect(kept.take(says('Tann', 'c', 200), now, members, 8)).toBe('new')
    expect(kept.latest('Tann')?.root).toBe('c')
  })

  test('who leaves the active set is forgotten', () => {
    const kept = book()
    for (const miner of ['Tann', 'Tben', 'Tcy']) kept.take(says(miner, 'a', 100), now, members, 1)
    kept.take(says('Tcy', 'b', 100), now, members, 1)
    kept.tidy(setOf({ Tben: 2 }))
    expect([...kept.counted(now)].map(({ miner }) => miner)).toEqual(['Tben'])
    expect(kept.take(says('Tcy', 'c', 150), now, members, 1)).toBe('new') // what it did is forgotten as well
  })

  test('what changed is told once, and brings it back after a restart', () => {
    const kept = book()
    kept.restore([says('Tann', 'a', 90), says('Tann', 'b', 100), says('Tann', 'c', 95), says('Tben', 'a', 50), { ...says('Tcy', 'a', 50), network: 'fedcba9876543210' }])
    expect(kept.drainChanged()).toEqual([])
    expect([kept.latest('Tann')?.root, kept.latest('Tben')?.root, kept.latest('Tcy')]).toEqual(['b', 'a', null])
    kept.take(says('Tann', 'd', 110), now, members, 1)
    kept.take(says('Tann', 'e', 120), now, members, 1)
    kept.take(says('Tben', 'b', 50), now, members, 1)
    expect(kept.drainChanged()).toEqual([['Tann', says('Tann', 'e', 120)], ['Tben', null]])
    expect(kept.drainChanged()).toEqual([])
    kept.tidy(setOf({}))
    expect(kept.drainChanged()).toEqual([['Tann', null]])
  })

  test('who was heard since then, and how much they weigh', () => {
    const kept = book()
    kept.take(says('Tann', 'a', 100), now, members, 1)
    kept.take(says('Tben', 'a', 200), now, members, 1)
    expect(kept.heard(members, 100)).toEqual({ heard: 2, weight: 5n })
    expect(kept.heard(members, 101)).toEqual({ heard: 1, weight: 2n })
    expect(kept.heard(setOf({ Tann: 4 }), 0)).toEqual({ heard: 1, weight: 4n })
  })
})

describe('statements are passed on', () => {
  test('those that are newer, the newest where not all fit', () => {
    const kept = book()
    kept.restore([says('Tann', 'a', 100), says('Tben', 'a', 300), says('Tcy', 'a', 200)])
    const told = (have: readonly (readonly [string, number])[], most: number) => kept.newerThan(have, most).map(({ miner }) => miner)
    expect(told([], 9)).toEqual(['Tann', 'Tben', 'Tcy'])
    expect(told([['Tann', 100], ['Tben', 299], ['Tdee', 1]], 9)).toEqual(['Tben', 'Tcy'])
    expect(told([], 2)).toEqual(['Tben', 'Tcy'])
  })

  test('all of them arrive, and nothing arrives twice, however many there are', () => {
    const names = fc.uniqueArray(fc.nat(99), { maxLength: 60 })
    fc.assert(fc.property(names, names, fc.integer({ min: 2, max: 20 }), (giver, asker, most) => {
      const [from, to] = [book(), book()]
      const member = (name: number) => `T${String(name).padStart(2, '0')}`
      from.restore(giver.map(name => says(member(name), 'a', 100 + name % 3)))
      to.restore(asker.map(name => says(member(name), 'a', 101)))
      const active = setOf(Object.fromEntries([...giver, ...asker].map(name => [member(name), 1])))
      const arrived = new Set<string>()
      for (let ask = 0; ask < 3 * 100 / (most - 1); ask++) {
        for (const statement of from.newerThan(to.have(most), most)) {
          expect(to.take(statement, now, active, 1)).toBe('new')
          expect(arrived.has(statement.miner)).toBe(false)
          arrived.add(statement.miner)
        }
      }
      expect(from.newerThan([...to.counted(now)].map(({ miner, time }) => [miner, time] as const), 1_000)).toEqual([])
    }), { numRuns: 300 })
  })
})

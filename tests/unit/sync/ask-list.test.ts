import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { type Neighbour } from '../../../src/sync/index.ts'
import { AskList } from '../../../src/sync/ask-list.ts'
import { seeded } from './random-help.ts'

const longest = limits.askAgainMs / 1000
const peer = (id: string, ...relays: string[]): Neighbour => ({ id, address: null, relays })
const crowd = (relay: string, count: number) => Array.from({ length: count }, (_, i) => peer(`${relay}${String(i)}`, relay))

function counts(names: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {}
  for (const name of names) counted[name] = (counted[name] ?? 0) + 1
  return counted
}

describe('whom to ask', () => {
  test('nobody where nobody is there', () => {
    expect(new AskList(seeded(1)).pick([], 0)).toBeNull()
  })

  test('anybody, about as often as anybody else behind the same relay', () => {
    const list = new AskList(seeded(2))
    const there = crowd('R', 5)
    const picked = counts(Array.from({ length: 5_000 }, () => list.pick(there, 0)!.id))
    expect(Object.keys(picked)).toHaveLength(5)
    for (const count of Object.values(picked)) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })

  test('through a relay it is met through, or through none', () => {
    const list = new AskList(seeded(3))
    const there = [peer('a', 'R', 'S'), peer('b', 'T'), peer('c')]
    const ways = new Set(Array.from({ length: 200 }, () => list.pick(there, 0)!).map(({ id, relay }) => `${id}${relay}`))
    expect([...ways].toSorted()).toEqual(['aR', 'aS', 'bT', 'c'])
  })

  test('no relay has more than a third of the picks, whatever asks and fails', () => {
    const event = fc.record({ asks: fc.nat(40), fails: fc.boolean() })
    fc.assert(fc.property(fc.array(event, { minLength: 60, maxLength: 120 }), fc.nat(), (events, seed) => {
      const list = new AskList(seeded(seed))
      const there = [...crowd('evil', 30), peer('b', 'S'), peer('c', 'T'), peer('d', 'T')]
      const relays: string[] = []
      let now = 0
      for (const { asks, fails } of events) {
        now += longest + 1 // so that all have rested
        list.asked(`evil${String(asks)}`)
        const { id, relay } = list.pick(there, now)!
        if (fails) list.failed(id, now)
        else list.answered(id, now)
        relays.push(relay)
      }
      for (let from = 0; from + 12 <= relays.length; from++) expect(counts(relays.slice(from, from + 12))['evil'] ?? 0).toBeLessThanOrEqual(4)
    }), { numRuns: 100 })
  })

  test('of two relays each has half, one alone has all', () => {
    const list = new AskList(seeded(4))
    const there = [...crowd('R', 50), peer('b', 'S')]
    const { R = 0, S = 0 } = counts(Array.from({ length: 100 }, () => list.pick(there, 0)!.relay))
    expect(R + S).toBe(100)
    expect(Math.abs(R - S)).toBeLessThanOrEqual(6) // until a third is used up they are drawn by lot
    expect(counts(Array.from({ length: 100 }, () => list.pick(crowd('R', 3), 0)!.relay))).toEqual({ R: 100 })
  })
})

describe('who asked', () => {
  test('is asked back first, those who waited longest before others, but no two times in a row', () => {
    const list = new AskList(seeded(5))
    const there = [peer('a', 'R'), peer('b', 'S'), ...crowd('T', 100)]
    list.asked('gone')
    list.asked('a')
    list.asked('b')
    const picked = Array.from({ length: 4 }, () => list.pick(there, 0)!.id)
    expect(picked[0]).toBe('a')
    expect(picked[2]).toBe('b')
    expect(picked[1]).not.toBe('b')
    list.asked('b')
    expect(list.pick(there, 0)!.id).toBe('b')
  })

  test('is not asked back while it rests', () => {
    const list = new AskList(seeded(6))
    const there = [peer('a', 'R'), peer('b', 'R')]
    list.failed('a', 0)
    list.asked('a')
    expect(list.pick(there, 1)!.id).toBe('b')
    expect(list.pick(there, 10)!.id).toBe('a')
  })

  test('is forgotten where too many asked', () => {
    const list = new AskList(seeded(7))
    for (let i = 0; i <= limits.askersKept; i++) list.asked(`T${String(i)}`)
    expect(list.pick([peer('T0', 'T'), peer('T1', 'T'), ...crowd('R', 20)], 0)!.id).toBe('T1')
  })
})

describe('who failed', () => {
  test('rests for longer each time, some minutes at most, until it answers', () => {
    const list = new AskList(seeded(8))
    const there = [peer('a', 'R'), peer('b', 'R')]
    const isPicked = (now: number) => Array.from({ length: 40 }, () => list.pick(there, now)!.id).includes('a')
    const rest = (now: number) => {
      list.failed('a', now)
      let seconds = 0
      while (!isPicked(now + seconds)) seconds++
      return seconds
    }
    expect([0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000].map(rest)).toEqual([10, 20, 40, 80, 160, longest, longest])
    list.answered('a', 7_000)
    expect(isPicked(7_000)).toBe(true)
    expect(rest(8_000)).toBe(10)
  })

  test('is asked all the same where everybody did, the longest rested first', () => {
    const list = new AskList(seeded(9))
    const there = crowd('R', 3)
    list.failed('R1', 1)
    list.failed('R2', 2)
    list.failed('R0', 3)
    expect(list.pick(there, 4)!.id).toBe('R1')
    list.failed('R1', 4)
    expect(list.pick(there, 4)!.id).toBe('R2')
  })
})

test('everybody was asked once each of them answered or failed', () => {
  const list = new AskList(seeded(10))
  const there = crowd('R', 2)
  expect(list.everybodyAsked([])).toBe(true)
  list.pick(there, 0)
  expect(list.everybodyAsked(there)).toBe(false)
  list.answered('R0', 0)
  expect(list.everybodyAsked(there)).toBe(false)
  list.failed('R1', 0)
  expect(list.everybodyAsked(there)).toBe(true)
  expect(list.everybodyAsked([...there, peer('new', 'R')])).toBe(false)
})

test('what is known of peers that left does not grow without end', () => {
  const list = new AskList(seeded(11))
  const gone = Array.from({ length: 2 * limits.knownPeers }, (_, i) => `gone ${String(i)}`)
  for (const id of gone) list.failed(id, 0)
  const there = crowd('R', 2)
  list.failed('R0', 0)
  list.pick(there, 0)
  expect(list.everybodyAsked(gone.map(id => peer(id, 'R')))).toBe(false)
  expect(list.everybodyAsked([peer('R0', 'R')])).toBe(true)
})

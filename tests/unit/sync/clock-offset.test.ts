import { describe, expect, test } from 'vitest'
import { ClockOffset } from '../../../src/sync/votes/clock-offset.ts'

describe('how far this clock is ahead', () => {
  const offset = (relays: number, ...samples: (readonly [peer: string, relay: string, ahead: number])[]) => {
    const clock = new ClockOffset(() => relays)
    for (const [peer, relay, ahead] of samples) clock.note(peer, relay, ahead)
    return clock.ahead
  }

  test('is the median of three or more', () => {
    expect(offset(2, ['a', 'R', 5], ['b', 'S', 7])).toBeNull()
    expect(offset(2, ['a', 'R', 5], ['b', 'S', 7], ['c', 'R', -90_000])).toBe(5)
    expect(offset(2, ['a', 'R', 5], ['b', 'S', 10], ['c', 'R', -90_000], ['d', 'R', 90_000])).toBe(7.5)
    expect(offset(2, ['a', 'R', 100], ['b', 'S', 9], ['c', 'R', 20], ['d', 'R', 3], ['e', 'R', -3])).toBe(9)
  })

  test('counts each peer once, by what it said last', () => {
    expect(offset(2, ['a', 'R', 5], ['a', 'S', 5], ['a', 'R', 5], ['b', 'S', 5])).toBeNull()
    expect(offset(2, ['a', 'R', 50], ['b', 'S', 6], ['c', 'R', 70], ['a', 'R', 4])).toBe(6)
  })

  test('takes no word of one relay alone where there are more', () => {
    const alone = [['a', 'R', 5], ['b', 'R', 7], ['c', 'R', 9]] as const
    expect(offset(2, ...alone)).toBeNull()
    expect(offset(1, ...alone)).toBe(7)
    expect(offset(0, ...alone)).toBe(7)
  })

  test('is that of the last eleven peers', () => {
    const old = Array.from({ length: 20 }, (_, i) => [`old ${String(i)}`, 'R', 1_000] as const)
    const late = Array.from({ length: 6 }, (_, i) => [`late ${String(i)}`, 'S', i] as const)
    expect(offset(2, ...old, ...late.slice(1))).toBe(1_000)
    expect(offset(2, ...old, ...late)).toBe(5)
  })
})

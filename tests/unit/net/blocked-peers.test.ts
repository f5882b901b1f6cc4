import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { BlockedPeers } from '../../../src/net/blocked-peers.ts'

const minute = 60_000

function world() {
  const clock = { time: 1e12, now: () => clock.time }
  return { clock, blocked: new BlockedPeers(clock) }
}

test('what no peer sends is enough at once, for a while', () => {
  const { clock, blocked } = world()
  expect(blocked.add('a')).toBe(true)
  expect([blocked.has('a'), blocked.has('b')]).toEqual([true, false])
  clock.time += limits.peerBlockMs
  expect(blocked.has('a')).toBe(false)
})

test('faults within minutes add up', () => {
  const { clock, blocked } = world()
  for (let i = 0; i < limits.peerFaults; i++) {
    expect(blocked.add('a', 1)).toBe(false)
    clock.time += minute
  }
  expect(blocked.has('a')).toBe(false)
  expect(blocked.add('a', 1)).toBe(true)
  expect(blocked.has('a')).toBe(true)
})

test('faults that are far apart never add up to a block', () => {
  const { clock, blocked } = world()
  for (let i = 0; i < 100; i++) {
    expect(blocked.add('a', 1)).toBe(false)
    clock.time += 2 * limits.peerFaultsHalfMs
  }
})

test('after a block one more fault is enough, and later it is not', () => {
  const { clock, blocked } = world()
  blocked.add('a')
  blocked.add('b')
  clock.time += limits.peerBlockMs
  expect(blocked.add('a', 1)).toBe(true)
  clock.time += 6 * limits.peerFaultsHalfMs
  expect(blocked.add('b', 1)).toBe(false)
})

test('however often somebody faults, the block is no longer than one', () => {
  const { clock, blocked } = world()
  for (let i = 0; i < 50; i++) blocked.add('a')
  clock.time += limits.peerBlockMs
  expect(blocked.has('a')).toBe(false)
  clock.time += 2 * limits.peerFaultsHalfMs
  expect(blocked.add('a', 1)).toBe(false)
})

test('those heard of longest ago are forgotten', () => {
  const { blocked } = world()
  for (let i = 0; i <= limits.knownPeers; i++) blocked.add(String(i))
  expect([blocked.has('0'), blocked.has('1'), blocked.has(String(limits.knownPeers))]).toEqual([false, true, true])
})

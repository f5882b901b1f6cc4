import { describe, expect, test } from 'vitest'
import { ago, bytes, duration, left, moment, percent, rate } from '../../../src/ui/strings/format.ts'

describe('sizes', () => {
  test.each([
    [0, '0 B'], [1, '1 B'], [999, '999 B'], [1000, '1.0 kB'], [4_100_000, '4.1 MB'], [9_949_999, '9.9 MB'], [9_950_000, '10 MB'],
    [385_000_000, '385 MB'], [999_499_999, '999 MB'], [999_500_000, '1.0 GB'], [3_100_000_000, '3.1 GB'], [2e15, '2,000 TB'],
  ])('%d is %s', (value, words) => { expect(bytes(value)).toBe(words) })

  test('a rate is a size a second', () => { expect(rate(3_200_000)).toBe('3.2 MB/s') })
})

describe('times', () => {
  test.each([[0, '0 s'], [46, '46 s'], [59.6, '1 min'], [168, '2 min 48 s'], [3600, '1 h 0 min'], [4_800, '1 h 20 min'], [86_400, '1 day'], [300_000, '3 days']])(
    '%d s is %s', (seconds, words) => { expect(duration(seconds)).toBe(words) })

  test.each([[0.2, '1 s left'], [46, '46 s left'], [128, '2 min left'], [4_800, '1 h 20 min left']])(
    'a guess of %d s is %s', (seconds, words) => { expect(left(seconds)).toBe(words) })

  test('how long ago ends in a date', () => {
    const now = Date.parse('2026-11-21T12:00:00')
    expect(ago(now - 10_000, now)).toBe('just now')
    expect(ago(now - 120_000, now)).toBe('2 min ago')
    expect(ago(now - 7_200_000, now)).toBe('2 h ago')
    expect(ago(Date.parse('2026-06-14T12:00:00'), now)).toBe('14 June')
    expect(ago(Date.parse('2025-06-14T12:00:00'), now)).toBe('14 June 2025')
  })
})

test('a moment of today is its time, another its date', () => {
  const now = Date.parse('2026-11-21T12:00:00')
  expect(moment(Date.parse('2026-11-21T09:05:00'), now)).toBe('09:05')
  expect(moment(Date.parse('2026-11-20T23:05:00'), now)).toBe('20 November')
  expect(moment(Date.parse('2026-11-20T23:05:00'), now, true)).toBe('20 November, 23:05')
})

test('a hundred percent is the end and nothing before it', () => {
  expect(percent(0, 10)).toBe(0)
  expect(percent(9_999, 10_000)).toBe(99)
  expect(percent(10, 10)).toBe(100)
  expect(percent(0, 0)).toBe(100)
})

import { describe, expect, test } from 'vitest'
import { dueAt } from '../../../src/ui/strings/format.ts'
import { bondFor, dueWords, mayLose, periodsWords, probesWords, releaseEffect, releaseWords, standingWords } from '../../../src/ui/strings/keeping.ts'

const now = Date.parse('2026-11-23T12:00:00') // a Monday
const standing = { status: 'active', missed: 0, bond: 0, pays: true, free: null } as const

describe('when something is due', () => {
  test.each([
    ['2026-11-23T14:20:00', '14:20'], ['2026-11-24T01:00:00', 'Tuesday'], ['2026-11-26T12:00:00', 'Thursday'], ['2026-11-30T12:00:00', '30 November'], ['2026-11-20T12:00:00', '20 November'],
  ])('%s is %s', (at, words) => { expect(dueAt(Date.parse(at), now)).toBe(words) })
})

test.each([
  [{ asked: 4, answered: 2, at: Date.parse('2026-11-26T12:00:00') }, 'Proof due by Thursday', 'Answered 2 of 4.', 'warn'],
  [{ asked: 4, answered: 4, at: Date.parse('2026-11-26T12:00:00') }, 'Proof given', 'All 4 answered; the next are asked about Thursday.', 'ok'],
  [{ asked: 0, answered: 0, at: Date.parse('2026-11-26T12:00:00') }, 'No proof due', 'the next one begins about Thursday.', 'outline'],
  [{ asked: 3, answered: 0, at: null }, 'Proof due', 'Answered 0 of 3.', 'warn'],
  [{ asked: 3, answered: 3, at: null }, 'Proof given', 'All 3 answered.', 'ok'],
  [{ asked: 0, answered: 0, at: null }, 'No proof due', 'Nothing was asked of you in this period.', 'outline'],
])('%j is %s', (due, words, about, tone) => {
  expect(dueWords(due, now)).toMatchObject({ words, tone, about: expect.stringContaining(about) as string })
})

test.each([
  [[], 'No period is over yet'], [[true], 'The first period was proved'], [[false], 'The first period was missed'], [[true, true], 'All of the last 2 periods proved'],
  [[false, true, true], '2 of the last 3 periods proved'], [[true, true, false], '2 of the last 3 periods proved, the last one missed'],
] as const)('periods %j: %s', (results, words) => { expect(periodsWords(results)).toBe(words) })

describe('how somebody stands as a keeper', () => {
  test('each miss says what it costs, and what to do', () => {
    expect(standingWords({ ...standing, missed: 1 })).toContain('its rent is lost, nothing else')
    expect(standingWords({ ...standing, status: 'away', missed: 2 })).toContain('one proof in time makes you a keeper again')
    expect(standingWords({ ...standing, status: 'away', missed: 2, bond: 900 })).toContain('burns a tenth of your bond')
    expect(standingWords({ ...standing, status: 'away', missed: 2 })).toContain('A third one ends your promises.')
    expect(standingWords({ ...standing, status: 'gone', missed: 3, bond: 900 })).toContain('get the other 900 coins back')
    expect(standingWords({ ...standing, status: 'closing', bond: 900, free: '7 December' })).toContain('900 coins come back about 7 December')
  })

  test('where nobody puts up a bond none is spoken of', () => {
    for (const status of ['active', 'away', 'gone', 'closing'] as const) expect(standingWords({ ...standing, status, pays: false, missed: 2 })).not.toMatch(/bond|rent/)
  })
})

test('letting go says what it costs, a lost one that it is counted, and a picked one that the period is missed', () => {
  expect(releaseWords('lost').about).toContain('counted under your address')
  expect(releaseWords('legal').about).toContain('never held against anyone')
  expect(releaseEffect(false)).toBe('Rent of the whole periods you proved is paid to you with it.')
  expect(releaseEffect(true)).toContain('makes this period a missed one')
})

test('what a keeper answered is told where it was asked', () => {
  expect([null, { asked: 0, answered: 0 }, { asked: 10, answered: 9 }].map(probesWords)).toEqual(['', '', 'answered 9 of 10'])
})

test('the bond of so much room is that of the network, and nothing is burned where there is none', () => {
  const terms = { pays: true, bond: 1_000, bondPerGiB: 100 }
  expect([0, 2 ** 30, 20 * 2 ** 30, 20 * 2 ** 30 + 1].map(room => bondFor(room, terms))).toEqual([1_000, 1_000, 2_000, 2_001])
  expect(bondFor(2 ** 40, { ...terms, pays: false })).toBe(0)
  expect(mayLose(1_000).join(' ')).toContain('burned')
  expect(mayLose(0).join(' ')).not.toMatch(/bond|burn/)
})

import { describe, expect, test } from 'vitest'
import { niceTop } from '../../../src/ui/drawings/chart.ts'
import { amountProblem, readAmount, spendable } from '../../../src/ui/elements/wallet/amounts.ts'
import { clockWords, isWeak, viaWords, voteWords } from '../../../src/ui/strings/ledger.ts'
import { matches, previewWords, priceWords } from '../../../src/ui/strings/threads.ts'
import { historyFile, movedCoins, shortAddress, signed } from '../../../src/ui/strings/wallet.ts'
import { full, ledger, mara, said, threads, wallet } from '../../support/ui-states.ts'

describe('amounts', () => {
  test.each([['40', 40], [' 1,204 ', 1204], ['1 204', 1204], ['12000', 12_000], ['1.5', null], ['-3', null], ['1,20', null], ['', null], ['4e3', null]])('%j is %j', (text, amount) => { expect(readAmount(text)).toBe(amount) })

  test('what is on its way out cannot go again, and the fee is part of it', () => {
    expect(spendable(full)).toBe(12_346)
    expect(spendable({ account: null, wallet: null })).toBe(0)
    expect(amountProblem('12345', full)).toBe('')
    expect(amountProblem('12346', full)).toContain('at most 12,345 can go')
    expect(amountProblem('12347', full)).toBe('You have 12,346. Nothing was sent.')
  })
})

describe('the history', () => {
  test('coins that moved, with a sign and the fee of what went', () => {
    expect(wallet.rows.map(row => signed(movedCoins(row)))).toEqual(['−41', '−13', '+40', '−1', '+3', '−901', '+12,000'])
    expect(signed(0)).toBe('0')
    expect(shortAddress(mara)).toBe('TMara7…Qp2B')
  })

  test('as a file for spreadsheets: a line each, quotes doubled', () => {
    const [head, first, ...rest] = historyFile([...wallet.rows.slice(0, 2), { ...wallet.rows[0]!, other: 'a"b' }]).split('\r\n')
    expect(head).toBe('"time","kind","coins","fee","other","stage","block","id"')
    expect(first).toBe(`"${new Date(wallet.rows[0]!.time * 1000).toISOString()}","sent","-40","1","T9fWqHn4vYbKc2XrLd7sEu5ZgPmJt3Kx3R","offered","","${'1'.repeat(64)}"`)
    expect(rest[1]).toContain('"a""b"')
    expect(rest.at(-1)).toBe('')
  })
})

describe('threads', () => {
  test('what sending costs', () => {
    expect([null, { fee: null, seconds: 0 }, { fee: 0, seconds: 9 }, { fee: 1, seconds: 0 }, { fee: 3, seconds: 0 }, { fee: null, seconds: 3.2 }].map(priceWords))
      .toEqual(['Send', 'Send, free', 'Send, free', 'Send, 1 coin', 'Send, 3 coins', 'Send, about 3 s of work'])
  })

  test('looked through by words, in one line', () => {
    expect(threads.filter(thread => matches(thread, 'SALT capsule')).length).toBe(1)
    expect(threads.filter(thread => matches(thread, 'salt lock')).length).toBe(0)
    expect(previewWords({ last: said[1]! })).toBe('T9fWqH…Kx3R: Cheap electrets, and I treat them as food for the sea. Two per season.')
    expect(previewWords({ last: { ...said[2]!, own: true, text: ' ' } })).toBe('You: an attachment')
  })
})

describe('the ledger', () => {
  test('weak only where somebody has a vote and less than half of it is seen', () => {
    expect(isWeak({ ...ledger, support: .5 })).toBe(false)
    expect(isWeak({ ...ledger, support: .49 })).toBe(true)
    expect(isWeak({ support: 0, votes: { members: 0, heard: 0, weight: 0 } })).toBe(false)
  })

  test('votes, who answers, and the clock', () => {
    expect(voteWords({ votes: { members: 0, heard: 0, weight: 0 } })).toBe('nobody has a vote yet')
    expect(voteWords(ledger)).toBe('heard 11 of 14, 82 % of the weight')
    expect([{ peers: 3, relays: 2 }, { peers: 1, relays: 1 }, { peers: 0, relays: 0 }].map(answering => viaWords({ answering }))).toEqual(['via 2 relays', 'via 1 relay', 'the blocks here may be old'])
    expect([null, 5, -5].map(clockWords)).toEqual([null, null, null])
    expect(clockWords(90)).toBe('This device’s clock is 1 min 30 s ahead of the others’.')
  })

  test.each([[0, 1], [.3, .4], [1, 1], [7, 8], [560, 600], [601, 800], [99, 100], [100, 100], [101, 200]])('a chart up to %d ends at %d', (largest, end) => { expect(niceTop(largest)).toBeCloseTo(end) })
})

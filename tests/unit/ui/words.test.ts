import { describe, expect, test } from 'vitest'
import { errorCodes } from '../../../src/base/index.ts'
import { reachWords, reasonWords, relayWords } from '../../../src/ui/strings/connection.ts'
import { errorWords, linkWords } from '../../../src/ui/strings/errors.ts'
import { saveNames, waitWords } from '../../../src/ui/strings/items.ts'
import { connected, running, stuck, waiting } from '../../support/ui-states.ts'

test('every code has words of its own that say what happened and what follows', () => {
  const all = errorCodes.map(code => errorWords({ code }))
  expect(new Set(all.map(({ what }) => what)).size).toBe(errorCodes.length)
  expect(all.every(({ what, next }) => what.length > 0 && next.endsWith('.'))).toBe(true)
})

test('what is no error of ours is an inner failure', () => {
  expect(errorWords(new TypeError('x'))).toEqual(errorWords({ code: 'internal' }))
  expect(errorWords(null)).toEqual(errorWords({ code: 'internal' }))
  expect(errorWords({ code: 'toString' })).toEqual(errorWords({ code: 'internal' }))
})

describe('text that is no link', () => {
  test.each([
    ['7'.repeat(64), 'This is a content id alone'],
    [`b${'a'.repeat(58)}`, 'This is a content id alone'],
    ['https://example.com/', 'This is not a Holdfast link'],
    ['hello', 'This is not a Holdfast link'],
  ])('%s', (text, what) => { expect(linkWords(text, 'link-invalid').what).toBe(what) })

  test('a link of ours is told by its code', () => {
    expect(linkWords('https://a.example/#/get/77', 'link-cut').what).toBe('This link was cut short')
    expect(linkWords('https://a.example/#/get/77', 'link-invalid').what).toBe('This link is damaged')
  })
})

test('the header says where we stand', () => {
  expect(reachWords(running)).toEqual({ reach: 'reached', words: '7 peers, 5 direct' })
  expect(reachWords({ ...running, connection: { ...connected, peers: connected.peers.slice(0, 1) } }).words).toBe('1 peer, 1 direct')
  expect(reachWords({ ...running, connection: { ...connected, peers: [] } }).words).toBe('Ready, no peers yet')
  expect(reachWords({ ...running, connection: stuck })).toEqual({ reach: 'offline', words: 'No relay reached' })
  expect(reachWords({ ...running, connection: { ...stuck, steps: [] } })).toEqual({ reach: 'reaching', words: 'Reaching a relay' })
  expect(reachWords({ ...running, connection: { ...stuck, online: false } })).toEqual({ reach: 'offline', words: 'Offline' })
})

test('a reason is said in words', () => {
  expect(reasonWords('relay-full')).toContain('The relay is full')
  expect(reasonWords('direct-failed')).toContain('no direct line')
})

test('a relay that is down counts to the next try', () => {
  expect(relayWords({ address: '', peerId: '', state: 'unreachable', retryAt: 40_000 }, 0)).toEqual({ tone: 'care', words: 'does not answer; tried again in 40 s' })
  expect(relayWords({ address: '', peerId: '', state: 'full', retryAt: null }, 0).words).toBe('full')
})

test('a wait names what it waits for', () => {
  expect(waitWords(waiting, { ...connected, online: false })).toContain('offline')
  expect(waitWords({ ...waiting, tracker: 'unreachable' }, connected)).toContain('tracker')
  expect(waitWords({ ...waiting, tracker: null }, connected)).toContain('Asking')
  expect(waitWords(waiting, connected)).toContain('Nobody who has all of it')
})

test('files are saved under their names, those with the same name under their paths', () => {
  expect(saveNames(['a/one.txt', 'b/one.txt', 'b/two.txt'])).toEqual(['a/one.txt', 'b/one.txt', 'two.txt'])
})

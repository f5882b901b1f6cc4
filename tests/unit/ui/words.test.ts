import { describe, expect, test } from 'vitest'
import { errorCodes } from '../../../src/base/index.ts'
import { reachWords, reasonWords, relayWords, searchWords } from '../../../src/ui/strings/connection.ts'
import { errorWords, linkWords } from '../../../src/ui/strings/errors.ts'
import { entitled, fileMade, gateOf, isForOthers, isReadable, itemState, jobNextWords, jobWords, saveNames, seenWords, waitWords } from '../../../src/ui/strings/items.ts'
import { cidOf } from '../../support/scripted-peer.ts'
import { connected, got, job, running, shared, stuck, waiting } from '../../support/ui-states.ts'

test('who had all of it is told with the time they were seen, where nobody is here', () => {
  const now = 10_000_000_000
  const words = (keepers: number, seen: { keepers: number, at: number } | null) => seenWords({ keepers, seen }, now)
  expect([words(0, null), words(1, { keepers: 1, at: now })]).toEqual(['', ''])
  expect(words(0, { keepers: 2, at: now - 5 * 3_600_000 })).toBe('Last seen with all of it: 2 others, 5 h ago.')
  expect(words(0, { keepers: 1, at: now - 10_000 })).toBe('Last seen with all of it: 1 other, just now.')
})

test('every code has words of its own that say what happened and what follows', () => {
  const all = errorCodes.map(code => errorWords({ code }))
  expect(new Set(all.map(({ what }) => what)).size).toBe(errorCodes.length)
  expect(all.every(({ what, next }) => what.length > 0 && next.endsWith('.'))).toBe(true)
})

test('what the ledger refuses has the words of its rule, where the rule has any', () => {
  expect(errorWords({ code: 'not-found', data: { rule: 'offer-taken' } })).toMatchObject({ what: 'All its places are taken' })
  expect(errorWords({ code: 'too-large', data: { rule: 'tx-balance' } })).toEqual(errorWords({ code: 'too-large' }))
  expect(errorWords({ code: 'bad-input', data: { rule: 'toString' } })).toEqual(errorWords({ code: 'bad-input' }))
})

test('what is no error of ours is an inner failure', () => {
  expect(errorWords(new TypeError('x'))).toEqual(errorWords({ code: 'internal' }))
  expect(errorWords(null)).toEqual(errorWords({ code: 'internal' }))
  expect(errorWords({ code: 'toString' })).toEqual(errorWords({ code: 'internal' }))
})

test('what a publish job made is its file, wherever its pictures stand among what was here before', () => {
  const file = { ...shared, kind: 'p' as const, cid: cidOf('d'), job: 'job-1' }
  const picture = { ...shared, kind: 'i' as const, cid: cidOf('e'), job: 'job-1' }
  expect([[picture, file], [file, picture], [file, picture, { ...file, job: 'job-0' }]].map(items => fileMade(items, 'job-1')?.cid)).toEqual([file.cid, file.cid, file.cid])
  expect(fileMade([picture], 'job-1')?.cid).toBe(picture.cid)
  expect(fileMade([file], 'job-2')).toBeUndefined()
})

test('a job that found no room says that nothing of it is left, and how much music takes', () => {
  const full = { code: 'storage-full', message: '', data: {} } as const
  expect(jobNextWords({ problem: full })).toBe('Nothing half-made is left. Remove something in the Library, then begin again.')
  expect(jobNextWords({ problem: full, publish: { kind: 'audio', stage: 'failed' } })).toContain('twice')
  expect(jobNextWords({ problem: { code: 'media-damaged', message: '', data: {} } })).toBe(errorWords({ code: 'media-damaged' }).next)
})

test('what is kept for others alone is not what somebody fetched', () => {
  const held = (origin: 'got' | 'shared', ...reasons: readonly ('own' | 'wanted' | 'pinned' | 'obliged' | 'offered' | 'samaritan')[]) => isForOthers({ origin, reasons: reasons.map(reason => ({ reason, owner: null, upload: null })) })
  expect([held('got', 'obliged'), held('got', 'offered'), held('got', 'obliged', 'samaritan')]).toEqual([true, true, true])
  expect([held('got', 'wanted'), held('got', 'wanted', 'samaritan'), held('got', 'obliged', 'pinned'), held('got'), held('shared', 'obliged')]).toEqual([false, false, false, false, false])
})

describe('text that is no link', () => {
  test.each([
    ['7'.repeat(63), 'This is no whole content id'],
    [`b${'a'.repeat(58)}`, 'This is a content id of another kind'],
    ['https://example.com/', 'This is not a Holdfast link'],
    ['hello', 'This is not a Holdfast link'],
  ])('%s', (text, what) => { expect(linkWords(text, 'link-invalid').what).toBe(what) })

  test('a link of ours is told by its code', () => {
    expect(linkWords('https://a.example/#/get/77', 'link-cut').what).toBe('This link was cut short')
    expect(linkWords('https://a.example/#/get/77', 'link-invalid').what).toBe('This link is damaged')
  })
})

test.each([
  ['wrong-key', 'The link is damaged: its key does not open the file', 'kept'],
  ['tdf-damaged', 'The protected file is damaged', 'new link'],
  ['archive-bomb', 'It unpacks to more than 100 times its size', 'look inside'],
  ['blocked', 'This is blocked on this device', 'Settings'],
] as const)('%s in words', (code, what, next) => {
  expect(errorWords({ code }).what).toBe(what)
  expect(errorWords({ code }).next).toContain(next)
})

test('a search says what it waits for', () => {
  expect(searchWords(running)).toContain('Asking 7 peers')
  expect(searchWords({ ...running, phase: 'starting' })).toContain('starting')
  expect(searchWords({ ...running, connection: { ...connected, peers: [] } })).toContain('nobody else is here yet')
  expect(searchWords({ ...running, connection: stuck })).toContain('No relay is reached')
  expect(searchWords({ ...running, connection: { ...stuck, steps: [] } })).toContain('Reaching a relay')
  expect(searchWords({ ...running, connection: { ...stuck, online: false } })).toContain('offline')
})

test('nothing is said to be shared while the rules stop all giving', () => {
  const words = (change: Partial<typeof running>) => itemState(got, gateOf({ ...running, ...change })).words
  expect(words({})).toBe('Sharing')
  expect(words({ sharing: false })).toBe('Sharing is off')
  expect(words({ metered: { now: true, rule: 'pause' } })).toBe('Metered, not given')
  expect(words({ metered: { now: true, rule: 'give' } })).toBe('Sharing')
  expect(words({ metered: { now: false, rule: 'pause' } })).toBe('Sharing')
})

test('an item without a title is called so everywhere', () => {
  expect(entitled({ ...running, items: [got, { ...got, title: '' }] }).items.map(({ title }) => title)).toEqual([got.title, 'Without a title'])
  const state = { ...running, items: [got] }
  expect(entitled(state)).toBe(state)
})

test('a protected share says that it is encrypted while it is', () => {
  expect(jobWords(job)).not.toContain('encrypting')
  expect(jobWords({ ...job, options: { protect: true, findable: false } })).toContain('encrypting')
})

test('a file that is still coming can be saved once all of it is here', () => {
  expect(isReadable({ path: 'a', size: 100, offset: 512 }, 612)).toBe(true)
  expect(isReadable({ path: 'a', size: 100, offset: 512 }, 611)).toBe(false)
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

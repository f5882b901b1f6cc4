import { expect, test } from 'vitest'
import { parseLink } from '../../../src/content/index.ts'
import { Known, reconnecting } from '../../../src/peer/known.ts'
import { Links } from '../../../src/peer/links.ts'
import type { ItemUpdate, SealedKey } from '../../../src/peer/network-api.ts'
import { isMetered } from '../../../src/peer/presence.ts'

const cid = (digit: string) => digit.repeat(64)

function item(digit: string, change: Partial<ItemUpdate> = {}): ItemUpdate {
  return {
    cid: cid(digit), infohash: digit.repeat(40), kind: 'z', title: `title ${digit}`, size: 1000, origin: 'shared', reasons: [], pictureOf: [], findable: false, job: null, magnet: '', addedAt: Number.parseInt(digit, 16),
    state: 'here', problem: null, received: 1000, rateIn: 0, rateOut: 0, left: null, relayed: false, keepers: 0, seen: null, sources: 0, receivers: [], given: 0, giving: true, tracker: null,
    readable: Infinity, bomb: false, sealed: null, ...change,
  }
}

const plain = () => new Known(({ title }) => title, () => {})

test('what changes replaces what was; what did not is the same object as before', () => {
  const known = plain()
  known.learn({ items: [item('1'), item('2')], members: [[cid('1'), [{ path: 'a', size: 1, offset: 512 }]]] }, true)
  const [second, first] = known.list()
  expect([second?.cid, first?.cid]).toEqual([cid('2'), cid('1')]) // newest first
  expect(first?.members).toEqual([{ path: 'a', size: 1, offset: 512 }])
  known.learn({ items: [item('2', { keepers: 3 })] }, false)
  expect(known.list()[0]?.keepers).toBe(3)
  expect(known.list()[1]).toBe(first)
  known.learn({ removed: [cid('1')] }, false)
  expect(known.list().map(each => each.cid)).toEqual([cid('2')])
})

test('everything anew takes the place of all before', () => {
  const gone: string[] = []
  const known = new Known(() => '', each => { gone.push(each) })
  known.learn({ items: [item('1'), item('2')], members: [[cid('2'), [{ path: 'a', size: 1, offset: 512 }]]] }, true)
  known.learn({ items: [item('2', { members: undefined } as object)] }, true)
  expect(known.list().map(each => [each.cid, each.members])).toEqual([[cid('2'), null]])
  expect(gone).toEqual([cid('1')])
})

test('only what was told is replaced in the state', () => {
  const known = plain()
  expect(known.learn({ network: 'north' }, false)).toEqual({ network: 'north' })
  expect(known.learn({}, false)).toEqual({})
  const settings = { consent: 'agreed', sharing: false, rates: { up: 1, down: null }, metered: { now: true, rule: 'give' }, extraRelays: [], blocked: 2, listed: true, falseAttachments: [], looks: { every: 60_000, daily: true }, samaritan: { space: 0, whose: 'fetched', charging: true, unmetered: true }, follows: [] } as const
  expect(known.learn({ settings, trash: [] }, false)).toEqual({ ...settings, trash: [] })
})

test('names of members are shown clean', () => {
  const known = plain()
  known.learn({ items: [item('1')], members: [[cid('1'), [{ path: 'evil\u202Egnp.exe', size: 1, offset: 512 }]]] }, true)
  expect(known.list()[0]?.members?.[0]?.path).toBe('evilgnp.exe')
})

test('archives and files with a key: which are protected', () => {
  const known = plain()
  known.learn({ items: [item('1'), item('2', { kind: 'p' }), item('3', { kind: 'a' }), item('4', { kind: 'i' })] }, true)
  expect(known.list().map(each => each.protected)).toEqual([false, true, true, false])
})

test('a link stands there at once, and follows the title', () => {
  const links = new Links('https://a.example/', async () => await Promise.reject(new Error('no key to reveal')), () => {})
  const link = links.of(item('1'))
  expect(link.startsWith(`https://a.example/#/get/${cid('1')}?`)).toBe(true)
  expect(parseLink(link)).toMatchObject({ ok: true, value: { cid: cid('1'), name: 'title 1' } })
  expect(parseLink(links.of(item('1', { reasons: [], title: 'another' })))).toMatchObject({ ok: true, value: { name: 'another' } })
})

test('the key of a protected item is asked for once; until it is here there is no link', async () => {
  const sealed: SealedKey = { iv: new Uint8Array(12), ct: new Uint8Array(48) }
  let asked = 0
  let changes = 0
  const links = new Links('https://a.example/', async () => { asked++; return await Promise.resolve(new Uint8Array(32).fill(7)) }, () => { changes++ })
  const protectedItem = item('5', { kind: 'p', sealed })
  expect([links.of(protectedItem), links.of(protectedItem)]).toEqual(['', ''])
  await new Promise(done => { setTimeout(done) })
  expect(changes).toBe(1)
  expect(links.of(protectedItem)).toContain(`#/get/${cid('5')}`)
  expect(asked).toBe(1)
  links.forget(cid('5'))
  expect(links.of(protectedItem)).toBe('')
  expect(asked).toBe(2)
})

test('a key that could not be opened is asked for again', async () => {
  let asked = 0
  const links = new Links('', async () => await Promise.reject(new Error(`no ${String(++asked)}`)), () => {})
  const protectedItem = item('5', { sealed: { iv: new Uint8Array(12), ct: new Uint8Array(48) } })
  links.of(protectedItem)
  await new Promise(done => { setTimeout(done) })
  expect(links.of(protectedItem)).toBe('')
  expect(asked).toBe(2)
})

test('while another tab takes over nothing is connected, and the first step is on its way', () => {
  const { steps, peers, peerId } = reconnecting({ peerId: 'me', online: true, steps: [], relays: [], peers: [{ peerId: 'x', path: 'direct', relays: [], since: 0, rtt: null }], rtc: { live: 3, made: 9 } })
  expect([peerId, peers, steps[0]]).toEqual(['me', [], { name: 'relay', state: 'working', reason: null }])
})

test('which connections are paid by the byte', () => {
  expect([undefined, {}, { type: 'wifi' }, { type: 'cellular' }, { saveData: true }].map(isMetered)).toEqual([false, false, false, true, true])
})

import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, accept, utf8, type ErrorCode } from '../../../src/base/index.ts'
import { ReceiptDesk, type ReceiptWords } from '../../../src/peer/receipt-desk.ts'
import type { ReceiptQuestion } from '../../../src/net/index.ts'
import type { ContentRow } from '../../../src/store/index.ts'

const [cid, root] = ['a'.repeat(64), 'b'.repeat(64)]
const [server, other] = ['T server', 'T other']
const [quiet, again, hour] = [30_000, 600_000, 3_600_000]
let now = 0
let listed = true
let gives = true
let row: ContentRow | undefined
let received = 0
let signed: ReceiptWords[] = []
let asked: string[] = []
let refusal: ErrorCode | null = null
let desk: ReceiptDesk

const question = (change: Partial<ReceiptQuestion> = {}): ReceiptQuestion => ({ cid, root, server, serverNonce: 3n, time: now / 1000, ...change })

beforeEach(() => {
  [now, listed, gives, received, signed, asked, refusal] = [1_800_000_000_000, true, true, 0, [], [], null]
  row = {
    cid, kind: 'z', infohash: '0'.repeat(40), size: 1000, title: '', origin: 'got', status: 'SEEDING', path: 'p', staging: null, info: null, members: null, paused: false, giving: true, given: 0, addedAt: 0,
    problem: null, reasons: ['attachment'], sealed: null, findable: false, trashedAt: null, relays: [], attachment: { root, from: 'T/1', tries: 0, nextAt: 0, checked: true },
  }
  desk = new ReceiptDesk({
    clock: { now: () => now }, row: each => each === cid ? row : undefined, received: () => received, gives: () => gives, listed: () => listed,
    accountOf: peerId => peerId === 'p' ? server : null,
    async sign(words) {
      signed.push(words)
      return await Promise.resolve(accept(utf8('signed')))
    },
    root: async () => await Promise.resolve(root),
    async ask(peerId, { serverNonce }) {
      asked.push(`${peerId} ${serverNonce}`)
      if (refusal !== null) throw new HoldfastError(refusal)
      return await Promise.resolve(utf8(peerId))
    },
  })
})

test('signed for the peer sections came from, for its account, with how much is held', async () => {
  desk.got('p', cid)
  expect(await desk.answer(question(), 'p')).toMatchObject({ ok: true })
  row = { ...row!, status: 'DOWNLOADING' }
  received = 579
  expect(await desk.answer(question(), 'p')).toMatchObject({ ok: true })
  expect(signed).toEqual([100, 50].map(percent => ({ server, serverNonce: 3n, attachment: root, percent, charge: 0n, time: now / 1000 })))
})

test.each([
  ['who does not want to be listed', () => { listed = false }],
  ['who does not give it on', () => { gives = false }],
  ['who holds less than a tenth', () => { row = { ...row!, status: 'DOWNLOADING' } }],
  ['what is in the trash', () => { row = { ...row!, status: 'TRASHED' } }],
  ['what no message names', () => { const { attachment: _, ...rest } = row!; row = rest }],
  ['what is not here', () => { row = undefined }],
])('nothing is signed for %s', async (_, change) => {
  desk.got('p', cid)
  change()
  expect(await desk.answer(question(), 'p')).toMatchObject({ code: 'not-found' })
  expect(signed).toEqual([])
})

test('nothing is signed for others than gave it, other roots, other accounts, or other times', async () => {
  expect(await desk.answer(question(), 'p')).toMatchObject({ code: 'not-found' })
  desk.got('p', cid)
  desk.got('q', cid)
  for (const [asks, from] of [[question(), 'q'], [question({ root: cid }), 'p'], [question({ server: other }), 'p'], [question({ time: now / 1000 + 601 }), 'p'], [question({ time: now / 1000 - 601 }), 'p'], [question({ cid: root }), 'p']] as const) {
    expect(await desk.answer(asks, from)).toMatchObject({ code: 'not-found' })
  }
  expect(signed).toEqual([])
})

test('visitors are asked when they stop fetching, once for what they got; nobody who was given nothing', async () => {
  const wish = { server, serverNonce: 4n, time: now / 1000 }
  expect(await desk.collect(wish)).toEqual([])
  desk.gave('v', cid)
  now += quiet - 1
  desk.gave('v', cid)
  expect(await desk.collect(wish)).toEqual([])
  now += quiet
  expect(await desk.collect(wish)).toEqual([utf8('v')])
  now += 5 * hour
  expect(await desk.collect(wish)).toEqual([])
  desk.gave('v', cid)
  now += quiet
  expect(await desk.collect(wish)).toEqual([utf8('v')])
  desk.gave('v', cid)
  now += again - 1
  expect(await desk.collect(wish)).toEqual([])
  now++
  expect(await desk.collect(wish)).toEqual([utf8('v')])
  expect(asked).toEqual(['v 4', 'v 4', 'v 4'])
})

test('who would not sign is asked again later, who could not be reached soon, and after half a day nobody', async () => {
  const wish = { server, serverNonce: 4n, time: now / 1000 }
  desk.gave('v', cid)
  now += quiet
  refusal = 'not-found'
  expect(await desk.collect(wish)).toEqual([])
  now += again - 1
  expect(await desk.collect(wish)).toEqual([])
  now++
  refusal = 'peer-unreachable'
  expect(await desk.collect(wish)).toEqual([])
  now += quiet
  refusal = null
  expect(await desk.collect(wish)).toEqual([utf8('v')])
  desk.gave('v', cid)
  now += 13 * hour
  expect(await desk.collect(wish)).toEqual([])
  expect(asked).toHaveLength(3)
})

import { beforeEach, expect, test } from 'vitest'
import { limits, type Cid } from '../../../src/base/index.ts'
import { AttachmentTurns, pauseAfter } from '../../../src/peer/attachment-turns.ts'
import type { ContentRow } from '../../../src/store/index.ts'

const cidOf = (name: string): Cid => name.repeat(64).slice(0, 64)
let now = 0
let rows = new Map<Cid, ContentRow>()
let received = new Map<Cid, number>()
let lies: string[] = []
let engaged: Cid[] = []
let turns: AttachmentTurns

function add(name: string, change: Partial<ContentRow> = {}): Cid {
  const cid = cidOf(name)
  rows.set(cid, {
    cid, kind: 'z', infohash: '0'.repeat(40), size: 100, title: name, origin: 'got', status: 'PENDING', path: name, staging: name, info: null, members: null, paused: false, giving: true, given: 0, addedAt: rows.size,
    problem: null, reasons: ['attachment'], sealed: null, findable: false, trashedAt: null, relays: [], attachment: { root: cid, from: `T/${name}`, tries: 0, nextAt: 0, checked: false }, ...change,
  })
  return cid
}

const row = (cid: Cid): ContentRow => rows.get(cid)!
const coming = (): string => [...rows.values()].filter(each => each.status !== 'SEEDING' && turns.mayCome(each)).map(({ title }) => title).join('')

async function wait(ms: number): Promise<void> {
  now += ms
  await turns.tick()
}

function begin(): void {
  turns = new AttachmentTurns({
    clock: { now: () => now }, chance: () => 1, rows: () => [...rows.values()], received: cid => received.get(cid) ?? 0, isFalse: from => lies.includes(from),
    async change(cid, edit) { await Promise.resolve(rows.set(cid, edit(row(cid)))) },
    async engage(cid) { await Promise.resolve(engaged.push(cid)) },
  })
}

beforeEach(() => {
  [now, rows, received, lies, engaged] = [1_000_000, new Map(), new Map(), [], []]
  begin()
})

test('two at once; one of which nothing comes makes room for the next', async () => {
  const [a, b, c] = [add('a'), add('b'), add('c')]
  expect(coming()).toBe('')
  await wait(0)
  expect(coming()).toBe('ab')
  received.set(a, 10)
  await wait(limits.attachmentTryMs - 1)
  received.set(a, 20)
  await wait(1)
  expect(coming()).toBe('ac') // the other one had its minute
  expect(row(b).attachment).toMatchObject({ tries: 1, nextAt: now + 2000 })
  expect(engaged).toEqual([a, b, c])
})

test('it rests for 2 s, twice as long each time, an hour at most, and is never given up', async () => {
  const a = add('a')
  const pauses: number[] = []
  for (let i = 0; i < 14; i++) {
    await wait(0)
    expect(coming()).toBe('a')
    await wait(limits.attachmentTryMs)
    expect(coming()).toBe('')
    pauses.push(row(a).attachment!.nextAt - now)
    now = row(a).attachment!.nextAt
  }
  expect(pauses.slice(0, 3)).toEqual([2000, 4000, 8000])
  expect(pauses.at(-1)).toBe(limits.attachmentPauseMs)
  await wait(0)
  received.set(a, 1)
  await wait(1)
  expect(row(a).attachment).toMatchObject({ tries: 0 })
})

test('a pause is by lot up to a quarter shorter', () => {
  expect([pauseAfter(0, 0), pauseAfter(0, 1), pauseAfter(1000, 0), pauseAfter(1000, 1)]).toEqual([1500, 2000, 2_700_000, 3_600_000])
})

test('after a restart it goes on from what is kept', async () => {
  const a = add('a')
  await wait(0)
  await wait(limits.attachmentTryMs)
  begin()
  await wait(1999)
  expect(coming()).toBe('')
  await wait(1)
  expect(coming()).toBe('a')
  expect(row(a).attachment).toMatchObject({ tries: 1 })
})

test('one that failed is tried again by itself; not one that was paused, nor one whose message is false', async () => {
  const [a, b, c] = [add('a'), add('b', { paused: true }), add('c')]
  await wait(0)
  expect(coming()).toBe('ac')
  rows.set(a, { ...row(a), status: 'FAILED', problem: { code: 'storage-full', message: '', data: {} } })
  rows.set(c, { ...row(c), status: 'FAILED', problem: { code: 'attachment-false', message: '', data: {} } })
  lies.push('T/c')
  await wait(0)
  await wait(2000)
  expect(row(a)).toMatchObject({ status: 'PENDING', problem: null })
  expect(row(c)).toMatchObject({ status: 'FAILED' })
  expect(row(b)).toMatchObject({ paused: true, status: 'PENDING' })
  now += 10 * limits.attachmentPauseMs
  await turns.tick()
  expect(row(c)).toMatchObject({ status: 'FAILED' })
})

test.each([['by a link', 'wanted'], ['by a ledger', 'obliged(00112233445566ff, T9fWqH)']])('what is asked for %s as well waits for nobody, and takes nobody’s place', async (_, reason) => {
  add('a', { reasons: [reason, 'attachment'] })
  add('b')
  add('c')
  expect(coming()).toBe('a')
  await wait(0)
  expect(coming()).toBe('abc')
})

test('when connections are back, what rests is tried at once', async () => {
  const a = add('a', { attachment: { root: cidOf('a'), from: 'T/a', tries: 9, nextAt: now + 500_000, checked: false } })
  await wait(0)
  expect(coming()).toBe('')
  await turns.nudge()
  await wait(0)
  expect(coming()).toBe('a')
  expect(row(a).attachment).toMatchObject({ tries: 9 })
})

import { expect, test } from 'vitest'
import { toHex, sha256, utf8 } from '../../../src/base/index.ts'
import type { PublishedFile } from '../../../src/content/index.ts'
import { PieceProbe } from '../../../src/peer/piece-probe.ts'
import { ProbeDesk, type ProbeStore, type ProbeValue } from '../../../src/peer/probe-desk.ts'
import type { UploadRow } from '../../../src/state/index.ts'
import { noise } from '../../support/bytes.ts'
import { realRecord } from '../../support/keepers.ts'

const bytes = new Uint8Array(noise(700_000, 'Tides'))
const file: PublishedFile = { cid: toHex(sha256(bytes)), size: bytes.length, infohash: toHex(sha256(utf8('swarm'))).slice(0, 40), audit: '' }
const random = (number: number) => ({ bytes: (length: number) => { const all = new Uint8Array(length); new DataView(all.buffer).setUint32(0, number); return all } })
const read = async (_: string, at: number, length: number) => await Promise.resolve(bytes.slice(at, at + length))

test('a piece is right where it is that of the file here, whichever device gives it', async () => {
  const asked: [string, number][] = []
  const probe = (number: number, given: (peerId: string, at: number, length: number) => Uint8Array | null, devices = ['one', 'two']) => new PieceProbe({
    random: random(number), read,
    links: {
      devicesOf: () => devices,
      section: async (peerId, { index }, length) => {
        asked.push([peerId, index])
        const part = given(peerId, (index - 1) * 262_144, length)
        if (part === null) throw new Error('it gives nothing')
        return await Promise.resolve({ bytes: part, nodes: [] })
      },
    },
  })
  const right = (_: string, at: number, length: number) => bytes.slice(at, at + length)
  for (const number of [0, 1, 2, 3]) expect(await probe(number, right).ask('T', file)).toBe(true)
  expect(asked).toEqual([['one', 1], ['one', 2], ['one', 3], ['one', 1]])
  expect(await probe(2, (peerId, ...range) => peerId === 'two' ? right(peerId, ...range) : null).ask('T', file)).toBe(true)
  expect(await probe(0, (_peer, _at, length) => new Uint8Array(length)).ask('T', file)).toBe(false)
  expect(await probe(0, () => null).ask('T', file)).toBe(false)
  expect(await probe(0, right, []).ask('T', file)).toBeNull()
  expect(await new PieceProbe({ random: random(0), read: async () => await Promise.resolve(null), links: { devicesOf: () => ['one'], section: async () => await Promise.reject(new Error()) } }).ask('T', file)).toBeNull()
})

const day = 86_400_000

function world() {
  const kept = new Map<string, ProbeValue>()
  const store: ProbeStore = {
    values: async () => await Promise.resolve([...kept]),
    async setValues(values) { for (const [name, value] of Object.entries(values)) await Promise.resolve(value === undefined ? kept.delete(name) : kept.set(name, value)) },
  }
  const rows = ['One', 'Two'].map(name => [{ cid: realRecord(name).file.cid, owner: 'me' }, { kept: ['kim', 'lee', 'me'], publication: realRecord(name) } as unknown as UploadRow] as const)
  const state = { now: 10 * day, there: new Set(['kim', 'lee']), asked: [] as string[], answers: true as boolean | null }
  const open = async () => await ProbeDesk.open({
    store, clock: { now: () => state.now }, uploads: async () => await Promise.resolve(rows), isThere: keeper => state.there.has(keeper),
    ask: async (keeper, { cid }) => {
      state.asked.push(`${keeper} ${rows.findIndex(([name]) => name.cid === cid)}`)
      return await Promise.resolve(state.answers)
    },
  })
  return { state, open, rows }
}

test('each keeper of each upload is asked once a day, one a minute, and what came of it is remembered', async () => {
  const { state, open, rows } = world()
  const desk = await open()
  expect(desk.of('kim', null)).toBeNull()
  for (let i = 0; i < 10; i++) {
    await desk.tend('me')
    await desk.tend('me') // within the minute
    state.now += 60_000
  }
  expect(state.asked.toSorted()).toEqual(['kim 0', 'kim 1', 'lee 0', 'lee 1'])
  state.now += day
  state.answers = false
  state.there.delete('lee')
  for (let i = 0; i < 5; i++) { await desk.tend('me'); state.now += 60_000 }
  expect(state.asked.slice(4).toSorted()).toEqual(['kim 0', 'kim 1'])
  for (const each of [desk, await open()]) {
    expect(each.of('kim', null)).toEqual({ asked: 4, answered: 2 })
    expect(each.of('kim', rows[0]![0])).toEqual({ asked: 2, answered: 1 })
    expect(each.of('lee', null)).toEqual({ asked: 2, answered: 2 })
  }
})

test('who cannot be compared with counts neither way; what is long ago counts less', async () => {
  const { state, open, rows } = world()
  const desk = await open()
  state.answers = null
  expect(await desk.tend('me')).toBe(false)
  expect(desk.of('kim', null)).toBeNull()
  state.answers = true
  state.there = new Set(['kim'])
  for (let i = 0; i < 60; i++) { state.now += day; await desk.tend('me') }
  expect(desk.of('kim', rows[0]![0])!.asked).toBeLessThanOrEqual(20)
  const before = desk.of('kim', rows[0]![0])!
  state.answers = false
  for (let i = 0; i < 30; i++) { state.now += day; await desk.tend('me') }
  expect(desk.of('kim', rows[0]![0])!.answered).toBeLessThan(before.answered)
})

import { expect, test } from 'vitest'
import { decodeCbor } from '../../../src/base/index.ts'
import { PeerBook, judgePeers, servePeers, type PeerRecord } from '../../../src/net/index.ts'

const record = (peerId: string, seq = 1): PeerRecord => ({ peerId, relays: [], seq, signature: new Uint8Array(64) })

function book(capacity?: number) {
  const clock = { time: 1000, now() { return this.time++ } }
  const kept: [string, Uint8Array][] = []
  return { clock, kept, book: new PeerBook(clock, (peerId, bytes) => { kept.push([peerId, bytes]) }, capacity) }
}

test('the newest record of a peer wins', () => {
  const { book: peers } = book()
  expect([peers.add(record('a', 2), 'x'), peers.add(record('a', 2), 'y'), peers.add(record('a', 1), 'y'), peers.add(record('a', 3), 'y')]).toEqual([true, false, false, true])
  expect(peers.get('a')?.seq).toBe(3)
  expect(peers.get('b')).toBeNull()
})

test('who was met is listed first and kept, again when its record is newer', () => {
  const { book: peers, kept } = book()
  for (const name of ['a', 'b', 'c']) peers.add(record(name), 'x')
  peers.met('b')
  peers.met('unheard-of')
  peers.add(record('b', 2), 'y')
  expect(peers.known().map(({ peerId }) => peerId)).toEqual(['b', 'c', 'a'])
  expect(kept.map(([peerId, bytes]) => [peerId, decodeCbor(bytes)])).toEqual([1, 2].map(seq => ['b', { ok: true, value: { ...record('b', seq) } }]))
})

test('who was met before a record was heard, or before all records were forgotten, is kept with the record that comes', () => {
  const { book: peers, kept } = book()
  peers.met('a')
  peers.add(record('b'), 'x')
  peers.met('b')
  peers.clear()
  for (const name of ['a', 'b', 'c']) peers.add(record(name, 2), 'x')
  expect(peers.known().map(({ peerId }) => peerId)).toEqual(['b', 'a', 'c'])
  expect(kept.map(([peerId, bytes]) => [peerId, decodeCbor(bytes)])).toEqual([['b', 1], ['a', 2], ['b', 2]].map(([name, seq]) => [name, { ok: true, value: record(String(name), Number(seq)) }]))
})

test('what was kept is met long ago: before hearsay, after who is met now, and not told again', () => {
  const { book: peers, kept } = book(10)
  for (const name of ['a', 'b']) peers.restore(record(name))
  peers.add(record('heard'), 'x')
  peers.add(record('new'), 'x')
  peers.met('new')
  expect(peers.known().map(({ peerId }) => peerId)).toEqual(['new', 'b', 'a', 'heard'])
  for (let i = 0; i < 50; i++) peers.add(record(`invented ${String(i)}`), 'liar')
  expect([peers.get('a')?.seq, peers.get('b')?.seq, kept.length]).toEqual([1, 1, 1])
  for (let i = 0; i < 50; i++) peers.restore(record(`old ${String(i)}`))
  expect(peers.size).toBe(10)
})

test('a flood of invented peers drives out its own', () => {
  const { book: peers } = book(20)
  for (const name of ['a', 'b', 'c']) peers.add(record(name), `honest ${name}`)
  peers.add(record('friend'), 'liar')
  peers.met('friend')
  for (let i = 0; i < 500; i++) peers.add(record(`invented ${String(i)}`), 'liar')
  expect(peers.size).toBe(20)
  for (const name of ['a', 'b', 'c', 'friend', 'invented 499']) expect(peers.get(name)?.peerId).toBe(name)
})

test('peers met long ago make room before hearsay is shut out', () => {
  const { book: peers } = book(10)
  for (let i = 0; i < 30; i++) {
    peers.add(record(`met ${String(i)}`), 'x')
    peers.met(`met ${String(i)}`)
    peers.add(record(`heard ${String(i)}`), 'x')
  }
  expect(peers.size).toBe(10)
  expect(peers.known().slice(0, 5).map(({ peerId }) => peerId)).toEqual([29, 28, 27, 26, 25].map(n => `met ${String(n)}`))
  expect(peers.get('heard 29')).not.toBeNull()
})

const from = { peerId: 'asker', limited: false, signal: new AbortController().signal }

test('a reply has the own record first, leaves the asker out, and goes on where the asker was', async () => {
  const others = [...Array.from({ length: 60 }, (_, n) => record(`p${String(n)}`)), record('asker')]
  const serve = servePeers({ own: () => record('me'), known: () => others })
  const ask = async (have: unknown) => {
    const judged = await serve({ have }, from)
    return judged.ok ? (judged.value as { records: PeerRecord[] }).records.map(({ peerId }) => peerId) : judged.code
  }
  const first = await ask(0) as string[]
  expect(first).toHaveLength(50)
  expect(first.slice(0, 2)).toEqual(['me', 'p0'])
  const second = await ask(49) as string[]
  expect(second.slice(0, 2)).toEqual(['me', 'p49'])
  expect(new Set([...first, ...second]).size).toBe(61)
  expect(await Promise.all([ask(-1), ask('1'), ask(null)])).toEqual(['bad-input', 'bad-input', 'bad-input'])
})

test('a relay has no record of its own', async () => {
  expect(await servePeers({ own: () => null, known: () => [record('a')] })({ have: 0 }, from)).toEqual({ ok: true, value: { records: [record('a')] } })
})

test('replies that are none are refused, false records left out', async () => {
  expect(await judgePeers({ records: [record('a'), 5] })).toEqual({ ok: true, value: [] })
  for (const reply of [null, [], { records: 'a' }, { records: [], more: 1 }, { records: Array.from({ length: 51 }, () => null) }]) expect((await judgePeers(reply)).ok).toBe(false)
})

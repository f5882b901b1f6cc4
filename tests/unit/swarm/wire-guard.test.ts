import { array, assert, integer, property, uint8Array } from 'fast-check'
import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { PieceMap } from '../../../src/swarm/bitfield.ts'
import { encodeHandshake, judgeHandshake } from '../../../src/swarm/handshake.ts'
import { WireGuard } from '../../../src/swarm/wire-guard.ts'

const pieces = new PieceMap(40 * 262_144 - 1000, 262_144)
const [infohash, peerId] = ['ab'.repeat(20), 'cd'.repeat(20)]
const hello = encodeHandshake(infohash, peerId)
const plain = Uint8Array.from(hello, (byte, at) => at === 27 ? 0 : byte)

function message(id: number, numbers: readonly number[] = [], payload = 0): Buffer {
  const bytes = Buffer.alloc(5 + 4 * numbers.length + payload)
  bytes.writeUInt32BE(bytes.length - 4)
  bytes[4] = id
  numbers.forEach((number, at) => bytes.writeUInt32BE(number, 5 + 4 * at))
  return bytes
}

/** A guard that saw both handshakes. */
function guard(known: PieceMap | null = pieces, theirs = hello) {
  const made = new WireGuard(known)
  made.sent(hello)
  expect(made.received(theirs)).toBeNull()
  return made
}

test('a handshake says who and which file, and nothing else is one', () => {
  expect(judgeHandshake(hello)).toEqual({ ok: true, value: { infohash, peerId, fast: true } })
  expect(judgeHandshake(plain)).toMatchObject({ value: { fast: false } })
  assert(property(uint8Array({ maxLength: 200 }), bytes => { expect(judgeHandshake(bytes).ok).toBe(false) }))
})

test('an ordinary exchange passes, however it is cut', () => {
  const [ours, theirs] = [
    [hello, message(5, [], 5), message(2), message(6, [3, 0, 16_384]), message(6, [3, 16_384, 16_384]), message(1), message(7, [0, 0], 16_384), Buffer.alloc(4)],
    [hello, message(5, [], 5), message(20, [], 5000), message(1), message(7, [3, 0], 16_384), message(16, [3, 16_384, 16_384]), message(2), message(6, [0, 0, 16_384]), message(8, [0, 0, 16_384]), message(4, [39]), Buffer.alloc(4)],
  ].map(messages => Buffer.concat(messages))
  assert(property(array(integer({ min: 1, max: 3000 }), { minLength: 20, maxLength: 60 }), cuts => {
    const made = new WireGuard(pieces)
    made.sent(ours!)
    let at = 0
    for (const cut of [...cuts, 100_000]) {
      expect(made.received(theirs!.subarray(at, at + cut))).toBeNull()
      at += cut
    }
  }), { numRuns: 50 })
})

test.each([
  ['a length of 4 GiB', Buffer.from(`ffffffff14${'00'.repeat(12)}`, 'hex'), 'too long'],
  ['a bitfield of another length', message(5, [], 6), 'bitfield'],
  ['a piece there is not', message(4, [40]), 'there is not'],
  ['a block over the end of its piece', message(6, [0, 262_144 - 16_383, 16_384]), 'there is not'],
  ['a block over the end of the file', message(6, [39, 262_144 - 16_384, 16_384]), 'there is not'],
  ['a block of nothing', message(6, [0, 0, 0]), 'there is not'],
  ['a block of 256 KiB', message(6, [0, 0, 262_144]), 'there is not'],
  ['a request that is too long', message(6, [0, 0, 16_384, 0]), 'not a request'],
  ['a block nobody asked for', message(7, [0, 0], 16_384), 'nobody asked'],
  ['a choke with a payload', message(0, [1]), 'too long'],
  ['a long message of no kind', message(77, [], limits.wireExtendedBytes), 'too long'],
  ['an extension message that is too long', message(20, [], limits.wireExtendedBytes), 'too long'],
])('%s is refused', (_, bytes, reason) => {
  expect(guard().received(bytes)).toContain(reason)
})

test('a block is taken once, as it was asked for', () => {
  const made = guard()
  made.sent(message(6, [3, 0, 16_384]))
  expect(made.received(message(7, [3, 16_384], 16_384))).toContain('nobody asked')
  const again = guard()
  again.sent(message(6, [3, 0, 16_384]))
  expect(again.received(message(7, [3, 0], 16_384))).toBeNull()
  expect(again.received(message(7, [3, 0], 16_384))).toContain('nobody asked')
})

test('so many blocks may wait for being sent: what was sent, refused or taken back waits no more', () => {
  const made = guard()
  const ask = (from: number, count: number) => Array.from({ length: count }, (_, at) => made.received(message(6, [Math.floor((from + at) / 16) % 39, 16_384 * ((from + at) % 16), 16_384]))).findLast(fault => fault !== null) ?? null
  made.sent(message(1))
  expect(ask(0, 600)).toBeNull()
  for (let at = 0; at < 300; at++) made.sent(message(7, [Math.floor(at / 16), 16_384 * (at % 16)], 16_384))
  for (let at = 300; at < 500; at++) made.sent(message(16, [Math.floor(at / 16), 16_384 * (at % 16), 16_384]))
  for (let at = 500; at < 600; at++) expect(made.received(message(8, [Math.floor(at / 16), 16_384 * (at % 16), 16_384]))).toBeNull()
  expect(ask(0, 624)).toBeNull()
  expect(ask(0, limits.wireRequests)).toContain('may wait')
})

test('without the fast extension a choke takes all requests back, and those to who is choked count nothing', () => {
  const made = guard(pieces, plain)
  const ask = (count: number) => { for (let at = 0; at < count; at++) expect(made.received(message(6, [at % 39, 0, 16_384]))).toBeNull() }
  ask(2 * limits.wireRequests)
  made.sent(message(1))
  ask(1000)
  made.sent(message(0))
  made.sent(message(1))
  ask(1000)
})

test('before the torrent is known only what fits none is refused; then what was said is looked at again', () => {
  expect(guard(null).received(message(5, [], 20_000))).toContain('bitfield')
  const [right, wrong] = [guard(null), guard(null)]
  expect([right.received(message(5, [], 5)), wrong.received(message(5, [], 6))]).toEqual([null, null])
  expect([right.know(pieces), wrong.know(pieces)]).toEqual([null, 'a bitfield of another length'])
})

test('chatter ends, unless bytes move', () => {
  const idle = Buffer.alloc(4 * 5000)
  const [made, useful] = [guard(), guard(pieces, plain)]
  expect(Array.from({ length: 3 }, () => made.received(idle)).at(-1)).toContain('too many')
  for (let round = 0; round < 20; round++) {
    for (let at = 0; at < 5000; at++) useful.received(message(6, [0, 0, 16_384]))
    expect(useful.received(idle)).toBeNull()
  }
  const extended = guard()
  expect(Array.from({ length: limits.wireExtended + 1 }, () => extended.received(message(20, [], 10))).at(-1)).toContain('too many')
})

test('any bytes are judged, in little time', () => {
  assert(property(array(uint8Array({ maxLength: 300 }), { maxLength: 20 }), chunks => {
    const made = guard()
    for (const chunk of chunks) if (made.received(chunk) !== null) return
  }), { numRuns: 300 })
})

import '../../../src/relay/node20.ts'
import { HoldfastError, concat, equalBytes, limits } from '../../../src/base/index.ts'
import type { ByteStream, ByteStreamEvents } from '../../../src/net/index.ts'
import { PieceMap } from '../../../src/swarm/bitfield.ts'
import { encodeHandshake, handshakeBytes, judgeHandshake } from '../../../src/swarm/handshake.ts'
import { greet } from '../../../src/swarm/stream-socket.ts'
import { WireGuard } from '../../../src/swarm/wire-guard.ts'
import { Chance, pieces } from '../chance.ts'
import type { Target, Verdict } from '../types.ts'

const blockBytes = 16 * 1024
const map = new PieceMap(40 * 262_144 - 1000, 262_144)
const [infohash, peerId] = ['ab'.repeat(20), 'cd'.repeat(20)]
const hello = encodeHandshake(infohash, peerId)
const slowHello = hello.map((byte, at) => at === 27 ? 0 : byte)
/** Blocks we asked the peer for; the last of the file is a short one. */
const wanted = [[0, 0, blockBytes], [0, blockBytes, blockBytes], [3, 0, 40], [39, 245_760, 15_384]] as const

function message(id: number, numbers: readonly number[] = [], payload = 0): Buffer {
  const bytes = Buffer.alloc(5 + 4 * numbers.length + payload)
  bytes.writeUInt32BE(bytes.length - 4)
  bytes[4] = id
  numbers.forEach((number, at) => bytes.writeUInt32BE(number >>> 0, 5 + 4 * at))
  return bytes
}

const requests = wanted.map(block => message(6, block))
const keepAlive = Buffer.alloc(4)
const talk = concat(message(5, [], 5), message(2), message(20, [], 50), message(1), message(7, [3, 0], 40), message(6, [39, 245_760, 15_384]), message(8, [39, 245_760, 15_384]), message(4, [39]), message(16, wanted[0]), keepAlive)

/**
 * What a peer sends, behind a byte that says what we know and did: 1: the pieces are known, 2: they come to be known in the end, 4: we unchoked.
 * Whatever is let through must keep to the guard's own limits, and be let through however it is cut.
 */
export const wireGuard: Target = {
  name: 'wire-guard',
  corpus: () => [
    concat(Uint8Array.of(5), hello, talk), concat(Uint8Array.of(6), hello, talk), concat(Uint8Array.of(0), slowHello, talk), concat(Uint8Array.of(1), slowHello, message(14), message(13, [39]), message(7, [0, 0], blockBytes), message(20, [], limits.wireExtendedBytes - 1)),
    concat(Uint8Array.of(5), hello, ...Array.from({ length: 40 }, (_, at) => message(6, [at, 0, 1000]))),
  ].map(bytes => new Uint8Array(bytes)),
  dictionary: [...requests, message(0), message(1), message(5, [], 5), message(15), message(7, [3, 0], 40), message(16, wanted[1]), message(20, [], 1), keepAlive, new Uint8Array([0, 0, 64, 9, 7]), new Uint8Array([0, 0, 128, 1, 20]), new Uint8Array([255, 255, 255, 255])].map(bytes => new Uint8Array(bytes)),
  vary: (base, chance, mutate) => chance.once(3) ? mutate(base) : conversation(chance),
  run(bytes) {
    const [flags, theirs] = [bytes[0] ?? 0, bytes.subarray(1)]
    const [whole, cut] = [listen(flags, [theirs]), listen(flags, pieces(theirs))]
    if (whole !== cut) throw new Error(`at once it is ${String(whole)}, in pieces ${String(cut)}`)
    if (whole !== null) return 'bad-frame'
    check(theirs, flags)
    return 'accepted'
  },
}

/** The first 68 bytes of a stream, and what comes behind them. */
export const wireHandshake: Target = {
  name: 'wire-handshake',
  corpus: () => [concat(hello, talk), hello, slowHello],
  dictionary: [Uint8Array.of(19), 'BitTorrent protocol', new Uint8Array(8), hello.subarray(28)],
  maxBytes: 4096,
  async run(bytes): Promise<Verdict> {
    const chance = Chance.from(bytes)
    const [parts, ours] = [pieces(bytes), chance.once(2)]
    const stream = new FakeStream()
    const greeting = greet(stream, ours ? { infohash, peerId } : null)
    // Its first bytes in this turn, the others after somebody took it, or never.
    const first = chance.below(parts.length + 1)
    for (const part of parts.slice(0, first)) stream.on.data(part)
    if (parts.slice(0, first).reduce((sum, { length }) => sum + length, 0) < handshakeBytes) stream.on.end()
    const judged = judgeHandshake(bytes)
    try {
      const { handshake, socket } = await greeting
      if (!judged.ok || JSON.stringify(handshake) !== JSON.stringify(judged.value)) throw new Error('another handshake than was sent')
      if (!equalBytes(encodeHandshake(handshake.infohash, handshake.peerId).subarray(28), bytes.subarray(28, handshakeBytes))) throw new Error('another file or peer than was sent')
      const made = socket()
      const came: Uint8Array[] = []
      for (const part of parts.slice(first)) stream.on.data(part)
      made.pipe({ write: part => came.push(part) > 0 })
      if (!equalBytes(concat(...came), bytes)) throw new Error('behind it other bytes come than were sent')
      made.destroy()
      if (stream.open) throw new Error('its stream is left open')
      return 'accepted'
    } catch (error) {
      if (error instanceof HoldfastError && stream.open) throw new Error('refused, its stream is left open', { cause: error })
      throw error
    }
  },
}

class FakeStream implements ByteStream {
  readonly peerId = 'x'
  readonly limited = false
  readonly buffered = 0
  open = true
  on: ByteStreamEvents = { data() {}, drain() {}, end() {} }
  listen(on: ByteStreamEvents): void { this.on = on }
  write(): boolean { return true }
  close(): void { this.open = false }
  abort(): void { this.open = false }
}

/** What a guard says in the end of bytes that come in these parts. */
function listen(flags: number, parts: readonly Uint8Array[]): string | null {
  const guard = new WireGuard((flags & 1) === 0 ? null : map)
  guard.sent(concat(hello, ...requests, (flags & 4) === 0 ? new Uint8Array(0) : message(1)))
  for (const part of parts) {
    const fault = guard.received(part)
    if (fault !== null) return fault
  }
  return (flags & 2) === 0 ? null : guard.know(map)
}

/** Reads what was let through once more, in the plainest way. */
function check(theirs: Uint8Array, flags: number): void {
  const known = (flags & 1) !== 0
  const view = new DataView(theirs.buffer, theirs.byteOffset, theirs.length)
  const fast = theirs.length > 27 && ((theirs[27] ?? 0) & 4) !== 0
  const ours = wanted.map(String)
  let theirBlocks: string[] = []
  let extended = 0
  let messages = 0
  for (let at = handshakeBytes; at + 4 <= theirs.length;) {
    const length = view.getUint32(at)
    if (at + 4 + Math.min(length, 13) > theirs.length) return // its beginning is not here yet
    const id = length === 0 ? -1 : theirs[at + 4]!
    const numbers = [5, 9, 13].filter(place => place + 4 <= length + 4).map(place => view.getUint32(at + place))
    const [index = 0, begin = 0, size = 0] = numbers
    if (length > Math.max(blockBytes + 9, limits.wireExtendedBytes, limits.infoBytes)) throw new Error(`a message of ${String(length)} bytes`)
    switch (id) {
      case 4: if (known && index >= map.count) throw new Error('a piece there is not'); break
      case 5: if (known && length !== 6) throw new Error('a bitfield of another length'); break
      case 6:
        if (size < 1 || size > 128 * 1024 || (known && begin + size > map.length(index))) throw new Error('a request for a block there is not')
        if (fast || (flags & 4) !== 0) theirBlocks.push(String([index, begin, size]))
        break
      case 7: case 16: {
        const block = String([index, begin, id === 7 ? length - 9 : size])
        const place = ours.indexOf(block)
        if (id === 7 && place < 0) throw new Error('a block nobody asked for')
        if (place >= 0) ours.splice(place, 1)
        break
      }
      case 8: {
        const place = theirBlocks.indexOf(String([index, begin, size]))
        if (place >= 0) theirBlocks = theirBlocks.toSpliced(place, 1)
        break
      }
      case 20: if (++extended > limits.wireExtended || length > limits.wireExtendedBytes) throw new Error('too many extension messages, or too long'); break
      default: if (length > limits.wireExtendedBytes) throw new Error('a message too long')
    }
    if (theirBlocks.length > limits.wireRequests) throw new Error('more blocks than may wait')
    if (![6, 7, 20].includes(id)) messages++
    at += length + 4
  }
  const useful = theirs.length / 13
  if (messages > limits.wireChatter + 4 * Math.floor(limits.infoBytes / 20) + useful) throw new Error('too many messages')
}

/** Messages that make sense for the most part, now and then far too many of them. */
function conversation(chance: Chance): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(chance.below(8)), chance.pick([hello, slowHello])]
  const number = (): number => chance.pick([0, 1, 3, 39, 40, blockBytes, 245_760, 262_144, 15_384, 128 * 1024, 128 * 1024 + 1, 2 ** 31, 2 ** 32 - 1, chance.below(64)])
  const any = (): Uint8Array => {
    switch (chance.below(8)) {
      case 0: return keepAlive
      case 1: return message(6, chance.pick(wanted))
      case 2: { const [index, begin, size] = chance.pick(wanted); return message(7, [index, begin], chance.once(6) ? size + 1 : size) }
      case 3: return message(chance.pick([8, 16]), chance.pick(wanted))
      case 4: return message(chance.pick([0, 1, 2, 3, 14, 15]))
      case 5: return message(20, [], chance.pick([1, 2, 300, 5000]))
      case 6: return message(chance.pick([4, 5, 6, 7, 8, 9, 13, 16, 17, 20, 21, 255]), [number(), number(), number()].slice(chance.below(3)), chance.pick([0, 0, 1, 5]))
      default: { const lie = new Uint8Array(message(chance.pick([5, 7, 20, 99]), [], 2)); new DataView(lie.buffer).setUint32(0, chance.pick([0, 1, 6, 9, 13, 16_393, 16_394, 32_768, 32_769, 2 ** 31, 2 ** 32 - 1])); return lie }
    }
  }
  for (let left = chance.pick([1, 3, 10, 30]); left > 0; left--) {
    const one = any()
    const times = chance.once(8) ? Math.min(chance.pick([limits.wireExtended, limits.wireExtended + 1, limits.wireRequests, limits.wireRequests + 1, limits.wireChatter + 200]), Math.floor(50_000 / one.length)) : 1
    const many = new Uint8Array(one.length * times)
    for (let i = 0; i < times; i++) many.set(one, i * one.length)
    parts.push(many)
  }
  return concat(...parts)
}

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CID } from 'multiformats/cid'
import { concat, encodeCbor, isMap, limits } from '../../../src/base/index.ts'
import { FrameReader, decodeFrames, encodeFrame, type Frame } from '../../../src/net/index.ts'

const value = fc.letrec(tie => ({
  value: fc.oneof({ depthSize: 'small' }, fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 40 }), fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 })),
})).value
const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ id, request: value }), fc.record({ id, reply: value }), fc.record({ id, error: fc.constantFrom('timeout', 'not-found') }),
)

const encoded = (frames: readonly Frame[]) => frames.map(encodeFrame)

test('frames come back as they went, however the bytes are cut', () => {
  fc.assert(fc.property(fc.array(frame, { maxLength: 6 }), fc.integer({ min: 1, max: 50 }), (frames, size) => {
    const bytes = concat(...frames.map(encodeFrame))
    const whole = decodeFrames(bytes, 65_536)
    expect([encoded(whole.frames), whole.used, whole.fault]).toEqual([encoded(frames), bytes.length, null])
    const reader = new FrameReader(65_536)
    const cut: Frame[] = []
    for (let at = 0; at < bytes.length; at += size) {
      const read = reader.push(bytes.subarray(at, at + size))
      expect(read.fault).toBeNull()
      cut.push(...read.frames)
    }
    expect(encoded(cut)).toEqual(encoded(frames))
  }))
})

test('a cut frame is no fault and no frame', () => {
  const bytes = encodeFrame({ id: 3, request: { text: 'x'.repeat(300) } })
  for (let length = 0; length < bytes.length; length++) {
    const { frames, used, fault, wanted } = decodeFrames(bytes.subarray(0, length), 65_536)
    expect([frames.length, used, fault]).toEqual([0, 0, null])
    expect(wanted).toBeGreaterThan(length)
    expect(wanted).toBeLessThanOrEqual(bytes.length)
  }
})

test('any bytes are judged, none throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
    const { frames, used, fault } = decodeFrames(bytes, 150)
    expect(used).toBeLessThanOrEqual(bytes.length)
    expect(concat(...frames.map(encodeFrame))).toEqual(new Uint8Array(bytes.subarray(0, used)))
    if (fault !== null) expect(['bad-frame', 'too-large']).toContain(fault.code)
  }), { numRuns: 2000 })
})

test('a frame with any one byte changed is another frame, a wish for more, or a fault', () => {
  const bytes = encodeFrame({ id: 7, reply: { list: [1, 'two', new Uint8Array(3)] } })
  for (let at = 0; at < bytes.length; at++) {
    for (let change = 1; change < 256; change++) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ change
      const { frames, used } = decodeFrames(changed, 1000)
      expect(concat(...frames.map(encodeFrame))).toEqual(changed.subarray(0, used))
    }
  }
})

const framed = (body: Uint8Array) => concat(Uint8Array.of(body.length), body)

test.each([
  ['a length above the limit', Uint8Array.of(0xff, 0xff, 0x7f), 'too-large'],
  ['a length that never ends', new Uint8Array(6).fill(0x80), 'too-large'],
  ['a length in more bytes than it needs', Uint8Array.of(0x81, 0x00), 'bad-frame'],
  ['no bytes at all', Uint8Array.of(0), 'bad-frame'],
  ['bytes that are not CBOR', framed(Uint8Array.of(0xff, 0xff)), 'bad-frame'],
  ['a number', framed(encodeCbor(5)), 'bad-frame'],
  ['no id', framed(encodeCbor({ request: 1 })), 'bad-frame'],
  ['the id 0', framed(encodeCbor({ id: 0, request: 1 })), 'bad-frame'],
  ['an id that is a text', framed(encodeCbor({ id: '1', request: 1 })), 'bad-frame'],
  ['a question and an answer in one', framed(encodeCbor({ id: 1, request: 1, reply: 1 })), 'bad-frame'],
  ['a word nobody knows', framed(encodeCbor({ id: 1, push: 1 })), 'bad-frame'],
  ['an error in prose', framed(encodeCbor({ id: 1, error: 'It did not work.' })), 'bad-frame'],
  ['keys in another order', framed(Uint8Array.of(0xa2, 0x67, ...new TextEncoder().encode('request'), 0x01, 0x62, 0x69, 0x64, 0x01)), 'bad-frame'],
])('%s is refused', (_, bytes, code) => {
  expect(decodeFrames(bytes, 1000).fault?.code).toBe(code)
})

test('frames before a bad one still count', () => {
  const good = encodeFrame({ id: 1, request: 'first' })
  const { frames, used, fault } = decodeFrames(concat(good, Uint8Array.of(0)), 1000)
  expect([frames, used, fault?.code]).toEqual([[{ id: 1, request: 'first' }], good.length, 'bad-frame'])
})

test('a megabyte that comes byte by byte is one frame, and as quick as that', () => {
  const bytes = encodeFrame({ id: 1, reply: new Uint8Array(1_000_000) })
  const reader = new FrameReader(limits.frameBytes)
  const frames: Frame[] = []
  for (let at = 0; at < bytes.length; at++) frames.push(...reader.push(bytes.subarray(at, at + 1)).frames)
  expect(frames.length).toBe(1)
})

test('what was read is not changed by what comes after', () => {
  const [first, second] = [encodeFrame({ id: 1, reply: new Uint8Array(50).fill(1) }), encodeFrame({ id: 2, reply: new Uint8Array(50).fill(2) })]
  const reader = new FrameReader(1000)
  reader.push(first.subarray(0, 10))
  const { frames } = reader.push(concat(first.subarray(10), second.subarray(0, 10)))
  reader.push(second.subarray(10))
  expect(frames).toEqual([{ id: 1, reply: new Uint8Array(50).fill(1) }])
})

test('the object that stands for a CID is no frame', () => {
  const cid = CID.createV1(0x71, { code: 0, size: 0, digest: new Uint8Array(0), bytes: new Uint8Array(2) })
  expect(decodeFrames(framed(encodeCbor(cid)), 1000).fault?.code).toBe('bad-frame')
  expect(isMap(cid)).toBe(false)
  expect(isMap(JSON.parse('{"__proto__":1}'))).toBe(true)
})

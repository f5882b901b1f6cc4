import { createSocket } from 'node:dgram'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { concat, fromHex, limits, toHex } from '../../../src/base/index.ts'
import { addressBytes, addressKey } from '../../../src/relay/addresses.ts'
import { decodeBindingRequest, encodeBindingAnswer } from '../../../src/relay/stun.ts'
import { runningRelay } from './running.ts'

const transaction = fromHex('b7e7a701bc34d686fa87dfae') ?? new Uint8Array()
const plainRequest = bytes('000100002112a442', toHex(transaction))

function bytes(...hex: string[]): Uint8Array {
  return fromHex(hex.join('')) ?? new Uint8Array()
}

/** A request with these attributes, its length right. */
function withAttributes(...hex: string[]): Uint8Array {
  const body = bytes(...hex)
  return concat(bytes('0001', body.length.toString(16).padStart(4, '0'), '2112a442', toHex(transaction)), body)
}

/** The test vector of RFC 5769 2.1 without its integrity: SOFTWARE and PRIORITY are let pass, the fingerprint is checked. */
function fingerprinted(): Uint8Array {
  const attributes = '802200105354554e207465737420636c69656e74002400046e0001ff'
  const unsigned = concat(bytes('00010024', '2112a442', toHex(transaction), attributes))
  return concat(unsigned, bytes('80280004', ((crc32(unsigned) ^ 0x5354554e) >>> 0).toString(16).padStart(8, '0')))
}

test('answers are those of the published test vectors', () => {
  const request = decodeBindingRequest(plainRequest) ?? expect.fail('a request')
  // RFC 5769 2.2 and 2.3: XOR-MAPPED-ADDRESS of 192.0.2.1:32853 and of [2001:db8:1234:5678:11:2233:4455:6677]:32853
  expect(toHex(encodeBindingAnswer(request, Uint8Array.of(192, 0, 2, 1), 32853))).toBe(`0101000c2112a442${toHex(transaction)}002000080001a147e112a643`)
  const six = addressBytes('2001:db8:1234:5678:11:2233:4455:6677') ?? expect.fail('an address')
  expect(toHex(encodeBindingAnswer(request, six, 32853))).toBe(`010100182112a442${toHex(transaction)}002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9`)
})

test('a fingerprint is checked, and answered with one', () => {
  const request = decodeBindingRequest(fingerprinted()) ?? expect.fail('a request')
  expect(request).toMatchObject({ fingerprint: true, unknown: [] })
  const answer = encodeBindingAnswer(request, Uint8Array.of(192, 0, 2, 1), 1)
  expect(new DataView(answer.buffer).getUint16(2)).toBe(answer.length - 20)
  expect(new DataView(answer.buffer).getUint32(answer.length - 4)).toBe((crc32(answer.subarray(0, -8)) ^ 0x5354554e) >>> 0)
  const damaged = fingerprinted()
  damaged[30] = 0x41
  expect(decodeBindingRequest(damaged)).toBeNull()
})

test('what a request demands and we do not know is named in error 420', () => {
  const request = decodeBindingRequest(withAttributes('0003000400000006')) ?? expect.fail('a request') // CHANGE-REQUEST of RFC 5780
  expect(toHex(encodeBindingAnswer(request, Uint8Array.of(1, 2, 3, 4), 5))).toBe(`011100102112a442${toHex(transaction)}0009000400000414000a000200030000`)
})

const malformed: Record<string, Uint8Array> = {
  'nothing': bytes(''),
  'a short header': plainRequest.subarray(0, 19),
  'a byte too many': concat(plainRequest, Uint8Array.of(0)),
  'a wrong length': bytes('000100042112a442', toHex(transaction)),
  'another cookie': bytes('000100002112a443', toHex(transaction)),
  'a response': bytes('010100002112a442', toHex(transaction)),
  'an indication': bytes('001100002112a442', toHex(transaction)),
  'an allocation': bytes('000300002112a442', toHex(transaction)),
  'an attribute beyond the end': withAttributes('8022000800000000'),
  'half an attribute': withAttributes('80220004'),
  'a fingerprint that is not the last': withAttributes('8028000400000000', '8022000400000000'),
  'a wrong fingerprint': withAttributes('8028000400000000'),
  'a huge request': withAttributes('80220400', '00'.repeat(1024)),
  'zeros': new Uint8Array(64),
  'DNS': bytes('1234010000010000000000000377777707657861'),
  'DTLS': bytes('16feff000000000000000000360100002a00000000000000'),
}

test.each(Object.entries(malformed))('%s is no request', (_, datagram) => {
  expect(decodeBindingRequest(datagram)).toBeNull()
})

test('a raw packet to the port of the page is answered with its own address; malformed ones with silence, and not for ever', async () => {
  const { port, metrics } = await runningRelay()
  const socket = createSocket('udp4')
  const heard: string[] = []
  socket.on('message', message => heard.push(toHex(message)))
  await new Promise<void>(done => { socket.bind(0, '127.0.0.1', done) })
  const send = async (datagram: Uint8Array) => await new Promise(done => { socket.send(datagram, port, '127.0.0.1', done) })
  for (const datagram of Object.values(malformed)) await send(datagram)
  await send(plainRequest)
  await expect.poll(() => heard).toHaveLength(1)
  const own = (socket.address().port ^ 0x2112).toString(16).padStart(4, '0')
  expect(heard[0]).toBe(`0101000c2112a442${toHex(transaction)}002000080001${own}5e12a443`)
  const flood = limits.stunBurst + 40
  for (let i = 0; i < flood; i++) await send(plainRequest)
  await expect.poll(() => metrics.counted('stun_requests_total', 'limited')).toBeGreaterThan(20)
  expect(metrics.counted('stun_requests_total', 'answered') + metrics.counted('stun_requests_total', 'limited')).toBe(1 + flood)
  expect(metrics.counted('stun_requests_total', 'malformed')).toBeGreaterThanOrEqual(Object.keys(malformed).length - 1)
  socket.close()
})

test('addresses: bytes, and one key for everybody behind one router', () => {
  expect(addressBytes('::ffff:10.0.0.1')).toEqual(Uint8Array.of(10, 0, 0, 1))
  expect(toHex(addressBytes('fe80::1%eth0') ?? expect.fail('an address'))).toBe('fe800000000000000000000000000001')
  expect(addressBytes('relay.example')).toBeNull()
  expect(addressKey('2001:db8:1:2:3:4:5:6')).toBe(addressKey('2001:db8:1:2::9'))
  expect(addressKey('2001:db8:1:2::')).not.toBe(addressKey('2001:db8:1:3::'))
  expect(addressKey('::ffff:10.0.0.1')).toBe(addressKey('10.0.0.1'))
  expect(addressKey('::1')).not.toBe(addressKey('2001::1'))
})

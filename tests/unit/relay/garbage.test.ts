import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import type { Relay } from '../../../src/relay/relay.ts'
import { frame, talk, upgrade } from './raw-socket.ts'
import { runningRelay } from './running.ts'
import { reservedTab } from './tab.ts'

const handshake = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n'
const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

/** Bytes on a fresh TCP connection, and the status they get; null where the connection just ends. */
const onHttp: Record<string, [Uint8Array | string, number | null]> = {
  'random bytes': [noise(4096), 400],
  'zeros': [new Uint8Array(1000), 400],
  'a TLS hello': [Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3), 400],
  'an HTTP/2 preface': ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  'no host': ['GET / HTTP/1.1\r\n\r\n', 400],
  'a version nobody has': ['GET / HTTP/9.9\r\nhost: x\r\n\r\n', 400],
  'an unknown method': ['HOLD / HTTP/1.1\r\nhost: x\r\n\r\n', 400],
  'a method that is not ours': ['DELETE / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 405],
  'a tunnel': ['CONNECT other:443 HTTP/1.1\r\nhost: other\r\n\r\n', null],
  'two lengths': ['GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
  'a length and chunks': ['POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n', 400],
  'a header of megabytes': [`GET / HTTP/1.1\r\nx: ${'x'.repeat(2_000_000)}`, 431],
  'a header with a bare return': ['GET / HTTP/1.1\r\nhost: x\rx: y\r\n\r\n', 400],
  'a path with spaces': ['GET /a b HTTP/1.1\r\nhost: x\r\n\r\n', 400],
  'a body nobody reads': [`POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 500000\r\n\r\n${'x'.repeat(500_000)}`, 405],
  'an upgrade of an unknown path': [`${handshake.replace('GET /', 'GET /other')}${key}sec-websocket-version: 13\r\n\r\n`, 404],
  'an upgrade to something else': ['GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n', 400],
  'an upgrade without a key': [`${handshake}sec-websocket-version: 13\r\n\r\n`, 400],
  'an upgrade of an old version': [`${handshake}${key}sec-websocket-version: 7\r\n\r\n`, 400],
  'an upgrade by POST': [`${handshake.replace('GET', 'POST')}${key}sec-websocket-version: 13\r\n\r\n`, 405],
}

/** Bytes after a WebSocket handshake, each of which ends the connection. */
const onWebSocket: Record<string, Uint8Array> = {
  'random bytes': noise(4096),
  'a frame that is not masked': Uint8Array.of(0x82, 2, 1, 2),
  'reserved bits': Uint8Array.of(0xf2, 0x80, 1, 2, 3, 4),
  'a reserved opcode': frame(3, Buffer.from('x')),
  'a reserved control frame': frame(11, Buffer.from('x')),
  'a continuation of nothing': frame(0, Buffer.from('x')),
  'a ping that is too long': frame(9, noise(126)),
  'a fragmented ping': Uint8Array.of(0x09, 0x80, 1, 2, 3, 4),
  'a close with one byte': frame(8, Buffer.of(3)),
  'a close with a code nobody has': frame(8, Buffer.of(0, 5)),
  'a close with text that is no UTF-8': frame(8, Buffer.of(3, 232, 0xff)),
  'text that is no UTF-8': frame(1, Buffer.of(0xff, 0xfe)),
  'a message above the limit': frame(2, new Uint8Array(limits.socketMessageBytes + 1)),
  'a length of 2^63': Uint8Array.of(0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0),
  'a length of 1 GiB': Uint8Array.of(0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4),
  'compressed without agreement': Uint8Array.of(0xc2, 0x80, 1, 2, 3, 4),
}

/** Well-formed messages that are no libp2p handshake. */
const onLibp2p: Record<string, Uint8Array> = {
  'text': frame(1, Buffer.from('hello')),
  'an empty message': frame(2, new Uint8Array(0)),
  'random bytes in a message': frame(2, noise(500)),
  'an endless varint': frame(2, new Uint8Array(32).fill(0xff)),
  'an unknown protocol': frame(2, Buffer.from('\x13/multistream/1.0.0\n\x0a/nonsense\n')),
  'noise that is noise': Buffer.concat([frame(2, Buffer.from('\x13/multistream/1.0.0\n\x07/noise\n')), frame(2, Buffer.concat([Buffer.of(0, 32), noise(32)])), frame(2, noise(400))]),
}

/** The same bytes at every run, of every value. */
function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * i * 31 + i * 7 + 0x9b) & 255)
}

async function stillAnswers({ port, metrics }: Relay): Promise<void> {
  expect(await talk(port, 'GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toContain('"ok":true')
  expect(metrics.read('connections')).toBe(0)
}

/** What became of a WebSocket on `path` that sent `bytes`. */
async function fate(port: number, path: string, bytes: Uint8Array): Promise<'closed' | 'open'> {
  const { socket, status } = await upgrade(port, path)
  expect(status).toContain('101')
  const closed = new Promise<'closed'>(done => { socket.once('close', () => { done('closed') }) })
  socket.resume().write(bytes)
  const end = await Promise.race([closed, new Promise<'open'>(done => { setTimeout(() => { done('open') }, 1500) })])
  socket.destroy()
  return end
}

test('HTTP: garbage is told what it is, and the relay still answers', async () => {
  const relay = await runningRelay()
  const told = await Promise.all(Object.entries(onHttp).map(async ([name, [bytes]]) => [name, Number(/^HTTP\/1\.1 (\d+) /.exec(await talk(relay.port, bytes, 1000))?.[1] ?? 0)]))
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(Object.entries(onHttp).map(([name, [, status]]) => [name, status ?? 0])))
  await stillAnswers(relay)
})

test.each(['/', '/announce'])('WebSocket %s: broken frames end the connection, and the relay still answers', async path => {
  const relay = await runningRelay()
  const fates = await Promise.all(Object.entries(onWebSocket).map(async ([name, bytes]) => [name, await fate(relay.port, path, bytes)]))
  expect(Object.fromEntries(fates)).toEqual(Object.fromEntries(Object.keys(onWebSocket).map(name => [name, 'closed'])))
  await expect.poll(() => relay.metrics.read('tracker_sockets')).toBe(0)
  await stillAnswers(relay)
})

test('libp2p: what is no handshake gets no connection, and tabs still get their slots', async () => {
  const relay = await runningRelay()
  const open = await Promise.all(Object.values(onLibp2p).map(async bytes => {
    const { socket } = await upgrade(relay.port, '/')
    socket.resume().write(bytes)
    return socket
  }))
  await reservedTab(relay)
  expect(relay.metrics.read('reservations')).toBe(1)
  expect(relay.metrics.read('connections')).toBe(1)
  for (const socket of open) socket.destroy()
})

test('who sends headers a byte at a time, or nothing at all, is cut', async () => {
  const relay = await runningRelay({ headerMs: 200 })
  const slow = connect(relay.port, '127.0.0.1')
  let heard = ''
  slow.on('data', data => { heard += data.toString() }).on('error', () => {})
  slow.write('GET / HTTP/1.1\r\nhost: x\r\n')
  const drip = setInterval(() => slow.write('x'), 40)
  const silent = connect(relay.port, '127.0.0.1').resume().on('error', () => {})
  await Promise.all([slow, silent].map(async socket => await new Promise(done => { socket.once('close', done) })))
  clearInterval(drip)
  expect(heard).toContain('408')
  await stillAnswers(relay)
})

test('one address may hold so many sockets', async () => {
  const relay = await runningRelay({ perAddress: 4 })
  const open = await Promise.all([1, 2, 3, 4].map(async () => (await upgrade(relay.port, '/announce')).socket))
  expect(await talk(relay.port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n')).toBe('')
  expect(relay.metrics.counted('refused_total', 'address')).toBe(1)
  open[0]?.destroy()
  await expect.poll(() => relay.metrics.read('sockets')).toBe(3)
  await stillAnswers(relay)
  for (const socket of open) socket.destroy()
})

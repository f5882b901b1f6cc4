import { generateKeyPair } from '@libp2p/crypto/keys'
import { expect, test } from 'vitest'
import { fromUtf8, limits, utf8 } from '../../../src/base/index.ts'
import { RawWebSocket } from './raw-socket.ts'
import { addressOf, reservedTab, tab } from './tab.ts'
import { runningRelay } from './running.ts'

test('a slot is taken, refused when all are, and free as soon as a tab goes', async () => {
  const relay = await runningRelay({ maxReservations: 1 })
  const first = await reservedTab(relay)
  expect(relay.metrics.read('reservations')).toBe(1)
  expect(String(first.getMultiaddrs()[0])).toBe(`${String(addressOf(relay))}/p2p-circuit/p2p/${String(first.peerId)}`)
  const late = await tab()
  await late.dial(addressOf(relay))
  await expect.poll(() => relay.metrics.counted('refused_total', 'reservations')).toBe(1)
  expect([late.getMultiaddrs().length, relay.metrics.read('reservations'), relay.metrics.read('connections')]).toEqual([0, 1, 2])
  await first.stop()
  await expect.poll(() => relay.metrics.read('reservations')).toBe(0)
  await reservedTab(relay)
  expect(relay.metrics.read('reservations')).toBe(1)
})

test('two tabs talk through a circuit, which is counted while it is open', async () => {
  const relay = await runningRelay()
  const [anna, ben] = [await reservedTab(relay), await reservedTab(relay)]
  const heard: string[] = []
  await ben.handle('/test', stream => { stream.addEventListener('message', ({ data }) => heard.push(fromUtf8(data.subarray()) ?? '')) }, { runOnLimitedConnection: true })
  const connection = await anna.dial(ben.getMultiaddrs()[0] ?? expect.fail('no address'), { signal: AbortSignal.timeout(3000) })
  expect(connection.limits).toBeDefined()
  const stream = await connection.newStream('/test', { runOnLimitedConnection: true })
  stream.send(utf8('hello ben'))
  await expect.poll(() => heard).toEqual(['hello ben'])
  expect([relay.metrics.read('circuits'), relay.metrics.counted('circuits_opened_total')]).toEqual([1, 1])
  await connection.close()
  await expect.poll(() => relay.metrics.read('circuits')).toBe(0)
})

test('a circuit ends when it has carried what it may', async () => {
  const relay = await runningRelay({ relayBytes: 64 * 1024 })
  const [anna, ben] = [await reservedTab(relay), await reservedTab(relay)]
  let received = 0
  await ben.handle('/test', stream => { stream.addEventListener('message', ({ data }) => { received += data.byteLength }) }, { runOnLimitedConnection: true })
  const connection = await anna.dial(ben.getMultiaddrs()[0] ?? expect.fail('no address'))
  const closed = new Promise(done => { connection.addEventListener('close', done) })
  const stream = await connection.newStream('/test', { runOnLimitedConnection: true })
  for (let sent = 0; stream.status === 'open'; sent += 8192) {
    await expect.poll(() => received === sent || stream.status !== 'open', { interval: 5 }).toBe(true)
    if (stream.status === 'open') stream.send(new Uint8Array(8192))
  }
  await closed
  expect(received).toBeGreaterThan(0)
  expect(received).toBeLessThanOrEqual(64 * 1024)
  expect(relay.metrics.read('reservations')).toBe(2)
  expect(relay.metrics.counted('refused_total', 'circuit-bytes')).toBe(1)
  expect(relay.logged).toContain('circuit-ended')
})

test('a tab that comes back over another network is found on its new connection', async () => {
  const relay = await runningRelay()
  const key = await generateKeyPair('Ed25519')
  await reservedTab(relay, key)
  RawWebSocket.latest?.freeze()
  await reservedTab(relay, key)
  expect(relay.metrics.read('connections')).toBe(2)
  await expect.poll(() => relay.metrics.read('connections'), { timeout: 2 * limits.probeMs }).toBe(1)
  expect(relay.metrics.read('reservations')).toBe(1)
})

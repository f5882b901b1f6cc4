import { RELAY_V2_STOP_CODEC } from '@libp2p/circuit-relay-v2'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { HourCount } from '../../../src/relay/hour-count.ts'
import type { Relay } from '../../../src/relay/relay.ts'
import { runningRelay } from './running.ts'
import { reservedTab } from './tab.ts'

const KiB = 1024
const MiB = 1024 * KiB

/** A tab that counts what comes on `/sink`. */
async function sink(relay: Relay, windowBytes?: number): Promise<{ tab: Libp2p, received: () => number }> {
  let received = 0
  const tab = await reservedTab(relay, undefined, undefined, windowBytes)
  await tab.handle('/sink', stream => { stream.addEventListener('message', ({ data }) => { received += data.byteLength }) }, { runOnLimitedConnection: true, maxInboundStreams: 64 })
  return { tab, received: () => received }
}

async function circuit(from: Libp2p, to: Libp2p): Promise<Connection> {
  return await from.dial(to.getMultiaddrs()[0] ?? expect.fail('no address'), { signal: AbortSignal.timeout(5000) })
}

async function open(connection: Connection): Promise<Stream> {
  return await connection.newStream('/sink', { runOnLimitedConnection: true, maxOutboundStreams: 64 })
}

/** Sends `bytes`, no faster than the stream takes them. */
async function pour(stream: Stream, bytes: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += 64 * KiB) {
    if (stream.send(new Uint8Array(Math.min(64 * KiB, bytes - sent)))) continue
    await new Promise<void>((done, fail) => {
      stream.addEventListener('drain', () => { done() }, { once: true })
      stream.addEventListener('close', () => { fail(new Error('closed')) }, { once: true })
    })
  }
}

test('the sum of an hour: what is older leaves it, a minute at a time, and keys do not pile up', () => {
  let now = 0
  const hour = new HourCount({ now: () => now }, 3)
  expect([hour.add('a', 5), hour.add('a', 7), hour.sum('a'), hour.sum('b')]).toEqual([5, 12, 12, 0])
  now = 30 * 60_000
  expect(hour.add('a', 1)).toBe(13)
  now = 60 * 60_000 + 59_999
  expect(hour.sum('a')).toBe(13)
  now = 61 * 60_000
  expect(hour.sum('a')).toBe(1)
  now = 200 * 60_000
  for (const key of ['b', 'c', 'd', 'e']) hour.add(key, 1)
  expect(['a', 'b', 'c', 'd', 'e'].map(key => hour.sum(key))).toEqual([0, 0, 1, 1, 1])
})

test('bytes are counted as they are, once, and 5 MB go through', async () => {
  const relay = await runningRelay()
  const [anna, ben] = [await reservedTab(relay), await sink(relay)]
  const connection = await circuit(anna, ben.tab)
  const before = relay.metrics.counted('relayed_bytes_total')
  const begin = performance.now()
  await pour(await open(connection), 5_000_000)
  await expect.poll(ben.received, { timeout: 10_000, interval: 10 }).toBe(5_000_000)
  const seconds = (performance.now() - begin) / 1000
  const counted = relay.metrics.counted('relayed_bytes_total') - before
  // Encryption and multiplexing add their frames: 16 bytes to each 64 KiB, 12 to each write, and window updates.
  expect(counted).toBeGreaterThan(5_000_000)
  expect(counted).toBeLessThan(5_000_000 * 1.02)
  expect(seconds).toBeLessThan(10)
}, 20_000)

test('a peer whose hour is used up loses its circuits and gets none, whichever side it is on; others do', async () => {
  const relay = await runningRelay({ relayHourBytes: 256 * KiB })
  const [anna, ben, cleo, dan] = [await reservedTab(relay), await sink(relay), await sink(relay), await reservedTab(relay)]
  const stream = await open(await circuit(anna, ben.tab))
  await pour(stream, MiB).catch(() => {}) // it may notice before it has sent everything, or after
  await expect.poll(() => relay.metrics.counted('refused_total', 'peer-hour')).toBe(1)
  expect(relay.metrics.counted('relayed_bytes_total')).toBeLessThan(256 * KiB + 64 * KiB)
  await expect.poll(() => relay.metrics.read('circuits')).toBe(0)
  await expect(circuit(anna, cleo.tab)).rejects.toThrow() // it opened the circuit
  await expect(circuit(dan, ben.tab)).rejects.toThrow() // the circuit led to it
  expect(relay.metrics.counted('refused_total', 'peer-hour')).toBe(3)
  await pour(await open(await circuit(dan, cleo.tab)), 10 * KiB)
  await expect.poll(cleo.received).toBe(10 * KiB)
}, 20_000) // four tabs, each with five seconds to find its place

test('a reader that takes nothing makes the writer wait: the relay holds a window, and nothing is lost', async () => {
  const relay = await runningRelay()
  const [anna, ben] = [await reservedTab(relay), await sink(relay, 256 * KiB)]
  const connection = await circuit(anna, ben.tab)
  const streams: Stream[] = []
  for (let n = 0; n < 24; n++) streams.push(await open(connection))
  const stop = ben.tab.getConnections().flatMap(each => each.streams).find(({ protocol }) => protocol === RELAY_V2_STOP_CODEC) ?? expect.fail('no circuit')
  const before = relay.metrics.counted('relayed_bytes_total')
  stop.pause()
  const pouring = Promise.all(streams.map(async stream => { await pour(stream, 250 * KiB) })) // each has a window of 256 KiB of its own
  await new Promise(done => { setTimeout(done, 1500) })
  const taken = relay.metrics.counted('relayed_bytes_total') - before
  expect(taken).toBeGreaterThan(0)
  expect(taken - stop.readBufferLength).toBeLessThan(limits.streamWindowBytes)
  stop.resume()
  await pouring
  await expect.poll(ben.received, { timeout: 10_000 }).toBe(24 * 250 * KiB)
}, 20_000)

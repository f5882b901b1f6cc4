import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jsonLog } from '../../../src/relay/log.ts'
import { defaultOptions, parseOptions } from '../../../src/relay/options.ts'
import { upgrade } from './raw-socket.ts'
import { runningRelay, temporaryFolder } from './running.ts'
import { reservedTab } from './tab.ts'

test('the relay is the same peer after a restart, and its key is for its user alone', async () => {
  const data = join(await temporaryFolder(), 'deep', 'data')
  const first = await runningRelay({ data })
  await first.stop()
  const key = await readFile(join(data, 'relay.key'))
  expect((await stat(join(data, 'relay.key'))).mode & 0o777).toBe(0o600)
  const second = await runningRelay({ data, port: first.port })
  expect([second.peerId, second.port]).toEqual([first.peerId, first.port])
  expect(await readFile(join(data, 'relay.key'))).toEqual(key)
  expect((await runningRelay()).peerId).not.toBe(first.peerId)
})

test('a damaged key, a missing app and a taken port are said in words', async () => {
  const data = await temporaryFolder()
  await writeFile(join(data, 'relay.key'), 'not a key')
  await expect(runningRelay({ data })).rejects.toThrow(/relay\.key is not a relay key/)
  await expect(runningRelay({ root: await temporaryFolder() })).rejects.toThrow(/No built app in/)
  const other = createServer()
  await new Promise<void>(done => { other.listen(0, '127.0.0.1', done) })
  const { port } = other.address() as { port: number }
  await expect(runningRelay({ port })).rejects.toThrow(`TCP port ${port} of 127.0.0.1 is in use. Choose another with --port, or 0 for a free one`)
  await new Promise(done => { other.close(done) })
  await expect(runningRelay({ port, host: '203.0.113.7' })).rejects.toThrow('This machine has no address 203.0.113.7')
})

test('it stops with everything open, and lets go of the port', async () => {
  const relay = await runningRelay()
  const [raw, tracker] = [await upgrade(relay.port, '/'), await upgrade(relay.port, '/announce')]
  const ended = Promise.all([raw, tracker].map(async ({ socket }) => await new Promise(done => { socket.resume().once('close', done) })))
  await reservedTab(relay)
  const begin = performance.now()
  await Promise.all([relay.stop(), relay.stop()])
  expect(performance.now() - begin).toBeLessThan(2500)
  await ended
  expect(relay.logged).toContain('started')
  expect((await runningRelay({ port: relay.port })).port).toBe(relay.port)
})

test('options: what is given, and the rest as it was', () => {
  expect(parseOptions([])).toEqual(defaultOptions)
  expect(parseOptions(['--help', '--port', '1'])).toBe('help')
  expect(parseOptions(['--port', '0', '--host', '0.0.0.0', '--data', 'd', '--name', 'home-2', '--relay-bytes', '32MiB', '--relay-hour-bytes', '2GiB', '--per-address', '9',
    '--public-url', 'https://relay.example', '--network', 'n.json', '--content-dir', 's3://music', '--blocklist', 'b.txt', '--no-anchor', '--stun', 'relay.example:3478', '--relay-peer', 'https://b.example=12D3KooWother', '--relay-peer', 'http://c.example:81/=12D3KooWthird'])).toEqual({
    port: 0, host: '0.0.0.0', data: 'd', name: 'home-2', relayBytes: 32 * 2 ** 20, relayHourBytes: 2 * 2 ** 30, perAddress: 9, publicUrl: 'https://relay.example/', network: 'n.json', anchor: false, contentDir: 's3://music', blocklist: 'b.txt', keep: null, stun: 'relay.example:3478',
    relayPeers: [{ url: 'https://b.example/', peerId: '12D3KooWother' }, { url: 'http://c.example:81/', peerId: '12D3KooWthird' }],
  })
})

test.each([
  '--port=80000', '--no-anchor=1', '--port=-1', '--port=x', '--port=', '--port', '--colour red', 'extra', '--name MyNet', '--name=', '--host a/b', '--relay-bytes 1',
  '--relay-bytes 1TB', '--relay-hour-bytes 1', '--per-address 0', '--public-url ftp://x', '--public-url https://x/y', '--relay-peer https://x', '--data=', '--stun relay.example', '--stun a/b:1',
])('%s is refused', line => {
  expect(() => parseOptions(line.split(' '))).toThrow(expect.objectContaining({ code: 'bad-input' }))
})

test('a log line is one JSON object', () => {
  const lines: string[] = []
  jsonLog(line => lines.push(line), { now: () => 0 }).warn('something', { n: 1, text: 'two\nlines' })
  expect(lines).toEqual(['{"time":"1970-01-01T00:00:00.000Z","level":"warn","event":"something","n":1,"text":"two\\nlines"}\n'])
})

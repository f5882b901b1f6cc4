import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { limits, type HoldfastError } from '../../../src/base/index.ts'
import { mergePlaces, peerIdOf, placesOfHost, type NetworkPlaces } from '../../../src/net/index.ts'
import { runningRelay } from '../relay/running.ts'

const codeOf = async (promise: Promise<unknown>) => await promise.then(() => 'no error', (error: unknown) => (error as HoldfastError).code)
const peerId = (n: number) => peerIdOf(new Uint8Array(32).fill(n))
const file = (more: object = {}) => ({ name: 'net', version: '1', relays: [{ url: '/', peerId: peerId(1) }], trackers: ['/announce'], stun: ['/'], ...more })

async function serving(answer: (response: ServerResponse, path: string) => void): Promise<{ host: string, asked: string[] }> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.cookie ?? '-'} ${request.headers.referer ?? '-'}`)
    answer(response, request.url ?? '')
  })
  await new Promise<void>(done => { server.listen(0, '127.0.0.1', done) })
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(done => { server.close(done) })
  })
  return { host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`, asked }
}

test('the places of a real relay on this machine', async () => {
  const { port, peerId: id } = await runningRelay()
  const there = `127.0.0.1:${String(port)}`
  expect(await placesOfHost(there)).toEqual({
    name: 'local', relays: [`/ip4/127.0.0.1/tcp/${String(port)}/ws/p2p/${id}`], trackers: [`ws://${there}/announce`], stun: [`stun:${there}`],
  })
  expect((await placesOfHost(`localhost:${String(port)}`)).stun).toEqual([`stun:${there}`])
})

test.each(['', 'a b', 'https://relay.example', 'relay.example/x', 'user@relay.example', 'relay.example:99999', 'relay.example:', 'relay.example?x', '#', '[::1', '999.1.1.1', 'r\u00e9lay.example', 'a'.repeat(254)])('%j is no host', async host => {
  const fetching = vi.spyOn(globalThis, 'fetch')
  expect(await codeOf(placesOfHost(host))).toBe('bad-input')
  expect(fetching).not.toHaveBeenCalled()
  fetching.mockRestore()
})

test.each([
  ['relay.example', 'https://relay.example/network.json'], ['relay.example:8443', 'https://relay.example:8443/network.json'], ['203.0.113.7', 'https://203.0.113.7/network.json'],
  ['192.168.1.1:80', 'https://192.168.1.1:80/network.json'], ['127.0.0.1.example', 'https://127.0.0.1.example/network.json'], ['localhost.example', 'https://localhost.example/network.json'],
  ['localhost:9', 'http://localhost:9/network.json'], ['127.1:9', 'http://127.0.0.1:9/network.json'], ['[::1]:9', 'http://[::1]:9/network.json'], ['[2001:db8::1]', 'https://[2001:db8::1]/network.json'],
])('%s is asked at %s, with nothing of ours', async (host, url) => {
  const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => await Promise.resolve(Response.json(file())))
  await placesOfHost(host)
  const [asked, init] = fetching.mock.calls[0] ?? []
  fetching.mockRestore()
  expect(asked).toEqual(new URL(url))
  expect(init).toMatchObject({ credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' })
})

test('what a file says of other hosts counts only where it cannot lead into a private network', async () => {
  const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => await Promise.resolve(Response.json(file({
    relays: ['/', 'https://other.example', 'http://plain.example', 'https://10.0.0.1', 'https://router.lan', 'https://printer', 'http://localhost:631'].map((url, n) => ({ url, peerId: peerId(n) })),
    trackers: ['/announce', 'wss://tracker.example', 'ws://tracker.example', 'wss://192.168.1.1'],
    stun: ['/', 'https://stun.example:3478', 'https://192.168.1.1', 'http://localhost'],
  }))))
  const places = await placesOfHost('relay.example')
  fetching.mockRestore()
  expect(places).toEqual({
    name: 'net',
    relays: [`/dns/relay.example/tcp/443/tls/ws/p2p/${peerId(0)}`, `/dns/other.example/tcp/443/tls/ws/p2p/${peerId(1)}`],
    trackers: ['wss://relay.example/announce', 'wss://tracker.example/'],
    stun: ['stun:relay.example:443', 'stun:stun.example:3478'],
  })
})

test('a redirect is not followed', async () => {
  const aim = await serving(response => { response.end(JSON.stringify(file())) })
  const { host } = await serving(response => { response.writeHead(302, { location: `http://${aim.host}/network.json` }).end() })
  expect(await codeOf(placesOfHost(host))).toBe('relay-unreachable')
  expect(aim.asked).toEqual([])
})

test.each<[string, string, (response: ServerResponse) => void]>([
  ['is not there', 'network-file', response => { response.writeHead(404).end() }],
  ['is no JSON', 'network-file', response => { response.end('<!doctype html>') }],
  ['is null', 'network-file', response => { response.end('null') }],
  ['has no lists', 'network-file', response => { response.end('{"name":"net"}') }],
  ['is endless', 'too-large', response => { const pump = (): void => { while (response.write(Buffer.alloc(65_536, 32))); response.once('drain', pump) }; pump() }],
  ['breaks off', 'relay-unreachable', response => { response.write('{'); setTimeout(() => { response.destroy() }, 50) }],
])('a file that %s: %s', async (_, code, answer) => {
  const { host } = await serving(answer)
  expect(await codeOf(placesOfHost(host))).toBe(code)
})

test('nobody there, a host that hangs, and one who does not want to wait', async () => {
  expect(await codeOf(placesOfHost('127.0.0.1:1'))).toBe('relay-unreachable')
  const { host } = await serving(() => {})
  const begin = performance.now()
  expect(await codeOf(placesOfHost(host, AbortSignal.timeout(100)))).toBe('relay-unreachable')
  expect(performance.now() - begin).toBeLessThan(limits.networkFileMs / 2)
})

test('own places come first, each once, sixteen at most', () => {
  const relays = (from: number, to: number, host: string) => Array.from({ length: to - from }, (_, n) => `/dns/${host}/tcp/443/tls/ws/p2p/${peerId(from + n)}`)
  const own: NetworkPlaces = { name: 'mine', relays: relays(0, 3, 'own.example'), trackers: ['wss://own.example/announce'], stun: [] }
  const others: NetworkPlaces = { name: 'theirs', relays: relays(2, 20, 'other.example'), trackers: ['wss://own.example/announce', 'wss://other.example/announce'], stun: ['stun:other.example:443'] }
  const { name, relays: all, trackers, stun } = mergePlaces(own, others)
  expect([name, all.length, all.slice(0, 4), trackers, stun]).toEqual([
    'mine', 16, [...own.relays, ...relays(3, 4, 'other.example')], ['wss://own.example/announce', 'wss://other.example/announce'], ['stun:other.example:443'],
  ])
  expect(mergePlaces(own, own)).toEqual(own)
})

import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { brotliDecompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { networkPlaces } from '../../../src/net/index.ts'
import { contentSecurityPolicy, immutable, securityHeaders } from '../../../src/relay/headers.ts'
import { talk } from './raw-socket.ts'
import { runningRelay, script } from './running.ts'

/** The answer to exactly this request target: `fetch` would tidy the path and undo the coding. */
async function ask(port: number, path: string, headers: Record<string, string> = {}, method = 'GET') {
  return await new Promise<{ status: number, headers: Record<string, string | string[] | undefined>, body: Buffer }>((done, fail) => {
    request({ port, path, headers, method, agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })
      })
    }).on('error', fail).end()
  })
}

test('the page comes with every security header and is asked for again each time', async () => {
  const { port } = await runningRelay()
  const { status, headers, body } = await ask(port, '/')
  expect(status).toBe(200)
  expect(headers).toMatchObject({ ...securityHeaders, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache', vary: 'accept-encoding' })
  expect(body.toString()).toContain('<title>Holdfast</title>')
  const again = await ask(port, '/', { 'if-none-match': `"other", W/${String(headers['etag'])}` })
  expect(again).toMatchObject({ status: 304, headers: { etag: headers['etag'] } })
  expect(again.body.length).toBe(0)
})

test('the security policy is the one that was agreed, and static hosts get the same headers', async () => {
  expect(contentSecurityPolicy).toBe("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    + "connect-src 'self' ws: wss: https: http://127.0.0.1:* http://localhost:*; font-src 'self'; manifest-src 'self'; media-src 'none'; object-src 'none'; frame-src 'none'; base-uri 'none'; "
    + "form-action 'none'; require-trusted-types-for 'script'; frame-ancestors 'none'")
  const file = (await readFile('public/_headers', 'utf8')).toLowerCase()
  for (const [name, value] of Object.entries(securityHeaders)) expect(file).toContain(`  ${name}: ${value.toLowerCase()}\n`)
  expect(file).toContain(`/assets/*\n  cache-control: ${immutable}\n`)
})

test('hashed files are kept for good, and come compressed to those who take it', async () => {
  const { port } = await runningRelay()
  const plain = await ask(port, '/assets/main-abc.js')
  expect(plain.headers).toMatchObject({ 'cache-control': immutable, 'content-type': 'text/javascript; charset=utf-8', vary: 'accept-encoding' })
  expect(plain.headers['content-encoding']).toBeUndefined()
  const coded = await ask(port, '/assets/main-abc.js', { 'accept-encoding': 'gzip, deflate, br;q=0.9' })
  expect(coded.headers).toMatchObject({ 'content-encoding': 'br', 'content-length': String(coded.body.length), 'content-type': 'text/javascript; charset=utf-8' })
  expect(coded.headers['etag']).not.toBe(plain.headers['etag'])
  expect(brotliDecompressSync(coded.body).toString()).toBe(script)
  expect((await ask(port, '/assets/main-abc.js', { 'accept-encoding': 'br;q=0, gzip' })).headers['content-encoding']).toBeUndefined()
  const head = await ask(port, '/assets/main-abc.js', {}, 'HEAD')
  expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(script.length), 0])
})

test('only GET and HEAD, only what is in the app', async () => {
  const { port } = await runningRelay()
  expect((await ask(port, '/my%20file.txt')).body.toString()).toBe('spaced')
  expect(await ask(port, '/', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  const refused: Record<string, number> = {
    '/../secret.txt': 400, '/%2e%2e/secret.txt': 400, '/assets/..%2f..%2fsecret.txt': 400, '/..\\secret.txt': 400, '/a%00b': 400, '/%zz': 400,
    '/%c0%ae%c0%ae/secret.txt': 400, '/share': 404, '/assets/': 404, '/assets': 404, '//etc/passwd': 404, '/secret.txt': 404, '/constructor': 404,
    '/assets/main-abc.js.br': 404, [`/${'a'.repeat(3000)}`]: 414,
  }
  for (const [path, status] of Object.entries(refused)) {
    const { status: got, headers } = await ask(port, path)
    expect([path, got]).toEqual([path, status])
    expect(headers).toMatchObject(securityHeaders)
  }
  expect(await talk(port, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /)
})

test('the network file composes into places, and any page may read it', async () => {
  const relay = await runningRelay({ name: 'test-net', relayPeers: [{ url: 'https://other.example/', peerId: '12D3KooWB8sCGZCrwr79HtabLAn95qyPQx6RYHXjEbiD6QKou7ww' }] })
  const { headers, body } = await ask(relay.port, '/network.json', { origin: 'https://static.example' })
  expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'content-type': 'application/json; charset=utf-8' })
  const file: unknown = JSON.parse(body.toString())
  expect(networkPlaces(file, relay.url)).toEqual({
    name: 'test-net',
    relays: [`/ip4/127.0.0.1/tcp/${relay.port}/ws/p2p/${relay.peerId}`, '/dns/other.example/tcp/443/tls/ws/p2p/12D3KooWB8sCGZCrwr79HtabLAn95qyPQx6RYHXjEbiD6QKou7ww'],
    trackers: [`ws://127.0.0.1:${relay.port}/announce`, 'wss://other.example/announce'],
    stun: [`stun:127.0.0.1:${relay.port}`],
  })
  expect(networkPlaces(file, 'https://relay.example/').relays[0]).toBe(`/dns/relay.example/tcp/443/tls/ws/p2p/${relay.peerId}`)
})

test('behind a proxy, STUN is found at a port of its own', async () => {
  const { port } = await runningRelay({ stun: 'relay.example:8080' })
  const file: unknown = JSON.parse((await ask(port, '/network.json')).body.toString())
  expect(networkPlaces(file, 'https://relay.example/').stun).toEqual(['stun:relay.example:8080'])
})

test('health and metrics tell how it goes', async () => {
  const { port } = await runningRelay()
  await ask(port, '/nothing')
  const health = await ask(port, '/health')
  expect(JSON.parse(health.body.toString())).toMatchObject({ ok: true, name: 'local', reservations: 0, connections: 0, circuits: 0, trackerSwarms: 0 })
  expect(health.headers['access-control-allow-origin']).toBe('*')
  const metrics = (await ask(port, '/metrics')).body.toString()
  expect(metrics).toContain('holdfast_http_requests_total{status="404"} 1\n')
  expect(metrics).toMatch(/^holdfast_reservations 0$/m)
  expect(metrics).toMatch(/^process_resident_memory_bytes \d{7,}$/m)
  for (const line of metrics.trimEnd().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[\w-]+"\})? [\d.e+-]+)$/)
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesAny, readRange } from '../../../src/content/byte-range.ts'
import { isContentPath } from '../../../src/content/index.ts'
import { answerContent } from '../../../src/peer/content-response.ts'
import { noisy } from '../content/archive-help.ts'
import { browser, type Holding } from './held-help.ts'

const bytes = noisy(1000)
const png = new Uint8Array([0x89, ...noisy(99)])
const ids = { z: 'a'.repeat(64), p: 'b'.repeat(64), i: 'c'.repeat(64), coming: 'd'.repeat(64), fake: 'e'.repeat(64) }
const holding = (cid: string, kind: 'z' | 'p' | 'i', content: Uint8Array<ArrayBuffer>, path: string | null = `there/${cid}`): Holding =>
  ({ bytes: content, item: { cid, kind, size: content.length, title: 'A "title"', path, sealed: null, members: null, readable: 0 } })
const from = browser([holding(ids.z, 'z', bytes), holding(ids.p, 'p', bytes), holding(ids.i, 'i', png), holding(ids.fake, 'i', bytes), holding(ids.coming, 'z', bytes, null)])

async function ask(path: string, headers: Record<string, string> = {}, { method = 'GET', fetching = false } = {}): Promise<Response> {
  return await answerContent(new Request('http://x/', { method, headers }), path, fetching, from)
}
const content = async (response: Response) => new Uint8Array(await response.arrayBuffer())
const archive = `content/archives/${ids.z}`
const etag = `"${ids.z}"`

test('the stored bytes, as an attachment with a strong validator', async () => {
  const response = await ask(archive)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toEqual({
    'accept-ranges': 'bytes', 'cache-control': 'private, no-cache', 'content-disposition': "attachment; filename*=UTF-8''A%20_title_.tgz",
    'content-length': '1000', 'content-security-policy': "sandbox; default-src 'none'", 'content-type': 'application/octet-stream',
    'cross-origin-resource-policy': 'same-origin', 'etag': etag, 'x-content-type-options': 'nosniff',
  })
  expect(Buffer.compare(await content(response), bytes)).toBe(0)
})

test('protected files as they are stored, under their own extension', async () => {
  const response = await ask(`content/archives/${ids.p}`)
  expect(response.headers.get('content-disposition')).toMatch(/\.tgz\.tdf$/)
  expect(Buffer.compare(await content(response), bytes)).toBe(0)
})

test('an image is shown when its header is one, and saved when it is not', async () => {
  const shown = await ask(`content/images/${ids.i}`)
  expect([shown.headers.get('content-type'), shown.headers.get('content-disposition')]).toEqual(['image/png', null])
  expect(shown.headers.get('content-security-policy')).toContain('sandbox')
  const saved = await ask(`content/images/${ids.fake}`)
  expect([saved.headers.get('content-type'), saved.headers.get('content-disposition')?.startsWith('attachment')]).toEqual(['application/octet-stream', true])
})

test('HEAD: the headers of the whole', async () => {
  const response = await ask(archive, { range: 'bytes=0-9' }, { method: 'HEAD' })
  expect([response.status, response.headers.get('content-length'), response.body]).toEqual([200, '1000', null])
})

test.each([
  ['bytes=0-99', 0, 100], ['bytes=990-', 990, 1000], ['bytes=-10', 990, 1000], ['bytes=-5000', 0, 1000], ['bytes=500-99999', 500, 1000], ['bytes=999-999', 999, 1000], ['BYTES= 1-2', 1, 3],
])('%s', async (range, at, end) => {
  const response = await ask(archive, { range })
  expect([response.status, response.headers.get('content-range'), response.headers.get('content-length')]).toEqual([206, `bytes ${at}-${end - 1}/1000`, String(end - at)])
  expect(Buffer.compare(await content(response), bytes.subarray(at, end))).toBe(0)
})

test.each(['bytes=1000-', 'bytes=5000-6000', 'bytes=-0'])('%s cannot be satisfied', async range => {
  const response = await ask(archive, { range })
  expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([416, 'bytes */1000', ''])
})

test.each(['bytes=0-1,5-6', 'bytes=5-2', 'bytes=-', 'bytes=a-b', 'lines=0-1', 'bytes 0-1', ''])('%j is answered with the whole', async range => {
  const response = await ask(archive, { range })
  expect([response.status, (await content(response)).length]).toEqual([200, 1000])
})

test('conditions', async () => {
  for (const each of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const response = await ask(archive, { 'if-none-match': each, 'range': 'bytes=0-1' })
    expect([response.status, response.headers.get('etag'), response.body]).toEqual([304, etag, null])
  }
  expect((await ask(archive, { 'if-none-match': '"other"' })).status).toBe(200)
  expect((await ask(archive, { 'range': 'bytes=0-1', 'if-range': etag })).status).toBe(206)
  for (const each of ['"other"', `W/${etag}`, 'Wed, 25 Nov 2026 23:00:00 GMT']) expect((await ask(archive, { 'range': 'bytes=0-1', 'if-range': each })).status).toBe(200)
})

test('unknown, of another kind, or not a path of content: 404 as text', async () => {
  const paths = [`content/archives/${'0'.repeat(64)}`, `content/images/${ids.z}`, `content/audio/${ids.z}`, `content/archives/${ids.i}`, `content/archives/${ids.z.toUpperCase()}`, `${archive}/x`, 'content/archives/', 'content/', 'content']
  for (const path of paths) {
    const response = await ask(path)
    expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 404, 'text/plain; charset=utf-8'])
    expect(isContentPath(path)).toBe(true)
  }
  expect(isContentPath('contents')).toBe(false)
})

test('only reading', async () => {
  expect((await ask(archive, {}, { method: 'DELETE' })).status).toBe(405)
})

test('what still comes is given as it comes, where that is asked for', async () => {
  const path = `content/archives/${ids.coming}`
  expect((await ask(path)).status).toBe(404)
  const response = await ask(path, {}, { fetching: true })
  expect([response.status, response.headers.get('content-length')]).toEqual([200, '1000'])
  expect(Buffer.compare(await content(response), bytes)).toBe(0)
  expect(Buffer.compare(await content(await ask(path, { range: 'bytes=10-19' }, { fetching: true })), bytes.subarray(10, 20))).toBe(0)
})

test('any header gives a part of the file, the whole, or nothing, and never throws', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d{0,18}-\d{0,18}$/)), fc.nat(2000), (header, size) => {
    const range = readRange(header, size)
    if (range === null || range === 'unsatisfiable') return
    expect(range.at).toBeGreaterThanOrEqual(0)
    expect(range.end).toBeGreaterThan(range.at)
    expect(range.end).toBeLessThanOrEqual(size)
  }))
  expect(matchesAny(null, etag)).toBe(false)
})

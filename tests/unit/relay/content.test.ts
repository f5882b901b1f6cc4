import { createHash, randomBytes } from 'node:crypto'
import { utimes, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Cid } from '../../../src/base/index.ts'
import { blockHash, contentKey, type Kind } from '../../../src/content/index.ts'
import { openFolderBucket } from '../../../src/relay/content/folder-bucket.ts'
import { parseOptions } from '../../../src/relay/options.ts'
import { noisy } from '../content/archive-help.ts'
import { chunk as pngChunk, png } from '../content/png-help.ts'
import { runningRelay, temporaryFolder } from './running.ts'

interface Got { readonly status: number, readonly headers: Readonly<Record<string, string | string[] | undefined>>, readonly body: Buffer }

async function ask(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return await new Promise((done, fail) => {
    request({ port, path, headers, method, agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', fail).on('end', () => { done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }) })
    }).on('error', fail).end()
  })
}

/** A folder with one file in it, and what it is. */
async function folderWith(kind: Kind, bytes: Uint8Array): Promise<{ readonly contentDir: string, readonly cid: Cid, readonly file: string }> {
  const contentDir = await temporaryFolder()
  const cid = createHash('sha256').update(bytes).digest('hex')
  await (await openFolderBucket(contentDir)).writeAll(contentKey(kind, cid), bytes)
  return { contentDir, cid, file: join(contentDir, contentKey(kind, cid)) }
}

const bytes = noisy(2_500_000)

test.each([['z', 'archives'], ['p', 'archives'], ['a', 'audio']] as const)('a file of kind %s comes as curl asks for it: whole, in ranges, on conditions', async (kind, folder) => {
  const { contentDir, cid } = await folderWith(kind, bytes)
  const { port, metrics } = await runningRelay({ contentDir, anchor: false })
  const path = `/content/${folder}/${cid}`
  const whole = await ask(port, path)
  expect(whole.status).toBe(200)
  expect(whole.body.equals(bytes)).toBe(true)
  expect(whole.headers).toMatchObject({
    'etag': `"${cid}"`, 'accept-ranges': 'bytes', 'content-length': String(bytes.length), 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'", 'cross-origin-resource-policy': 'same-origin', 'access-control-allow-origin': '*',
  })
  expect(whole.headers['content-disposition']).toMatch(/^attachment;.*tdf$|^attachment;.*tgz$/)
  for (const [range, at, end] of [['bytes=0-0', 0, 1], ['bytes=1048570-1048589', 1_048_570, 1_048_590], ['bytes=2000000-', 2_000_000, bytes.length], ['bytes=-10', bytes.length - 10, bytes.length], ['bytes=5-99999999', 5, bytes.length]] as const) {
    const part = await ask(port, path, { range })
    expect([part.status, part.headers['content-range'], part.headers['content-length']]).toEqual([206, `bytes ${at}-${end - 1}/${bytes.length}`, String(end - at)])
    expect(part.body.equals(bytes.subarray(at, end))).toBe(true)
  }
  expect(await ask(port, path, { range: `bytes=${bytes.length}-` })).toMatchObject({ status: 416, headers: { 'content-range': `bytes */${bytes.length}` }, body: Buffer.alloc(0) })
  expect(await ask(port, path, { 'if-none-match': `"${cid}"` })).toMatchObject({ status: 304, body: Buffer.alloc(0) })
  expect((await ask(port, path, { 'range': 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200)
  expect(await ask(port, path, {}, 'HEAD')).toMatchObject({ status: 200, headers: { 'content-length': String(bytes.length) }, body: Buffer.alloc(0) })
  expect(metrics.counted('content_requests_total', '206')).toBe(5)
  expect(metrics.counted('content_bytes_total')).toBe(2 * bytes.length + 1 + 20 + 500_000 + 10 + bytes.length - 5)
  expect(metrics.read('content_streams')).toBe(0)
})

test('what is not there, or is something else, is not found', async () => {
  const { contentDir, cid } = await folderWith('z', bytes)
  const { port } = await runningRelay({ contentDir, anchor: false })
  for (const path of [`/content/audio/${cid}`, `/content/images/${cid}`, `/content/archives/${'0'.repeat(64)}`, `/content/archives/${cid.toUpperCase()}`, `/content/archives/${cid}/`, '/content/archives/..', '/content', '/content/', `/content/constructor/${cid}`]) {
    expect([path, (await ask(port, path)).status]).toEqual([path, path.includes('..') ? 400 : 404])
  }
  expect(await ask(port, `/content/archives/${cid}`, {}, 'PUT')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } })
  expect((await ask(port, '/')).status).toBe(200)
})

test('pages of other origins may ask for parts', async () => {
  const { contentDir, cid } = await folderWith('z', bytes)
  const { port } = await runningRelay({ contentDir, anchor: false })
  const asked = await ask(port, `/content/archives/${cid}`, { 'origin': 'https://example.org', 'access-control-request-method': 'GET', 'access-control-request-headers': 'range,cache-control' }, 'OPTIONS')
  expect(asked).toMatchObject({ status: 204, headers: { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, HEAD' } })
  expect(asked.headers['access-control-allow-headers']).toContain('range')
})

test('a picture is shown, and what only says it is one is saved', async () => {
  const picture = await folderWith('i', png({}, pngChunk('IDAT', new Uint8Array(12)), pngChunk('IEND')))
  const shown = await ask((await runningRelay({ contentDir: picture.contentDir, anchor: false })).port, `/content/images/${picture.cid}`)
  expect(shown.headers['content-type']).toBe('image/png')
  expect(shown.headers['content-disposition']).toBeUndefined()
  const lie = await folderWith('i', Buffer.from('<script>alert(1)</script>'.repeat(10)))
  const saved = await ask((await runningRelay({ contentDir: lie.contentDir, anchor: false })).port, `/content/images/${lie.cid}`)
  expect(saved.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-disposition': expect.stringMatching(/^attachment/) as string })
})

test('what a list names is not given, also when it is added later', async () => {
  const { contentDir, cid } = await folderWith('z', bytes)
  const list = join(await temporaryFolder(), 'blocked.txt')
  await writeFile(list, '# nothing yet\n')
  const { port } = await runningRelay({ contentDir, blocklist: list, anchor: false })
  expect((await ask(port, `/content/archives/${cid}`)).status).toBe(200)
  await writeFile(list, `${blockHash(cid)} # taken down\n`)
  await utimes(list, Date.now() / 1000 + 60, Date.now() / 1000 + 60)
  const now = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => now + 10_000)
  try {
    expect(await ask(port, `/content/archives/${cid}`)).toMatchObject({ status: 451 })
    expect((await ask(port, `/content/archives/${cid}`, {}, 'HEAD')).status).toBe(451)
  } finally { vi.restoreAllMocks() }
  const broken = join(await temporaryFolder(), 'broken.txt')
  await writeFile(broken, 'not a hash\n')
  await expect(runningRelay({ contentDir, blocklist: broken, anchor: false })).rejects.toMatchObject({ code: 'bad-input' })
  await expect(runningRelay({ contentDir, blocklist: `${broken}.none`, anchor: false })).rejects.toMatchObject({ code: 'bad-input' })
})

test('a file that is taken away, or is another one now, is not given in part', async () => {
  const { contentDir, cid, file } = await folderWith('z', bytes)
  const { port } = await runningRelay({ contentDir, anchor: false })
  expect((await ask(port, `/content/archives/${cid}`, { range: 'bytes=0-9' })).status).toBe(206)
  await writeFile(file, 'another')
  expect((await ask(port, `/content/archives/${cid}`, { range: 'bytes=0-9' })).status).toBe(404)
  const bucket = await openFolderBucket(contentDir)
  await bucket.delete(contentKey('z', cid))
  expect((await ask(port, `/content/archives/${cid}`)).status).toBe(404)
})

test('a reader that goes away in the middle holds nothing', async () => {
  const { contentDir, cid } = await folderWith('z', randomBytes(30_000_000))
  const { port, metrics } = await runningRelay({ contentDir, anchor: false })
  await new Promise<void>(done => {
    const asking = request({ port, path: `/content/archives/${cid}`, agent: false }, response => { response.once('data', () => { asking.destroy() }) })
    asking.on('error', () => { done() }).on('close', () => { done() }).end()
  })
  await vi.waitFor(() => { expect(metrics.read('content_streams')).toBe(0) })
  expect(metrics.counted('content_bytes_total')).toBeLessThan(30_000_000)
})

test('where content lies is said on the command line or by the environment', () => {
  expect(parseOptions([], {})).toMatchObject({ contentDir: null, blocklist: null })
  expect(parseOptions([], { HOLDFAST_CONTENT_DIR: '/srv/content' })).toMatchObject({ contentDir: '/srv/content' })
  expect(parseOptions(['--content-dir', 's3://music?region=eu-west-1', '--blocklist', 'list.txt'], { HOLDFAST_CONTENT_DIR: '/srv/content' })).toMatchObject({ contentDir: 's3://music?region=eu-west-1', blocklist: 'list.txt' })
})

test.each(['ftp://host/x', 'opfs://x', 's3://music?region=eu-west-1', 's3://Music', 'azblob://x?storage_account=abc', 'file://host.example/x'])('%s is refused with the reason', async contentDir => {
  await expect(runningRelay({ contentDir, anchor: false })).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('--content-dir') as string })
})

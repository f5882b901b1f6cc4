import { expect, test } from 'vitest'
import { attachedName, planArchive } from '../../../src/content/index.ts'
import { savePath } from '../../../src/peer/save-path.ts'
import { answerSave } from '../../../src/peer/save-response.ts'
import { text } from '../../contract/support/archives.ts'
import { setupOf, tdfOf } from '../../support/tdf.ts'
import { archiveOf, noisy } from '../content/archive-help.ts'
import { browser, type Holding } from './held-help.ts'

const inputs = [{ path: 'trip/a.txt', bytes: text('first') }, { path: 'trip/b: b.bin', bytes: noisy(900_000) }, { path: 'trip/c', bytes: text('last') }, { path: 'trip/d', bytes: noisy(600_000) }]
const archive = archiveOf(inputs)
const { members } = planArchive(inputs.map(({ path, bytes }) => ({ path, size: bytes.length })))
const cid = 'a'.repeat(64)
const item = { cid, kind: 'z', size: archive.length, title: 'A trip', path: 'archives/aa/aa/x.tgz', sealed: null, members, readable: Infinity } as const
const whole: Holding = { item, bytes: archive }
const key = new Uint8Array(32).fill(5)
const sealed = { iv: new Uint8Array(12), ct: new Uint8Array(48) }

async function guarded(): Promise<Holding> {
  const bytes = await tdfOf(archive, await setupOf(key))
  return { item: { ...item, kind: 'p', size: bytes.length, sealed }, bytes, key }
}

const save = async (from: ReturnType<typeof browser>, member: number | null, method = 'GET') => await answerSave(method, `/app/${savePath(cid, member)}`, from)
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer())

test.each([true, false])('a finished archive and its members, a tab open: %s', async leads => {
  const from = browser([whole], { leads })
  const one = await save(from, 1)
  expect(one.status).toBe(200)
  expect(Object.fromEntries(one.headers)).toMatchObject({
    'content-disposition': "attachment; filename*=UTF-8''b_%20b.bin", 'content-length': '900000', 'content-type': 'application/octet-stream',
    'content-security-policy': "sandbox; default-src 'none'", 'x-content-type-options': 'nosniff', 'cache-control': 'no-store',
  })
  expect(Buffer.compare(await bytesOf(one), inputs[1]!.bytes)).toBe(0)
  const all = await save(from, null)
  expect(all.headers.get('content-disposition')).toContain("A%20trip.tgz")
  expect(all.headers.get('content-length')).toBe(String(archive.length))
  expect([one, all].map(({ headers }) => attachedName(headers.get('content-disposition')))).toEqual(['b_ b.bin', 'A trip.tgz'])
  expect(Buffer.compare(await bytesOf(all), archive)).toBe(0)
  expect(from.asked).toEqual([])
})

test('what says no name of a file, or none that can be read, has none', () => {
  expect([null, 'inline', 'attachment', "attachment; filename*=UTF-8''%ff"].map(attachedName)).toEqual([null, null, null, null])
})

test('a finished file that lies where only the worker of a tab finds it', async () => {
  const response = await save(browser([whole], { local: false }), 2)
  expect(new TextDecoder().decode(await bytesOf(response))).toBe('last')
})

test('HEAD says the same without the bytes', async () => {
  const response = await save(browser([whole]), 1, 'HEAD')
  expect([response.status, response.headers.get('content-length'), response.body]).toEqual([200, '900000', null])
})

test('of an archive that still comes: members that are all here, and nothing else', async () => {
  const readable = members[1]!.offset + members[1]!.size
  const coming = { item: { ...item, path: null, readable }, bytes: archive, here: 2 ** 20 }
  const from = browser([coming])
  expect(Buffer.compare(await bytesOf(await save(from, 1)), inputs[1]!.bytes)).toBe(0)
  expect((await save(from, 2)).status).toBe(404)
  expect((await save(from, null)).status).toBe(404)
})

test('a stream fails where the bytes end too soon', async () => {
  const from = browser([{ item: { ...item, path: null }, bytes: archive, here: 300_000 }])
  await expect(bytesOf(await save(from, 1))).rejects.toThrow()
})

test('protected: members, and all of it as an archive anybody can unpack', async () => {
  const from = browser([await guarded()])
  const one = await save(from, 1)
  expect(Buffer.compare(await bytesOf(one), inputs[1]!.bytes)).toBe(0)
  const all = await save(from, null)
  expect(all.headers.get('content-disposition')).toMatch(/A%20trip\.tgz$/)
  expect(all.headers.get('content-length')).toBe(String(archive.length))
  expect(Buffer.compare(await bytesOf(all), archive)).toBe(0)
})

test('protected and still coming', async () => {
  const { item: known, bytes } = await guarded()
  const from = browser([{ item: { ...known, path: null, readable: 2000 }, bytes, key }])
  expect(new TextDecoder().decode(await bytesOf(await save(from, 0)))).toBe('first')
  expect((await save(from, 1)).status).toBe(404)
})

test.each([
  ['another key', { key: new Uint8Array(32).fill(6) }, {}, 500, 'wrong-key'],
  ['no key', {}, { sealed: null }, 500, 'wrong-key'],
])('protected, with %s: told before any byte', async (_, other, known, status, code) => {
  const holding = await guarded()
  const response = await save(browser([{ ...holding, ...other, item: { ...holding.item, ...known } }]), 0)
  expect([response.status, response.headers.get('holdfast-problem')]).toEqual([status, code])
})

test('protected, and damaged in the middle: the stream fails', async () => {
  const holding = await guarded()
  const bytes = holding.bytes.map((byte, i) => i === 500_000 ? byte ^ 1 : byte)
  await expect(bytesOf(await save(browser([{ ...holding, bytes }]), 2))).rejects.toMatchObject({ code: 'tdf-damaged' })
})

test('protected, and no tab is open: the reason in words', async () => {
  const response = await save(browser([await guarded()], { leads: false }), 0)
  expect([response.status, response.headers.get('holdfast-problem')]).toEqual([503, 'timeout'])
  expect(await response.text()).toContain('Open Holdfast')
})

test('what is not there is 404 as text, without asking anybody', async () => {
  const from = browser([])
  for (const path of [savePath(cid, 0), savePath(cid, null), 'save/nothing/0', `save/${cid}/x`]) {
    const response = await answerSave('GET', `/${path}`, from)
    expect([response.status, response.headers.get('content-type'), response.headers.get('holdfast-problem')]).toEqual([404, 'text/plain; charset=utf-8', 'not-found'])
  }
  expect((await answerSave('GET', `/${savePath(cid, 7)}`, browser([whole]))).status).toBe(404)
  expect(from.asked).toEqual([])
})

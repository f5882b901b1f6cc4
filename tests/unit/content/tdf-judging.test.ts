import { createHmac } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { concat, equalBytes, utf8 } from '../../../src/base/index.ts'
import { openTdf } from '../../../src/content/index.ts'
import { keysOf, plainOf, random, readerOf, setupOf, tdfOf } from '../../support/tdf.ts'
import { numbers, zipOf, type ZipEntry } from '../../support/zip.ts'
import { noisy } from './archive-help.ts'

/* Every way in which a protected file can be wrong: it is refused with a code, before any of its plaintext, and nothing throws. */

const segmentBytes = 1000
const plain = noisy(2500)
const key = random.bytes(32)
const keys = await keysOf(key)
const good = await tdfOf(plain, await setupOf(key, { segmentBytes, maxBytes: plain.length }))

interface Line { hash: string, segmentSize?: number | undefined, encryptedSegmentSize?: number | undefined }
interface Integrity { rootSignature: { alg: string, sig: string }, segmentHashAlg: string, segmentSizeDefault: number, encryptedSegmentSizeDefault: number, segments: Line[] }
interface Access { type: string, sid?: unknown, policyBinding: unknown }
interface Manifest {
  payload: { isEncrypted: unknown }
  encryptionInformation: { policy: unknown, keyAccess: Access[], method: { algorithm: string }, integrityInformation: Integrity }
  schemaVersion?: string | undefined
}

/** A good file in its two parts. */
function partsOf(file: Uint8Array): { readonly payload: Uint8Array, readonly manifest: Manifest } {
  const bytes = Buffer.from(file)
  const text = bytes.toString('latin1', bytes.indexOf('{"payload"'), bytes.readUInt32LE(bytes.length - 6))
  return { payload: file.subarray(39, 39 + plain.length + 3 * 28), manifest: JSON.parse(text) as Manifest }
}

const { payload, manifest: sound } = partsOf(good)
const json = (value: unknown) => utf8(JSON.stringify(value))
const entries = (manifest: unknown = sound, bytes: Uint8Array = payload): readonly [ZipEntry, ZipEntry] => [{ name: '0.payload', bytes }, { name: '0.manifest.json', bytes: json(manifest) }]

/** The sound manifest, changed. */
function changed(change: (manifest: Manifest, integrity: Integrity) => void): Manifest {
  const manifest = structuredClone(sound)
  change(manifest, manifest.encryptionInformation.integrityInformation)
  return manifest
}

const hmac = (bytes: Uint8Array) => createHmac('sha256', key).update(bytes).digest()
const rawRoot = (lines: readonly Line[]) => hmac(Buffer.concat(lines.map(({ hash }) => Buffer.from(hash, 'base64')))).toString('base64')

/** What becomes of it: `ok`, or the code; a file that unlocks and then fails is `late`. */
async function verdict(file: Uint8Array): Promise<string> {
  const opened = await openTdf(readerOf(file), file.length)
  if (!opened.ok) return opened.code
  const judged = await opened.value.unlock(keys)
  if (!judged.ok) return judged.code
  try { return equalBytes(await plainOf(file, keys), plain) ? 'ok' : 'other bytes' } catch (error) { return `late ${(error as { code?: string }).code ?? String(error)}` }
}

const other = numbers([2, 0x5455], [2, 5], [1, 1], [4, 7])
const [first, second] = entries()

test.each<[string, Uint8Array]>([
  ['as we write it', good],
  ['plain zip', zipOf(entries())],
  ['the manifest first', zipOf([second, first])],
  ['something before it', zipOf(entries(), { before: noisy(100) })],
  ['a zip64 end only', zipOf(entries(), { wide: true })],
  ['zip64 fields in a zip32', zipOf([{ ...first, wide: ['size', 'stored', 'at'] }, { ...second, wide: ['at'] }])],
  ['zip64 all over', zipOf([{ ...first, wide: ['size', 'stored', 'at'], localExtra: numbers([2, 1], [2, 16], [8, 5], [8, 5]) }, { ...second, wide: ['size', 'stored'] }], { wide: true })],
  ['other extra fields, before and beside', zipOf([{ ...first, extra: other, localExtra: concat(other, other), wide: ['size', 'stored'] }, { ...second, localExtra: other, comment: 'remark' }])],
  ['descriptors, short and long', zipOf([{ ...first, flags: 8, descriptor: noisy(16) }, { ...second, flags: 8 | 1 << 11, descriptor: noisy(24) }])],
])('read: %s', async (_, file) => { expect(await verdict(file)).toBe('ok') })

test.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array(0)], ['noise', noisy(5000)], ['an end alone', zipOf([])], ['21 bytes', good.subarray(-21)],
  ['a comment', zipOf(entries(), { comment: 'hello' })], ['cut short', good.subarray(0, -1)], ['something after it', concat(good, Uint8Array.of(0))],
  ['one entry', zipOf([first])], ['three', zipOf([first, second, { name: 'more', bytes: noisy(5) }])],
  ['two payloads', zipOf([first, first])], ['another name', zipOf([first, { ...second, name: 'manifest.json' }])], ['a name that is not text', zipOf([{ ...first, name: '\u0000.payload' }, second])],
  ['a compressed manifest', zipOf([first, { ...second, bytes: deflateRawSync(json(sound)), method: 8 }])], ['a compressed payload', zipOf([{ ...first, bytes: deflateRawSync(payload), method: 8 }, second])],
  ['compressed by its local header alone', zipOf([{ ...first, localMethod: 8 }, second])],
  ['an encrypted entry', zipOf([{ ...first, flags: 1 }, second])], ['a masked one', zipOf([first, { ...second, flags: 1 << 13 }])],
  ['two sizes: a bomb', zipOf([{ ...first, size: 2 ** 31 }, second])],
  ['a payload longer than the file', zipOf([{ ...first, size: 2 ** 31, stored: 2 ** 31 }, second])],
  ['one of 2^60 bytes', zipOf([{ ...first, size: 2 ** 60, stored: 2 ** 60, wide: ['size', 'stored'] }, second])],
  ['a manifest of 2^60 bytes', zipOf([first, { ...second, size: 2 ** 60, stored: 2 ** 60, wide: ['size', 'stored'] }])],
  ['saturated fields without their place', zipOf([{ ...first, size: 0xffffffff, stored: 0xffffffff }, second])],
  ['an entry elsewhere', zipOf([{ ...first, at: 7 }, second])], ['one beyond the file', zipOf([{ ...first, at: 2 ** 31 }, second])], ['far beyond', zipOf([{ ...first, at: 2 ** 62, wide: ['at'] }, second])],
  ['another name at its place', zipOf([{ ...first, localName: '1.payload' }, second])], ['a longer name', zipOf([{ ...first, localName: '0.payload.' }, second])],
  ['entries over each other', zipOf([{ ...first, size: payload.length + 60, stored: payload.length + 60 }, second])],
  ['the same bytes twice', zipOf([{ ...first, size: good.length - 200, stored: good.length - 200 }, second])],
  ['its directory beyond the file', zipOf(entries(), { at: 2 ** 31 })], ['of a gigabyte', zipOf(entries(), { length: 2 ** 30 })], ['of 70 KiB', zipOf([{ ...first, extra: concat(numbers([2, 9], [2, 65_000]), new Uint8Array(65_000)) }, { ...second, localExtra: new Uint8Array(0), extra: concat(numbers([2, 9], [2, 6000]), new Uint8Array(6000)) }])],
  ['of no bytes', zipOf(entries(), { length: 0 })], ['elsewhere', zipOf(entries(), { at: 5 })], ['of the highest place', zipOf(entries(), { wide: true, at: 2n ** 64n - 1n })],
  ['a zip64 end of other entries', zipOf(entries(), { wide: true, entries: 3 })],
  ['a zip64 without its locator', concat(zipOf(entries()).subarray(0, -22), numbers([4, 0x06054b50], [2, 0], [2, 0], [2, 0xffff], [2, 0xffff], [4, 0xffffffff], [4, 0xffffffff], [2, 0]))],
  ['a zip64 end that is 22 bytes', numbers([4, 0x06054b50], [2, 0], [2, 0], [2, 0xffff], [2, 0xffff], [4, 0xffffffff], [4, 0xffffffff], [2, 0])],
  ['a locator that leads nowhere', zipOf(entries(), { wide: true }).map((byte, i, all) => i >= all.length - 34 && i < all.length - 26 ? 255 : byte)],
  ['no local header', zipOf(entries()).map((byte, i) => i === 0 ? 0 : byte)],
])('no container: %s', async (_, file) => { expect(await verdict(file)).toBe('tdf-damaged') })

test.each<[string, Uint8Array]>([
  ['not UTF-8', Uint8Array.of(0xff, 0xfe)], ['empty', new Uint8Array(0)], ['not JSON', utf8('{')], ['null', utf8('null')], ['a list', utf8('[]')], ['a number', utf8('7')], ['an empty object', utf8('{}')],
  ['deep', utf8('['.repeat(100_000))], ['a prototype', utf8('{"__proto__":{"payload":{}}}')], ['10 MiB and more', utf8(JSON.stringify(sound).padEnd(10 * 1024 * 1024 + 1))],
])('no manifest: %s', async (_, bytes) => { expect(await verdict(zipOf([first, { ...second, bytes }]))).toBe('tdf-damaged') })

test.each<[string, string, Manifest]>([
  ['as it was', 'ok', changed(() => {})],
  ['sizes left out where they are the default', 'ok', changed((_, integrity) => { for (const line of integrity.segments.slice(0, 2)) { line.segmentSize = undefined; line.encryptedSegmentSize = undefined } })],
  ['hashes by HMAC', 'ok', changed((_, integrity) => {
    integrity.segmentHashAlg = 'HS256'
    let at = 0
    for (const line of integrity.segments) line.hash = hmac(payload.subarray(at, at += line.encryptedSegmentSize ?? 0)).toString('base64')
    integrity.rootSignature.sig = rawRoot(integrity.segments)
  })],
  ['a binding in raw base64', 'ok', changed(({ encryptionInformation: { policy, keyAccess } }) => { keyAccess[0]!.policyBinding = { alg: 'HS256', hash: hmac(utf8(String(policy))).toString('base64') } })],
  ['a binding that is text', 'ok', changed(({ encryptionInformation: { policy, keyAccess } }) => { keyAccess[0]!.policyBinding = Buffer.from(hmac(utf8(String(policy))).toString('hex')).toString('base64') })],
  ['shares of a key, whose bindings the whole cannot check', 'ok', changed(({ encryptionInformation: { keyAccess } }) => { keyAccess.push({ ...keyAccess[0]!, sid: 'other', policyBinding: Buffer.alloc(32).toString('base64') }) })],

  ['another root', 'wrong-key', changed((_, integrity) => { integrity.rootSignature.sig = Buffer.alloc(32).toString('base64') })],
  ['a segment dropped with its bytes', 'tdf-damaged', changed((_, integrity) => { integrity.segments.pop() })],
  ['segments swapped', 'wrong-key', changed((_, integrity) => { integrity.segments.splice(0, 2, integrity.segments[1]!, integrity.segments[0]!) })],
  ['another hash', 'wrong-key', changed((_, integrity) => { integrity.segments[0]!.hash = Buffer.alloc(16).toString('base64') })],
  ['the schema version gone, so that hashes would be hex', 'tdf-damaged', changed(manifest => { manifest.schemaVersion = undefined })],
  ['an older version said', 'tdf-damaged', changed(manifest => { manifest.schemaVersion = '4.2.2' })], ['one nobody wrote', 'tdf-damaged', changed(manifest => { manifest.schemaVersion = '5.0.0' })],
  ['a root that is a GMAC', 'tdf-damaged', changed((_, integrity) => { integrity.rootSignature = { alg: 'GMAC', sig: integrity.segments.at(-1)!.hash } })],
  ['a root by an unknown algorithm', 'tdf-damaged', changed((_, integrity) => { integrity.rootSignature.alg = 'hs256' })],
  ['a short root', 'tdf-damaged', changed((_, integrity) => { integrity.rootSignature.sig = 'AAAA' })],
  ['an unknown hash of segments', 'tdf-damaged', changed((_, integrity) => { integrity.segmentHashAlg = 'none' })],
  ['another cipher', 'tdf-damaged', changed(({ encryptionInformation }) => { encryptionInformation.method.algorithm = 'AES-128-CBC' })],
  ['not encrypted', 'tdf-damaged', changed(manifest => { manifest.payload.isEncrypted = false })],
  ['another policy', 'tdf-damaged', changed(({ encryptionInformation }) => { encryptionInformation.policy = Buffer.from('{}').toString('base64') })],
  ['no policy', 'tdf-damaged', changed(({ encryptionInformation }) => { encryptionInformation.policy = null })],
  ['no key access', 'tdf-damaged', changed(({ encryptionInformation }) => { encryptionInformation.keyAccess = [] })],
  ['too much of it', 'tdf-damaged', changed(({ encryptionInformation }) => { encryptionInformation.keyAccess = Array.from({ length: 65 }, () => encryptionInformation.keyAccess[0]!) })],
  ['no binding', 'tdf-damaged', changed(({ encryptionInformation }) => { encryptionInformation.keyAccess[0]!.policyBinding = undefined })],
  ['a binding by another algorithm', 'tdf-damaged', changed(({ encryptionInformation }) => { (encryptionInformation.keyAccess[0]!.policyBinding as { alg: string }).alg = 'none' })],
  ['a binding of something else', 'tdf-damaged', changed(({ encryptionInformation }) => { encryptionInformation.keyAccess[0]!.policyBinding = Buffer.alloc(32).toString('base64') })],
  ['a share that is a number', 'tdf-damaged', changed(({ encryptionInformation }) => { encryptionInformation.keyAccess[0]!.sid = 7 })],
  ['no segments', 'tdf-damaged', changed((_, integrity) => { integrity.segments = [] })],
  ['a hash that is not base64', 'tdf-damaged', changed((_, integrity) => { integrity.segments[0]!.hash = '!'.repeat(24) })],
  ['a long hash', 'tdf-damaged', changed((_, integrity) => { integrity.segments[0]!.hash = 'A'.repeat(1000) })],
  ['a segment of a gigabyte', 'tdf-damaged', changed((_, integrity) => { integrity.segments[0]!.segmentSize = 2 ** 30; integrity.segments[0]!.encryptedSegmentSize = 2 ** 30 + 28 })],
  ['a negative size', 'tdf-damaged', changed((_, integrity) => { integrity.segments[0]!.segmentSize = -28; integrity.segments[0]!.encryptedSegmentSize = 0 })],
  ['half a byte', 'tdf-damaged', changed((_, integrity) => { integrity.segments[0]!.segmentSize = 0.5; integrity.segments[0]!.encryptedSegmentSize = 28.5 })],
  ['sizes of another cipher', 'tdf-damaged', changed((_, integrity) => { integrity.segments[0]!.encryptedSegmentSize = 1016 })],
  ['more segments than payload', 'tdf-damaged', changed((_, integrity) => { integrity.segments.push(integrity.segments[0]!) })],
  ['sizes moved between segments', 'late tdf-damaged', changed((_, integrity) => { const [one, two] = integrity.segments; one!.segmentSize = 999; one!.encryptedSegmentSize = 1027; two!.segmentSize = 1001; two!.encryptedSegmentSize = 1029 })],
])('a manifest with %s: %s', async (_, wanted, manifest) => { expect(await verdict(zipOf(entries(manifest)))).toBe(wanted) })

test.each<[string, Uint8Array]>([
  ['truncated', payload.subarray(0, 2000)], ['one byte longer', concat(payload, Uint8Array.of(0))], ['empty', new Uint8Array(0)],
])('a payload that is %s', async (_, bytes) => { expect(await verdict(zipOf(entries(sound, bytes)))).toBe('tdf-damaged') })

test.each([0, 11, 12, 500, 1011, 1012, 1027, 1028, 2583])('a byte of the payload changed at %d', async at => {
  expect(await verdict(zipOf(entries(sound, payload.map((byte, i) => i === at ? byte ^ 1 : byte))))).toBe('late tdf-damaged')
})

test.each<[string, readonly number[]]>([
  ['all', [0, 1, 2]], ['the first', [0]], ['one between', [1]], ['the last', [2]], ['the first two', [0, 1]], ['the last two', [1, 2]],
])('segments said to be empty, which nothing signs: %s', async (_, emptied) => {
  const lines = sound.encryptionInformation.integrityInformation.segments
  const sealed = lines.map(({ encryptedSegmentSize = 0 }, i) => emptied.includes(i) ? new Uint8Array(28) : payload.subarray(1028 * i, 1028 * i + encryptedSegmentSize))
  const manifest = changed((__, { segments }) => { for (const i of emptied) Object.assign(segments[i]!, { segmentSize: 0, encryptedSegmentSize: 28 }) })
  expect(await verdict(zipOf(entries(manifest, concat(...sealed))))).toBe('late tdf-damaged')
})

test('whatever byte is changed or cut, it is refused or harmless, and nothing but typed errors comes', async () => {
  const outcomes = new Set<string>()
  for (let at = 0; at < good.length; at += 3) {
    outcomes.add(await verdict(good.map((byte, i) => i === at ? byte ^ 0x41 : byte)))
    outcomes.add(await verdict(good.subarray(0, at)))
  }
  expect([...outcomes].toSorted()).toEqual(['late tdf-damaged', 'ok', 'tdf-damaged', 'wrong-key'])
}, 30_000)

test('before 4.3.0 hashes are hex: that too is signed, in small letters', async () => {
  const old = await tdfOf(plain, await setupOf(key, { segmentBytes, legacy: true, maxBytes: plain.length }))
  expect(await verdict(old)).toBe('ok')
  const parts = partsOf(old)
  expect(parts.manifest.schemaVersion).toBeUndefined()
  const { segments } = parts.manifest.encryptionInformation.integrityInformation
  segments[0]!.hash = Buffer.from(Buffer.from(segments[0]!.hash, 'base64').toString('latin1').toUpperCase()).toString('base64')
  expect(await verdict(zipOf(entries(parts.manifest, parts.payload)))).toBe('tdf-damaged')
})

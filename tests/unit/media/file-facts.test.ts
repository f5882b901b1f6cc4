import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { bindPolicy, makePolicy, type FileFacts, type Kind } from '../../../src/content/index.ts'
import { checkArchive } from '../../../src/media/index.ts'
import { text } from '../../contract/support/archives.ts'
import { keysOf, random, setupOf, tdfOf } from '../../support/tdf.ts'
import { archiveOf, noisy } from '../content/archive-help.ts'
import { chunk, png } from '../content/png-help.ts'

/* What bytes say of themselves, which records are compared with. */

const owner = 'TUSQzWDnJfWTmvXrQAx4Vk13LLdp1BJMgC'
const key = random.bytes(32)
const keys = await keysOf(key)
const sha256 = (...parts: Uint8Array[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** RFC 6962, 2.1, as it is written there. */
function auditOf(bytes: Uint8Array): string {
  const tree = (leaves: readonly Uint8Array[]): Uint8Array => {
    if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0]!)
    let left = 1
    while (2 * left < leaves.length) left *= 2
    return sha256(Uint8Array.of(1), tree(leaves.slice(0, left)), tree(leaves.slice(left)))
  }
  return Buffer.from(tree(Array.from({ length: Math.ceil(bytes.length / 1024) }, (_, i) => bytes.subarray(1024 * i, 1024 * i + 1024)))).toString('hex')
}

/** Those of the whole trees of 256 leaves, from which proofs are made. */
function rootsOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.from(Array.from({ length: Math.ceil(bytes.length / 262_144) }, (_, i) => auditOf(bytes.subarray(262_144 * i, 262_144 * i + 262_144))).join(''), 'hex'))
}

async function facts(bytes: Uint8Array<ArrayBuffer>, kind: Kind, more: { readonly key?: typeof keys } = {}): Promise<FileFacts | undefined> {
  return (await checkArchive(new Blob([bytes]), { cid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, kind, ...more }, { facts: true })).facts
}

async function sealedBy(dissem: readonly string[], size = 2_500_000): Promise<Uint8Array<ArrayBuffer>> {
  const policy = makePolicy('00000000-0000-4000-8000-000000000000', dissem)
  const setup = await setupOf(key, { policy })
  return await tdfOf(noisy(size), { ...setup, keyAccess: { ...setup.keyAccess, policyBinding: await bindPolicy(keys.mac, policy) } })
}

/** `bytes` with one of them changed. */
const changed = (bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> => new Uint8Array(bytes.map((byte, i) => i === at ? byte ^ 1 : byte))
const find = (bytes: Uint8Array, what: string, from = 0): number => Buffer.from(bytes).indexOf(what, from, 'latin1')

test('audit root and whose it is, without its key; nothing is said unasked', async () => {
  const tdf = await sealedBy([owner])
  for (const kind of ['a', 'p'] as const) expect(await facts(tdf, kind)).toEqual({ audit: auditOf(tdf), dissem: [owner], sound: true, roots: rootsOf(tdf) })
  expect(await facts(await sealedBy([]), 'a')).toMatchObject({ dissem: [], sound: true })
  expect(await facts(await sealedBy([owner, owner]), 'a')).toMatchObject({ dissem: [owner, owner] })
  expect(await checkArchive(new Blob([tdf]), { cid: createHash('sha256').update(tdf).digest('hex'), size: tdf.length, kind: 'a' })).toEqual({ members: null })
})

test('archives and pictures have an audit root and nobody\'s name', async () => {
  const archive = archiveOf([{ path: 'a', bytes: text('one') }])
  expect(await facts(archive, 'z')).toEqual({ audit: auditOf(archive), dissem: null, sound: true, roots: rootsOf(archive) })
  const picture = png({ width: 40, height: 30 }, chunk('IDAT', noisy(5000)), chunk('IEND'))
  expect(await facts(picture, 'i')).toEqual({ audit: auditOf(picture), dissem: null, sound: true, roots: rootsOf(picture) })
})

test('no TDF at all, or one whose sums are not those of its bytes, is not sound', async () => {
  const tdf = await sealedBy([owner])
  expect(await facts(noisy(5000), 'a')).toMatchObject({ dissem: null, sound: false })
  expect(await facts(new Uint8Array(tdf.subarray(0, -30)), 'a')).toMatchObject({ sound: false })
  expect(await facts(changed(tdf, 100_000), 'a')).toMatchObject({ sound: false }) // a byte of the payload: another CRC
  const manifest = find(tdf, '"integrityInformation"')
  expect(await facts(changed(tdf, find(tdf, '"hash":"', find(tdf, '"segments"', manifest)) + 9), 'a')).toMatchObject({ sound: false }) // a tag in the manifest
  const directory = find(tdf, 'PK\x01\x02')
  expect(await facts(changed(tdf, directory + 16), 'a')).toMatchObject({ sound: false }) // the CRC in the directory
})

test('a segment that ends with another tag than its manifest has is not sound, though all check sums are right', async () => {
  const one = await setupOf(key, { policy: makePolicy('00000000-0000-4000-8000-000000000000', [owner]) })
  const plain = noisy(100_000)
  const [right, crc] = [await tdfOf(plain, one), { update() {}, digest: () => 0 }]
  // As a liar would: the last byte of the payload changed, and every sum made anew.
  const forged = await tdfOf(plain, { ...one, crc })
  const payloadEnd = find(right, 'PK\x07\x08')
  expect(payloadEnd).toBeGreaterThan(0)
  const lied = changed(forged, find(forged, 'PK\x07\x08') - 1)
  const payloadAt = find(lied, '0.payload') + '0.payload'.length
  const { crc32 } = await import('node:zlib')
  const view = new DataView(lied.buffer)
  const end = find(lied, 'PK\x07\x08')
  const sum = crc32(lied.subarray(payloadAt + view.getUint16(28, true), end))
  view.setUint32(find(lied, 'PK\x01\x02') + 16, sum, true)
  expect(await facts(lied, 'a')).toMatchObject({ dissem: [owner], sound: false })
  const honest = new Uint8Array(forged)
  new DataView(honest.buffer).setUint32(find(honest, 'PK\x01\x02') + 16, crc32(honest.subarray(payloadAt + view.getUint16(28, true), end)), true)
  expect(await facts(honest, 'a')).toMatchObject({ dissem: [owner], sound: true })
})

test('with its key a recording is decrypted, so that another key, or a segment that was not signed, is noticed', async () => {
  const tdf = await sealedBy([owner], 300_000)
  expect(await facts(tdf, 'a', { key: keys })).toMatchObject({ sound: true })
  await expect(facts(tdf, 'a', { key: await keysOf(random.bytes(32)) })).rejects.toMatchObject({ code: 'wrong-key' })
  await expect(facts(changed(tdf, 100_000), 'a', { key: keys })).rejects.toMatchObject({ code: 'tdf-damaged' })
})

test('a picture nobody should decode is refused, with or without anybody asking what it is', async () => {
  for (const options of [{}, { facts: true }]) {
    const check = async (bytes: Uint8Array<ArrayBuffer>) => await checkArchive(new Blob([bytes]), { cid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, kind: 'i' }, options)
    await expect(check(png({ width: 10_000, height: 10_000 }, chunk('IDAT', noisy(10))))).rejects.toMatchObject({ code: 'image-too-large' })
    await expect(check(noisy(100_000))).rejects.toMatchObject({ code: 'bad-image' })
  }
})

test('an archive that unpacks to too much is what it is, and not looked into; of bytes alone nothing is looked into', async () => {
  const bomb = new Uint8Array((await import('node:zlib')).gzipSync(new Uint8Array(16 * 2 ** 20)))
  expect(await facts(bomb, 'z')).toEqual({ audit: auditOf(bomb), dissem: null, sound: true, roots: rootsOf(bomb) })
  const said = { cid: createHash('sha256').update(bomb).digest('hex'), size: bomb.length, kind: 'z' } as const
  expect(await checkArchive(new Blob([bomb]), said, { bytes: true })).toEqual({ members: null })
  await expect(checkArchive(new Blob([changed(bomb, 9)]), said, { bytes: true })).rejects.toMatchObject({ code: 'wrong-bytes' })
})

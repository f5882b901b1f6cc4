import { createHash } from 'node:crypto'
import { gzipSync, type ZlibOptions } from 'node:zlib'
import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { checkArchive, memberStream } from '../../../src/media/index.ts'
import { bytesOf } from '../../contract/support/archives.ts'
import { archiveOf, noisy } from '../content/archive-help.ts'

const MiB = 2 ** 20

/** `bytes` as the content its link names; `said` for another one. */
const check = async (bytes: Uint8Array<ArrayBuffer>, options: Parameters<typeof checkArchive>[2] = {}, said = createHash('sha256').update(bytes).digest('hex')) =>
  await checkArchive(new Blob([bytes]), { cid: said, size: bytes.length, kind: 'z' }, options)

/** A gzip file as the recipe begins it. */
function gzip(bytes: Uint8Array, options: ZlibOptions = {}): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(bytes, options))
}

/** The archive of `mib` MiB of zeros, more than 800:1. */
const zeros = (mib: number): Uint8Array<ArrayBuffer> => archiveOf([{ path: 'zeros', bytes: new Uint8Array(mib * MiB) }])

test('an archive that unpacks to eight hundred times its size is a bomb, after its bytes were compared', async () => {
  const bomb = zeros(4)
  expect(4 * MiB / bomb.length).toBeGreaterThan(800)
  await expect(check(bomb)).rejects.toMatchObject({ code: 'archive-bomb' })
  await expect(check(bomb, {}, '0'.repeat(64))).rejects.toMatchObject({ code: 'wrong-bytes' })
})

test('it is looked into once somebody says so', async () => {
  const { members } = await check(zeros(3), { anyRatio: true })
  expect(members).toEqual([{ path: 'zeros', size: 3 * MiB, offset: 512 }])
})

test('a bomb in a bomb is one, too', async () => {
  const nested = archiveOf([{ path: 'inner.tgz', bytes: gzip(gzip(new Uint8Array(16 * MiB))) }, { path: 'outer', bytes: new Uint8Array(4 * MiB) }])
  await expect(check(nested)).rejects.toMatchObject({ code: 'archive-bomb' })
})

test('a bomb without an archive in it is one all the same', async () => {
  const bomb = gzip(new Uint8Array(16 * MiB))
  expect(16 * MiB / bomb.length).toBeGreaterThan(1000)
  await expect(check(bomb)).rejects.toMatchObject({ code: 'archive-bomb' })
})

test('a bomb is not unpacked any further', async () => {
  const bomb = gzip(new Uint8Array(32 * MiB))
  let pushed = 0
  const { prototype } = (await import('../../../src/content/index.ts')).TarLister
  const { push } = prototype
  prototype.push = function count(bytes) {
    pushed += bytes.length
    push.call(this, bytes)
  }
  try { await expect(check(bomb)).rejects.toMatchObject({ code: 'archive-bomb' }) } finally { prototype.push = push }
  expect(pushed).toBeGreaterThan(limits.unpackFreeBytes)
  expect(pushed).toBeLessThanOrEqual(bomb.length * limits.unpackRatio)
})

test('both sides of the ratio', async () => {
  const archive = (noise: number): Uint8Array<ArrayBuffer> => archiveOf([{ path: 'noise', bytes: noisy(noise) }, { path: 'zeros', bytes: new Uint8Array(4 * MiB) }])
  const enough = archive(38_000)
  expect(4 * MiB / enough.length).toBeGreaterThan(90)
  expect((await check(enough)).members?.length).toBe(2)
  await expect(check(archive(34_000))).rejects.toMatchObject({ code: 'archive-bomb' })
})

test('a small archive of empty files is none', async () => {
  const many = archiveOf(Array.from({ length: 1500 }, (_, i) => ({ path: String(i).padStart(4, '0'), bytes: new Uint8Array(0) })))
  expect((await check(many)).members?.length).toBe(1500)
  const some = archiveOf([{ path: 'zeros', bytes: new Uint8Array(MiB - 2048) }])
  expect(MiB / some.length).toBeGreaterThan(limits.unpackRatio)
  expect((await check(some)).members?.length).toBe(1)
})

/** The archive with these bytes where its 10 bytes of header were. */
const headed = (...head: number[]): Uint8Array<ArrayBuffer> => new Uint8Array([...head, ...small.subarray(10)])
const small = archiveOf([{ path: 'a', bytes: noisy(700) }])

test.each([
  ['a name', headed(0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 255, 0x61, 0)],
  ['an extra field', headed(0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 2, 0, 1, 2)],
  ['a comment', headed(0x1f, 0x8b, 8, 16, 0, 0, 0, 0, 0, 255, 0x61, 0)],
  ['an unknown flag', headed(0x1f, 0x8b, 8, 32, 0, 0, 0, 0, 0, 255)],
  ['another method', headed(0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 255)],
  ['a second member', new Uint8Array([...small, ...gzip(noisy(10))])],
  ['a second archive', new Uint8Array([...small, ...archiveOf([{ path: 'b', bytes: noisy(100) }])])],
  ['zeros after the end', new Uint8Array([...small, ...new Uint8Array(512)])],
  ['half a header', small.slice(0, 9)],
])('the gzip file is one plain member: %s is refused', async (_, bytes) => {
  await expect(check(bytes)).rejects.toMatchObject({ code: 'archive-damaged' })
})

test('when it was packed and where does not matter', async () => {
  expect((await check(headed(0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 2, 3))).members?.length).toBe(1)
})

test('a decompressor is given little at a time, whether to list or to save', async () => {
  const given: number[] = []
  /** Unpacks nothing, so the archive is a tar. */
  const spy = class extends TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    constructor() {
      super({
        transform(chunk, out) {
          given.push(chunk.length)
          out.enqueue(chunk)
        },
      })
    }
  }
  const real = globalThis.DecompressionStream
  const bytes = new Uint8Array([...small.subarray(0, 10), ...noisy(3 * MiB)])
  Object.assign(globalThis, { DecompressionStream: spy })
  try {
    await expect(check(bytes)).rejects.toMatchObject({ code: 'archive-damaged' })
    const listed = given.splice(0)
    const saved = await bytesOf(memberStream(new Blob([bytes]), { path: 'a', offset: 0, size: bytes.length }))
    expect([listed.reduce((a, b) => a + b), saved.length, given.reduce((a, b) => a + b)]).toEqual([bytes.length, bytes.length, bytes.length])
    expect(Math.max(...listed, ...given)).toBeLessThanOrEqual(limits.inflateBytes)
  } finally { Object.assign(globalThis, { DecompressionStream: real }) }
})

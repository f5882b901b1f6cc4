import '../../../src/relay/node20.ts'
import { sha1 } from '@noble/hashes/legacy.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { HoldfastError, concat } from '../../../src/base/index.ts'
import { makeTorrent } from '../../../src/content/index.ts'
import { SwitchedBucket, memBucket, memStaging, type Bucket } from '../../../src/store/index.ts'
import { PieceMap } from '../../../src/swarm/bitfield.ts'
import { bucketBacking } from '../../../src/swarm/bucket-backing.ts'
import { FileChunkStore, type Backing } from '../../../src/swarm/chunk-store.ts'
import { PieceCache } from '../../../src/swarm/piece-cache.ts'

const put = (store: FileChunkStore, index: number, bytes: Uint8Array) =>
  new Promise<void>((resolve, reject) => { store.put(index, bytes, error => { if (error) reject(error); else resolve() }) })
const get = (store: FileChunkStore, index: number, range: { offset?: number, length?: number } | null = null) =>
  new Promise<Uint8Array>((resolve, reject) => { store.get(index, range, (error, bytes) => { if (error) reject(error); else resolve(bytes!) }) })

async function staged(pieces: PieceMap, cache = new PieceCache()) {
  const file = await memStaging().open('tmp/file', { create: true })
  await file.resize(pieces.size)
  const store = new FileChunkStore('f', pieces, cache)
  store.use(file)
  return { store, file }
}

test('any order of puts and gets is the same as on plain memory, and leaves exactly those bytes in the file', async () => {
  const pieceLength = 64
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 640 }), fc.array(fc.record({
    put: fc.boolean(), index: fc.nat(9), offset: fc.nat(63), length: fc.integer({ min: 1, max: 64 }), fill: fc.nat(255),
  }), { maxLength: 60 }), fc.integer({ min: 0, max: 400 }), async (size, steps, capacity) => {
    const pieces = new PieceMap(size, pieceLength)
    const { store, file } = await staged(pieces, new PieceCache(capacity))
    const model = new Uint8Array(size)
    for (const { put: writes, index: any, offset: from, length: wish, fill } of steps) {
      const index = any % pieces.count
      const offset = from % pieces.length(index)
      const length = Math.min(wish, pieces.length(index) - offset)
      const at = index * pieceLength
      if (writes) {
        model.fill(fill, at, at + pieces.length(index))
        await put(store, index, model.slice(at, at + pieces.length(index)))
      } else expect(await get(store, index, { offset, length })).toEqual(model.subarray(at + offset, at + offset + length))
    }
    expect(await file.read(0, size)).toEqual(model)
  }))
})

test('a block outside of its piece is refused', async () => {
  const { store } = await staged(new PieceMap(100, 64))
  expect(await get(store, 1)).toHaveLength(36)
  for (const [index, offset, length] of [[2, 0, 1], [-1, 0, 1], [1, 0, 37], [1, 36, 1], [0, -1, 2], [0, 2, -1]] as const) {
    await expect(get(store, index, { offset, length })).rejects.toMatchObject({ code: 'bad-input' })
  }
})

test('reads and writes wait while there is nothing behind it, and fail when there never will be', async () => {
  const store = new FileChunkStore('f', new PieceMap(8, 4), new PieceCache())
  const write = put(store, 0, Uint8Array.of(1, 2, 3, 4))
  const file = await memStaging().open('tmp/file', { create: true })
  await file.resize(8)
  store.use(file)
  await write
  expect(await get(store, 0)).toEqual(Uint8Array.of(1, 2, 3, 4))
  store.suspend()
  const read = get(store, 1)
  store.fail(new HoldfastError('aborted'))
  await expect(read).rejects.toMatchObject({ code: 'aborted' })
  await expect(put(store, 0, new Uint8Array(4))).rejects.toMatchObject({ code: 'aborted' })
})

test('a full disk is said as such', async () => {
  const store = new FileChunkStore('f', new PieceMap(8, 4), new PieceCache())
  store.use({ read: () => Promise.reject(new Error()), write: () => Promise.reject(new DOMException('', 'QuotaExceededError')) })
  await expect(put(store, 0, new Uint8Array(4))).rejects.toMatchObject({ code: 'storage-full' })
})

test('a placed file is read by pieces, each once for all blocks, and one that is gone or spoilt is told of', async () => {
  const bucket = memBucket()
  const pieces = new PieceMap(600_000, 262_144)
  const bytes = Uint8Array.from({ length: pieces.size }, (_, index) => index % 251)
  const { info } = makeTorrent({ cid: 'a'.repeat(64), kind: 'z', size: bytes.length, pieces: concat(...Array.from({ length: pieces.count }, (_, i) => sha1(bytes.subarray(i * 262_144, (i + 1) * 262_144)))) })
  await bucket.writeAll('archives/a', bytes)
  const lost: HoldfastError[] = []
  const reads: number[] = []
  const placed = bucketBacking(bucket, { key: 'archives/a', info, size: pieces.size }, problem => lost.push(problem))
  const counting: Backing = { write: placed.write, read: (at, length) => { reads.push(at); return placed.read(at, length) } }
  const store = new FileChunkStore('f', pieces, new PieceCache())
  store.use(counting)
  const blocks = Array.from({ length: 16 }, (_, index) => get(store, 1, { offset: 16_384 * index, length: 16_384 }))
  expect((await Promise.all(blocks)).map(block => block[0])).toEqual(Array.from({ length: 16 }, (_, index) => (262_144 + 16_384 * index) % 251))
  expect(reads).toEqual([262_144])
  await bucket.writeAll('archives/a', bytes.map((byte, i) => i === 599_999 ? byte ^ 1 : byte))
  expect((await get(store, 0, { offset: 0, length: 3 })).length).toBe(3)
  await expect(get(store, 2)).rejects.toMatchObject({ code: 'storage-damaged' })
  await bucket.delete('archives/a')
  await expect(get(store, 2)).rejects.toMatchObject({ code: 'not-found' })
  expect(lost).toMatchObject([{ code: 'storage-damaged', data: { at: 524_288 } }, { code: 'not-found' }])
})

test('a placed file that moves to another bucket while a piece of it is read is not taken for lost', async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251)
  const { info } = makeTorrent({ cid: 'a'.repeat(64), kind: 'z', size: bytes.length, pieces: sha1(bytes) })
  const [left, now] = [memBucket(), memBucket()]
  await Promise.all([left, now].map(async each => { await each.writeAll('archives/a', bytes) }))
  let goOn = (): void => {}
  const moved = new Promise<void>(done => { goOn = done })
  const newRangeReader: Bucket['newRangeReader'] = async () => ({ size: bytes.length, stream: new ReadableStream({ async pull() { await moved; await left.readAll('archives/a') } }, { highWaterMark: 0 }) })
  const bucket = new SwitchedBucket(Object.create(left, { newRangeReader: { value: newRangeReader } }) as Bucket)
  const lost: HoldfastError[] = []
  const read = bucketBacking(bucket, { key: 'archives/a', info, size: bytes.length }, problem => lost.push(problem)).read(0, bytes.length)
  await bucket.switch(async () => now)
  await left.delete('archives/a')
  goOn()
  expect(await read).toEqual(bytes)
  expect(lost).toEqual([])
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { equalBytes } from '../../src/base/index.ts'
import type { Bucket, Staging } from '../../src/store/index.ts'

export interface StagingParts {
  readonly staging: Staging
  /** Beside it: moved into where the driver can. */
  readonly bucket: Bucket
  /** Of another kind: always streamed into. */
  readonly other: Bucket
  readonly end: () => Promise<void>
}

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values)
const failing = (code: string): unknown => expect.objectContaining({ name: 'HoldfastError', code })

/** What every driver of `Staging` does. */
export function stagingSuite(name: string, open: () => Promise<StagingParts>): void {
  describe(`Staging: ${name}`, () => {
    let parts: StagingParts
    let staging: Staging
    beforeEach(async () => {
      parts = await open()
      staging = parts.staging
    })
    afterEach(async () => { await parts.end() })

    async function write(path: string, content: Uint8Array): Promise<void> {
      const file = await staging.open(path, { create: true })
      await file.write(0, content)
      await file.close()
    }

    async function readBack(path: string): Promise<Uint8Array> {
      const file = await staging.open(path)
      const content = await file.read(0, await file.size())
      await file.close()
      return content
    }

    test('a file that is not there opens only when it may be made', async () => {
      await expect(staging.open('tmp/a/file')).rejects.toEqual(failing('not-found'))
      expect(await staging.exists('tmp/a/file')).toBe(false)
      const file = await staging.open('tmp/a/file', { create: true })
      expect(await file.size()).toBe(0)
      await file.close()
      expect(await staging.exists('tmp/a/file')).toBe(true)
      expect(await staging.exists('tmp/a')).toBe(false)
    })

    test('bytes written anywhere are read back from anywhere', async () => {
      const file = await staging.open('tmp/a', { create: true })
      await file.write(10, bytes(1, 2, 3))
      await file.write(4, bytes(9, 9))
      await file.write(11, bytes(7))
      expect(await file.size()).toBe(13)
      expect(await file.read(0, 13)).toEqual(bytes(0, 0, 0, 0, 9, 9, 0, 0, 0, 0, 1, 7, 3))
      expect(await file.read(10, 2)).toEqual(bytes(1, 7))
      expect(await file.read(13, 0)).toEqual(bytes())
      await file.close()
    })

    test('a gap of megabytes reads as zeros', async () => {
      const file = await staging.open('tmp/a', { create: true })
      await file.write(5_000_000, bytes(1))
      expect(await file.size()).toBe(5_000_001)
      expect((await file.read(0, 5_000_000)).every(byte => byte === 0)).toBe(true)
      expect(await file.read(4_999_999, 2)).toEqual(bytes(0, 1))
      await file.close()
    })

    test('what is not there is not read', async () => {
      const file = await staging.open('tmp/a', { create: true })
      await file.write(0, bytes(1, 2, 3))
      await expect(file.read(0, 4)).rejects.toEqual(failing('bad-input'))
      await expect(file.read(4, 0)).rejects.toEqual(failing('bad-input'))
      await expect(file.read(-1, 1)).rejects.toEqual(failing('bad-input'))
      await expect(file.read(0, 1.5)).rejects.toEqual(failing('bad-input'))
      await expect(file.write(-1, bytes(1))).rejects.toEqual(failing('bad-input'))
      await expect(file.write(Number.NaN, bytes(1))).rejects.toEqual(failing('bad-input'))
      await expect(file.resize(2 ** 53)).rejects.toEqual(failing('bad-input'))
      expect(await file.size()).toBe(3)
      await file.close()
    })

    test('the caller keeps its buffer and gets one of its own', async () => {
      const file = await staging.open('tmp/a', { create: true })
      const mine = bytes(1, 2, 3)
      await file.write(0, mine)
      mine.fill(0)
      const read = await file.read(0, 3)
      read.fill(9)
      expect(await file.read(0, 3)).toEqual(bytes(1, 2, 3))
      await file.close()
    })

    test('part of a larger buffer is written as that part', async () => {
      const file = await staging.open('tmp/a', { create: true })
      await file.write(0, bytes(1, 2, 3, 4, 5).subarray(1, 3))
      expect(await file.read(0, await file.size())).toEqual(bytes(2, 3))
      await file.close()
    })

    test('resize grows with zeros and cuts', async () => {
      const file = await staging.open('tmp/a', { create: true })
      await file.write(0, bytes(1, 2, 3, 4))
      await file.resize(2)
      await file.resize(6)
      expect(await file.read(0, 6)).toEqual(bytes(1, 2, 0, 0, 0, 0))
      await file.resize(0)
      expect(await file.size()).toBe(0)
      await file.close()
    })

    test('a closed file keeps its bytes and opens again', async () => {
      const file = await staging.open('tmp/a', { create: true })
      await file.write(0, bytes(1, 2))
      await file.flush()
      await file.close()
      await file.close()
      await expect(file.size()).rejects.toEqual(failing('bad-input'))
      await expect(file.write(0, bytes(3))).rejects.toEqual(failing('bad-input'))
      const again = await staging.open('tmp/a', { create: true })
      expect(await again.read(0, 2)).toEqual(bytes(1, 2))
      await again.close()
    })

    test('a file is open once at a time', async () => {
      const file = await staging.open('tmp/a', { create: true })
      await expect(staging.open('tmp/a')).rejects.toEqual(failing('storage-busy'))
      await expect(staging.remove('tmp/a')).rejects.toEqual(failing('storage-busy'))
      await expect(staging.remove('tmp')).rejects.toEqual(failing('storage-busy'))
      await expect(staging.adopt('tmp/a', parts.bucket, 'a')).rejects.toEqual(failing('storage-busy'))
      await file.write(0, bytes(1))
      await file.close()
      expect(await readBack('tmp/a')).toEqual(bytes(1))
    })

    test('lists names in byte order, folders too', async () => {
      for (const path of ['tmp/b', 'tmp/\u{1F600}', 'tmp/\uFB00', 'tmp/a/x', 'tmp/a/y', 'tmp/Z', 'tmp/a.b', 'tmpx/c']) await write(path, bytes(1))
      expect(await staging.list('tmp')).toEqual(['Z', 'a', 'a.b', 'b', '\uFB00', '\u{1F600}'])
      expect(await staging.list('tmp/a')).toEqual(['x', 'y'])
      expect(await staging.list('tmp/none')).toEqual([])
      expect(await staging.list('tmp/b')).toEqual([])
    })

    test('removes a file, a folder with all in it, and nothing twice', async () => {
      for (const path of ['tmp/a/x', 'tmp/a/deep/y', 'tmp/ab']) await write(path, bytes(1))
      await staging.remove('tmp/a/x')
      await staging.remove('tmp/a/x')
      expect(await staging.list('tmp/a')).toEqual(['deep'])
      await staging.remove('tmp/a')
      await staging.remove('tmp/a')
      await staging.remove('none/at/all')
      expect(await staging.list('tmp')).toEqual(['ab'])
    })

    test('a file is no folder and a folder no file', async () => {
      await write('tmp/a', bytes(1))
      await expect(staging.open('tmp/a/b', { create: true })).rejects.toEqual(failing('bad-input'))
      await expect(staging.open('tmp', { create: true })).rejects.toEqual(failing('bad-input'))
      await expect(staging.open('tmp')).rejects.toEqual(failing('not-found'))
      await expect(staging.open('tmp/a/b')).rejects.toEqual(failing('not-found'))
      expect(await staging.exists('tmp/a/b')).toBe(false)
      await staging.remove('tmp/a/b')
      expect(await readBack('tmp/a')).toEqual(bytes(1))
    })

    test.each(['', '/', '/a', 'a/', 'a//b', '.', '..', '../a', 'a/../b', 'a/./b', 'a\\b', 'a\0b', 'a\nb', '\uD800', 'x'.repeat(256), 'é'.repeat(128), `${'ab/'.repeat(400)}c`])('refuses the path %.20j', async path => {
      await expect(staging.open(path, { create: true })).rejects.toEqual(failing('bad-input'))
      await expect(staging.exists(path)).rejects.toEqual(failing('bad-input'))
      await expect(staging.remove(path)).rejects.toEqual(failing('bad-input'))
      await expect(staging.list(path)).rejects.toEqual(failing('bad-input'))
    })

    test.each(['a b', 'é', 'e\u0301', '%2F', 'con', 'a?b*c|d', '...', '.a', '-', '~', '\u202Ex', 'x'.repeat(255)])('takes the name %.20j', async path => {
      await write(path, bytes(5))
      expect(await readBack(path)).toEqual(bytes(5))
    })

    describe.each(['bucket', 'other'] as const)('adoption by the %s', kind => {
      let bucket: Bucket
      beforeEach(() => { bucket = parts[kind] })

      test('gives the bytes to the key and takes the file away', async () => {
        const content = new Uint8Array(2_500_000).map((_, i) => i % 251)
        await write('tmp/a', content)
        await staging.adopt('tmp/a', bucket, 'files/one.tgz')
        expect(equalBytes(await bucket.readAll('files/one.tgz'), content)).toBe(true)
        expect(await staging.exists('tmp/a')).toBe(false)
      })

      test('takes an empty file', async () => {
        await write('tmp/a', bytes())
        await staging.adopt('tmp/a', bucket, 'files/none')
        expect((await bucket.attributes('files/none')).size).toBe(0)
        expect(await staging.exists('tmp/a')).toBe(false)
      })

      test('done twice is done once', async () => {
        await write('tmp/a', bytes(1, 2))
        await staging.adopt('tmp/a', bucket, 'key')
        await staging.adopt('tmp/a', bucket, 'key')
        expect(await bucket.readAll('key')).toEqual(bytes(1, 2))
      })

      test('a key in full length stays and the file goes', async () => {
        await bucket.writeAll('key', bytes(1, 2))
        await write('tmp/a', bytes(3, 4))
        await staging.adopt('tmp/a', bucket, 'key')
        expect(await bucket.readAll('key')).toEqual(bytes(1, 2))
        expect(await staging.exists('tmp/a')).toBe(false)
      })

      test('a key of another length is replaced', async () => {
        await bucket.writeAll('key', bytes(9))
        expect(await bucket.readAll('key')).toEqual(bytes(9))
        await write('tmp/a', bytes(1, 2))
        await staging.adopt('tmp/a', bucket, 'key')
        expect(await bucket.readAll('key')).toEqual(bytes(1, 2))
      })

      test('nothing on either side is not found, and a bad key loses nothing', async () => {
        await expect(staging.adopt('tmp/none', bucket, 'key')).rejects.toEqual(failing('not-found'))
        await write('tmp/a', bytes(1))
        await expect(staging.adopt('tmp/a', bucket, '../key')).rejects.toEqual(failing('bad-input'))
        await bucket.writeAll('folder/key', bytes(9))
        await expect(staging.adopt('tmp/a', bucket, 'folder')).rejects.toEqual(failing('bad-input'))
        await expect(staging.adopt('tmp/a', bucket, 'folder/key/deeper')).rejects.toEqual(failing('bad-input'))
        expect(await readBack('tmp/a')).toEqual(bytes(1))
      })
    })
  })
}

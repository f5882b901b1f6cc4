import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { equalBytes, utf8 } from '../../src/base/index.ts'
import { readRange, type Bucket, type ListOptions } from '../../src/store/index.ts'
import { collect } from './support/collect.ts'

export interface BucketParts { readonly bucket: Bucket, readonly end: () => Promise<void> }

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values)
const failing = (code: string): unknown => expect.objectContaining({ name: 'HoldfastError', code })
/** `length` bytes that differ from place to place and from `seed` to seed. */
const pattern = (length: number, seed: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).map((_, i) => (i * 31 + (i >> 8) * 7 + seed) & 255)

/** What every driver of `Bucket` does: the conformance list of gocloud.dev's `blob/drivertest`, as far as our contract goes. */
export function bucketSuite(name: string, open: () => Promise<BucketParts>): void {
  describe(`Bucket: ${name}`, () => {
    let bucket: Bucket
    let end: () => Promise<void>
    beforeEach(async () => { ({ bucket, end } = await open()) })
    afterEach(async () => { await end() })

    const put = async (...keys: string[]): Promise<void> => { for (const key of keys) await bucket.writeAll(key, utf8(key)) }
    const keys = async (options?: ListOptions): Promise<string[]> => (await collect(bucket.list(options))).map(({ key }) => key)

    describe('List', () => {
      test('an empty bucket lists nothing', async () => {
        expect(await keys()).toEqual([])
        expect(await keys({ prefix: 'a/' })).toEqual([])
        expect(await keys({ delimiter: '/' })).toEqual([])
      })

      test('keys come in the byte order of their UTF-8 with their sizes', async () => {
        await put('b', 'a/b', 'a.txt', 'a-/x', 'Z', 'aa', '\u{1F600}', '\uFB00', 'é')
        expect(await keys()).toEqual(['Z', 'a-/x', 'a.txt', 'a/b', 'aa', 'b', 'é', '\uFB00', '\u{1F600}'])
        for (const { key, size, isDir } of await collect(bucket.list())) expect([size, isDir]).toEqual([utf8(key).length, false])
      })

      test('a prefix need not be a folder', async () => {
        await put('audio/ab/1', 'audio/ac/2', 'audio/b', 'audiox', 'image/ab/1')
        expect(await keys({ prefix: 'audio' })).toEqual(['audio/ab/1', 'audio/ac/2', 'audio/b', 'audiox'])
        expect(await keys({ prefix: 'audio/a' })).toEqual(['audio/ab/1', 'audio/ac/2'])
        expect(await keys({ prefix: 'audio/ab/1' })).toEqual(['audio/ab/1'])
        expect(await keys({ prefix: 'audio/ab/12' })).toEqual([])
        expect(await keys({ prefix: 'none/' })).toEqual([])
      })
    })

    describe('ListDelimiters', () => {
      beforeEach(async () => { await put('dir1/a', 'dir1/b', 'dir1/sub/c', 'dir2/d', 'e', 'dir1.txt') })

      test('without one everything is listed', async () => {
        expect(await keys()).toEqual(['dir1.txt', 'dir1/a', 'dir1/b', 'dir1/sub/c', 'dir2/d', 'e'])
      })

      test('what lies deeper is one row', async () => {
        expect(await collect(bucket.list({ delimiter: '/' }))).toEqual([
          { key: 'dir1.txt', size: 8, isDir: false },
          { key: 'dir1/', size: 0, isDir: true },
          { key: 'dir2/', size: 0, isDir: true },
          { key: 'e', size: 1, isDir: false },
        ])
      })

      test('with a prefix', async () => {
        expect(await keys({ delimiter: '/', prefix: 'dir1/' })).toEqual(['dir1/a', 'dir1/b', 'dir1/sub/'])
        expect(await keys({ delimiter: '/', prefix: 'dir1' })).toEqual(['dir1.txt', 'dir1/'])
        expect(await keys({ delimiter: '/', prefix: 'dir1/s' })).toEqual(['dir1/sub/'])
        expect(await keys({ delimiter: '/', prefix: 'dir1/sub/c' })).toEqual(['dir1/sub/c'])
        expect(await keys({ delimiter: '/', prefix: 'x' })).toEqual([])
      })

      test('a folder whose files are gone is gone', async () => {
        await bucket.delete('dir1/sub/c')
        await bucket.delete('dir2/d')
        expect(await keys({ delimiter: '/' })).toEqual(['dir1.txt', 'dir1/', 'e'])
        expect(await keys({ delimiter: '/', prefix: 'dir1/' })).toEqual(['dir1/a', 'dir1/b'])
      })
    })

    describe('Read', () => {
      const content = pattern(2_300_000, 1)
      beforeEach(async () => { await bucket.writeAll('key', content) })

      test.each([[0, -1], [0, 2_300_000], [10, -1], [0, 0], [5, 7], [1_048_570, 12], [1_000_000, 1_200_000], [2_299_999, 1], [2_299_999, 50], [2_300_000, -1], [2_300_000, 5], [9_000_000, 5]])('from %i, %i bytes', async (offset, length) => {
        const wanted = content.subarray(offset, length === -1 ? undefined : offset + length)
        expect(equalBytes(await readRange(bucket, 'key', offset, length), wanted)).toBe(true)
      })

      test('tells the size of the whole file', async () => {
        const { stream, size } = await bucket.newRangeReader('key', 100, 5)
        await stream.cancel()
        expect(size).toBe(content.length)
      })

      test('refuses ranges that are none', async () => {
        for (const [offset, length] of [[-1, 5], [0, -2], [0.5, 1], [0, Number.NaN], [2 ** 53, 1]] as const) {
          await expect(bucket.newRangeReader('key', offset, length)).rejects.toEqual(failing('bad-input'))
        }
      })

      test('what is not there is not found', async () => {
        await expect(bucket.newRangeReader('none', 0, -1)).rejects.toEqual(failing('not-found'))
        await expect(bucket.readAll('none')).rejects.toEqual(failing('not-found'))
        await expect(bucket.readAll('key/deeper')).rejects.toEqual(failing('not-found'))
      })

      test('many readers at once, each its own range', async () => {
        const offsets = Array.from({ length: 40 }, (_, i) => i * 50_000)
        const read = await Promise.all(offsets.map(async offset => await readRange(bucket, 'key', offset, 60_000)))
        expect(read.every((part, i) => equalBytes(part, content.subarray(i * 50_000, i * 50_000 + 60_000)))).toBe(true)
      })

      test('a cancelled read fails as aborted', async () => {
        await expect(bucket.newRangeReader('key', 0, -1, { signal: AbortSignal.abort() })).rejects.toEqual(failing('aborted'))
        const controller = new AbortController()
        const { stream } = await bucket.newRangeReader('key', 0, -1, { signal: controller.signal })
        const reader = stream.getReader()
        expect((await reader.read()).done).toBe(false)
        controller.abort()
        await expect(readToEnd(reader)).rejects.toEqual(failing('aborted'))
      })
    })

    describe('Attributes', () => {
      test('size, time and type', async () => {
        const before = Date.now()
        await bucket.writeAll('images/x.png', bytes(1, 2, 3))
        const { size, modified, contentType } = await bucket.attributes('images/x.png')
        expect([size, contentType]).toEqual([3, 'image/png'])
        expect(modified).toBeGreaterThan(before - 2000)
        expect(modified).toBeLessThan(Date.now() + 2000)
      })

      test.each([['a.tgz', 'application/gzip'], ['a.tgz.tdf', 'application/octet-stream'], ['a', 'application/octet-stream'], ['png', 'application/octet-stream'], ['a.png/b', 'application/octet-stream'], ['a.constructor', 'application/octet-stream']])('%s is %s', async (key, type) => {
        await put(key)
        expect((await bucket.attributes(key)).contentType).toBe(type)
      })

      test('not found', async () => {
        await put('folder/file')
        await expect(bucket.attributes('none')).rejects.toEqual(failing('not-found'))
        await expect(bucket.attributes('folder')).rejects.toEqual(failing('not-found'))
        expect(await Promise.all([bucket.exists('none'), bucket.exists('folder'), bucket.exists('folder/file')])).toEqual([false, false, true])
      })
    })

    describe('Write', () => {
      test.each([['nothing', []], ['one byte', [1]], ['several pieces', [3, 70_000, 0, 1_500_000]]] as const)('%s', async (_, lengths) => {
        const parts = lengths.map((length, i) => pattern(length, i))
        const writer = await bucket.newWriter('a/key')
        for (const part of parts) await writer.write(part)
        await writer.close()
        const whole = new Uint8Array(await new Blob(parts).arrayBuffer())
        expect(equalBytes(await bucket.readAll('a/key'), whole)).toBe(true)
      })

      test('nothing is there before close, and the old file stays until then', async () => {
        const writer = await bucket.newWriter('key')
        await writer.write(bytes(1, 2))
        expect(await bucket.exists('key')).toBe(false)
        expect(await keys()).toEqual([])
        await writer.close()
        const second = await bucket.newWriter('key')
        await second.write(bytes(3))
        expect(await bucket.readAll('key')).toEqual(bytes(1, 2))
        await second.close()
        expect(await bucket.readAll('key')).toEqual(bytes(3))
      })

      test('a writer ends once', async () => {
        const writer = await bucket.newWriter('key')
        await writer.close()
        await expect(writer.write(bytes(1))).rejects.toEqual(failing('bad-input'))
        await expect(writer.close()).rejects.toEqual(failing('bad-input'))
        await writer.abort()
        expect(await bucket.readAll('key')).toEqual(bytes())
      })

      test('the last of several writers of a key wins whole', async () => {
        const [one, two] = [await bucket.newWriter('key'), await bucket.newWriter('key')]
        await one.write(bytes(1, 1, 1))
        await two.write(bytes(2, 2))
        await two.close()
        await one.close()
        expect(await bucket.readAll('key')).toEqual(bytes(1, 1, 1))
      })

      test('a key is no folder of another', async () => {
        await put('folder/key')
        await expect(bucket.writeAll('folder', bytes(1))).rejects.toEqual(failing('bad-input'))
        await expect(bucket.writeAll('folder/key/deeper', bytes(1))).rejects.toEqual(failing('bad-input'))
        expect(await keys()).toEqual(['folder/key'])
      })
    })

    describe('CanceledWrite', () => {
      test.each([['before anything', 0], ['after some bytes', 100_000]])('aborted %s nothing is written', async (_, length) => {
        await put('old')
        for (const key of ['new', 'old']) {
          const writer = await bucket.newWriter(key)
          await writer.write(pattern(length, 1))
          await writer.abort()
          await writer.abort()
          await expect(writer.close()).rejects.toEqual(failing('bad-input'))
        }
        expect(await keys()).toEqual(['old'])
        expect(await bucket.readAll('old')).toEqual(utf8('old'))
      })

      test('by its signal', async () => {
        const controller = new AbortController()
        const writer = await bucket.newWriter('key', { signal: controller.signal })
        await writer.write(bytes(1))
        controller.abort()
        await expect(writer.write(bytes(2))).rejects.toEqual(failing('aborted'))
        await expect(writer.close()).rejects.toEqual(failing('aborted'))
        await expect(bucket.newWriter('key', { signal: AbortSignal.abort() })).rejects.toEqual(failing('aborted'))
        const hasty = new AbortController()
        const opening = bucket.newWriter('key', { signal: hasty.signal })
        hasty.abort()
        await expect((async () => { await (await opening).close() })()).rejects.toEqual(failing('aborted'))
        expect(await keys()).toEqual([])
      })
    })

    test('ConcurrentWriteAndRead: many keys at once, each whole', async () => {
      const indices = Array.from({ length: 30 }, (_, i) => i)
      await Promise.all(indices.map(async i => {
        await bucket.writeAll(`key/${String(i)}`, pattern(20_000, i))
        expect(equalBytes(await bucket.readAll(`key/${String(i)}`), pattern(20_000, i))).toBe(true)
      }))
      expect((await keys()).length).toBe(30)
    })

    test('a stream goes on with the old bytes or fails, whatever becomes of the file', async () => {
      const [old, fresh] = [pattern(3_000_000, 1), pattern(3_000_000, 2)]
      const changes: ((key: string) => Promise<void>)[] = [
        async key => { await bucket.delete(key) },
        async key => { await bucket.writeAll(key, fresh) },
        async key => { await bucket.writeAll(key, bytes(1)) },
        async key => { await bucket.copy(key, 'fresh') },
      ]
      await bucket.writeAll('fresh', fresh)
      for (const [i, change] of changes.entries()) {
        const key = `key${String(i)}`
        await bucket.writeAll(key, old)
        const reader = (await bucket.newRangeReader(key, 0, -1)).stream.getReader()
        const first = await reader.read()
        await change(key)
        const rest = await readToEnd(reader).catch((error: unknown) => error)
        if (rest instanceof Uint8Array) expect(equalBytes(rest, old.subarray(first.value?.length))).toBe(true)
        else expect(rest).toEqual(failing('not-found'))
      }
    })

    describe('Copy', () => {
      test('overwrites, and the source stays', async () => {
        const content = pattern(1_200_000, 3)
        await bucket.writeAll('a/source', content)
        await put('b/destination')
        await bucket.copy('b/destination', 'a/source')
        await bucket.copy('c', 'a/source')
        await bucket.delete('a/source')
        expect(equalBytes(await bucket.readAll('b/destination'), content)).toBe(true)
        expect(equalBytes(await bucket.readAll('c'), content)).toBe(true)
      })

      test('onto itself changes nothing', async () => {
        await put('key')
        await bucket.copy('key', 'key')
        expect(await bucket.readAll('key')).toEqual(utf8('key'))
      })

      test('of nothing is not found', async () => {
        await put('key')
        await expect(bucket.copy('key', 'none')).rejects.toEqual(failing('not-found'))
        await expect(bucket.copy('none', 'none')).rejects.toEqual(failing('not-found'))
        expect(await bucket.readAll('key')).toEqual(utf8('key'))
      })
    })

    describe('Delete', () => {
      test('takes the file away, once', async () => {
        await put('a/key', 'a/other')
        await bucket.readAll('a/key')
        await bucket.delete('a/key')
        expect(await keys()).toEqual(['a/other'])
        await expect(bucket.delete('a/key')).rejects.toEqual(failing('not-found'))
        await expect(bucket.readAll('a/key')).rejects.toEqual(failing('not-found'))
      })

      test('a folder is not a key', async () => {
        await put('a/key')
        await expect(bucket.delete('a')).rejects.toEqual(failing('not-found'))
        expect(await keys()).toEqual(['a/key'])
      })
    })

    describe('Keys', () => {
      test.each(['a b', ' ', 'é', 'e\u0301', '%2F%00', 'a?b#c', '~!@$^&*()_+{}|:"<>\'', '...', '.hidden', 'con', 'NUL.txt', 'x'.repeat(255), '\u{1F600}/\u202E'])('%.20j is one', async key => {
        await bucket.writeAll(key, bytes(1))
        expect(await keys()).toEqual([key])
        expect(await bucket.readAll(key)).toEqual(bytes(1))
        await bucket.copy('copy', key)
        await bucket.delete(key)
        expect(await keys()).toEqual(['copy'])
      })

      test.each(['', '/', '/a', 'a/', 'a//b', '.', '../a', 'a/..', 'a\\b', 'a\0b', '\x7f', '\uDC00', 'x'.repeat(256), `${'ab/'.repeat(400)}c`])('%.20j is none', async key => {
        await put('key')
        await expect(bucket.exists(key)).rejects.toEqual(failing('bad-input'))
        await expect(bucket.attributes(key)).rejects.toEqual(failing('bad-input'))
        await expect(bucket.newRangeReader(key, 0, -1)).rejects.toEqual(failing('bad-input'))
        await expect(bucket.newWriter(key)).rejects.toEqual(failing('bad-input'))
        await expect(bucket.copy(key, 'key')).rejects.toEqual(failing('bad-input'))
        await expect(bucket.copy('x', key)).rejects.toEqual(failing('bad-input'))
        await expect(bucket.delete(key)).rejects.toEqual(failing('bad-input'))
        expect(await keys()).toEqual(['key'])
      })
    })

    describe('IfNotExist', () => {
      test('writes a new key and refuses a taken one', async () => {
        await bucket.writeAll('key', bytes(1), { ifNotExist: true })
        await expect(bucket.writeAll('key', bytes(2), { ifNotExist: true })).rejects.toEqual(failing('already-exists'))
        expect(await bucket.readAll('key')).toEqual(bytes(1))
      })

      test('of two writers at once one wins', async () => {
        const writers = [await bucket.newWriter('key', { ifNotExist: true }), await bucket.newWriter('key', { ifNotExist: true })]
        for (const [i, writer] of writers.entries()) await writer.write(bytes(i))
        const ends = await Promise.allSettled(writers.map(async writer => { await writer.close() }))
        expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
        expect(ends.find(each => each.status === 'rejected')?.reason).toEqual(failing('already-exists'))
        expect(await bucket.readAll('key')).toEqual(bytes(ends.findIndex(({ status }) => status === 'fulfilled')))
      })
    })
  })
}

async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer())
    parts.push(value)
  }
}

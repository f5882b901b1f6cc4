import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { concat } from '../../../src/base/index.ts'
import { sectionBytes, sectionsRoot } from '../../../src/content/index.ts'
import { hashSections } from '../../../src/media/index.ts'
import type { StoredFile } from '../../../src/store/index.ts'
import { noisy } from '../content/archive-help.ts'

test('a stored file gives the hashes of its sections, and the root over them', async () => {
  const bytes = noisy(3 * 1024 * 1024 + 5)
  const digests = Array.from({ length: Math.ceil(bytes.length / sectionBytes(bytes.length)) }, (_, i) => {
    const section = bytes.subarray(i * sectionBytes(bytes.length), (i + 1) * sectionBytes(bytes.length))
    return new Uint8Array(createHash('sha256').update(section).digest())
  })
  expect(await hashSections(new Blob([bytes]), 'a')).toEqual({ root: await sectionsRoot(digests), size: bytes.length, digests: concat(...digests) })
})

test('300 MB are read with no more memory than a few chunks', async () => {
  const size = 300 * 1024 * 1024
  const before = process.memoryUsage().rss
  let most = 0
  const make = (length: number): StoredFile => ({
    size: length,
    slice: (start = 0, end = length) => make(end - start),
    stream: () => new ReadableStream<Uint8Array<ArrayBuffer>>(), // takes no buffers, so slices are read
    async arrayBuffer() {
      most = Math.max(most, process.memoryUsage().rss - before)
      return new ArrayBuffer(length)
    },
  })
  const { size: read } = await hashSections(make(size), 'a')
  expect(read).toBe(size)
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThan(120 * 1024 * 1024)
}, 60_000) // seconds of hashing, on a machine that does other things

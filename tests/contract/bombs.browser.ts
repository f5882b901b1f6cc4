import { expect, test } from 'vitest'
import { concat } from '../../src/base/index.ts'
import { checkArchive } from '../../src/media/index.ts'
import { archiveOf, noisy } from '../unit/content/archive-help.ts'
import { bytesOf } from './support/archives.ts'

/* What the browser's own decompressor makes of hostile archives. */

const MiB = 2 ** 20

async function check(bytes: Uint8Array<ArrayBuffer>): ReturnType<typeof checkArchive> {
  const cid = Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), byte => byte.toString(16).padStart(2, '0')).join('')
  return await checkArchive(new Blob([bytes]), { cid, size: bytes.length, kind: 'z' })
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await bytesOf(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip')))
}

test('a bomb of a thousand times its size is seen without being unpacked', async () => {
  const bomb = await gzip(new Uint8Array(16 * MiB))
  expect(16 * MiB / bomb.length).toBeGreaterThan(1000)
  await expect(check(bomb)).rejects.toMatchObject({ code: 'archive-bomb' })
})

test('the browser unpacks all of a chunk before it waits for who takes it: why it is given little at a time', async () => {
  const { readable, writable } = new DecompressionStream('gzip')
  const written = writable.getWriter().write(await gzip(new Uint8Array(32 * MiB)))
  const reader = readable.getReader()
  const { value } = await reader.read()
  expect(value?.length).toBeLessThan(MiB)
  expect(await Promise.race([written.then(() => 'all of it'), new Promise(done => { setTimeout(done, 4000, 'waits') })])).toBe('all of it')
  await reader.cancel()
})

const small = archiveOf([{ path: 'a', bytes: noisy(700) }])

test.each([
  ['zeros', async () => await Promise.resolve(new Uint8Array(512))],
  ['a second member', async () => await gzip(noisy(10))],
  ['a second, empty one', async () => await gzip(new Uint8Array(0))],
  ['this archive', async () => await Promise.resolve(small)],
])('%s after the end: damaged', async (_, after) => {
  await expect(check(concat(small, await after()))).rejects.toMatchObject({ code: 'archive-damaged' })
})

test('an empty member before the archive: damaged', async () => {
  await expect(check(concat(await gzip(new Uint8Array(0)), small))).rejects.toMatchObject({ code: 'archive-damaged' })
})

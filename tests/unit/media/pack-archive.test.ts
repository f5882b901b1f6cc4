import { expect, test } from 'vitest'
import { checkArchive, memberStream, packArchive, type Source } from '../../../src/media/index.ts'
import { memStaging, type StagingFile } from '../../../src/store/index.ts'
import { bytesOf, oracle, source, text } from '../../contract/support/archives.ts'
import { noisy, wordy } from '../content/archive-help.ts'

const files: readonly Source[] = [
  source('trip/notes.txt', text('notes')), source('trip/empty', text('')), source('trip/log', wordy(2_500_000)), source('trip/photo', noisy(3_000_000)),
  source('trip/edge', noisy(64 * 1024)), source('trip/over', noisy(64 * 1024 + 1)), source('trip/chunk', noisy(1024 * 1024)),
]

const scratch = async (): Promise<StagingFile> => await memStaging().open('tmp/archive.tgz', { create: true })
const blobOf = async (out: StagingFile) => new Blob([await out.read(0, await out.size())])

/** `blob` with some of its properties replaced. */
function pretend(blob: Blob, replaced: Readonly<Record<string, unknown>>): Blob {
  return new Proxy(blob, {
    get(target, key) {
      if (key in replaced) return replaced[key as string]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) as unknown : value
    },
  })
}

/** A file that is said to have `size` bytes and gives others. */
const lying = (path: string, size: number, bytes: Uint8Array<ArrayBuffer>): Source => ({ path, file: pretend(new Blob([bytes]), { size }) })

test('content id, size, torrent and members are those of the bytes written', async () => {
  const out = await scratch()
  const progress: number[] = []
  const packed = await packArchive(files, out, { onProgress: done => { progress.push(done) } })
  const archive = await blobOf(out)
  const { infohash, info, ...rest } = await oracle(archive)
  expect(packed).toMatchObject({ ...rest, title: 'trip', torrent: { infohash, length: archive.size } })
  expect(Buffer.from(packed.torrent.info).equals(info)).toBe(true)
  expect((await checkArchive(archive, packed)).members).toEqual(packed.members)
  for (const { path, file } of files) {
    const member = packed.members.find(each => each.path === path)
    expect(Buffer.from(await bytesOf(memberStream(archive, member!))).equals(await bytesOf(file))).toBe(true)
  }
  const total = files.reduce((sum, { file }) => sum + file.size, 0)
  expect(progress.at(-1)).toBe(total)
  expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  expect(progress.length).toBeGreaterThan(4)
})

test('the same files, in any order, give the same content id', async () => {
  const [one, other] = [await packArchive(files, await scratch()), await packArchive(files.toReversed(), await scratch())]
  expect(one.cid).toBe(other.cid)
})

test('where streams of files take no buffers, the same comes out', async () => {
  const plain = files.map(({ path, file }) => ({ path, file: pretend(file, { stream: () => new ReadableStream() }) }))
  expect((await packArchive(plain, await scratch())).cid).toBe((await packArchive(files, await scratch())).cid)
})

test('an empty file alone', async () => {
  const out = await scratch()
  const packed = await packArchive([source('empty', text(''))], out)
  expect(packed).toMatchObject({ title: 'empty', members: [{ path: 'empty', size: 0 }] })
  expect(await bytesOf(memberStream(await blobOf(out), packed.members[0]!))).toEqual(text(''))
})

test('a thousand small files', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => source(`many/${i}`, text(`file ${i}`)))
  const out = await scratch()
  const packed = await packArchive(many, out)
  expect((await checkArchive(await blobOf(out), packed)).members?.length).toBe(1000)
})

test.each([10, 3_000_000])('a file of %d bytes that shrank, or grew, is told by its path', async size => {
  await expect(packArchive([source('a', text('a')), lying('b', size, noisy(size - 5))], await scratch())).rejects.toMatchObject({ code: 'file-changed', data: { path: 'b', expected: expect.any(Number) as number } })
})

test('a small file that grew is told', async () => {
  await expect(packArchive([lying('b', 10, noisy(20))], await scratch())).rejects.toMatchObject({ code: 'file-changed' })
})

test.each([10, 3_000_000])('a file of %d bytes that cannot be read is told by its path', async size => {
  const fail = () => { throw new DOMException('changed', 'NotReadableError') }
  const broken = pretend(new Blob([noisy(size)]), { arrayBuffer: async () => fail(), stream: () => new ReadableStream({ type: 'bytes', pull: fail }) })
  await expect(packArchive([{ path: 'a', file: broken }], await scratch())).rejects.toMatchObject({ code: 'file-unreadable', data: { path: 'a' } })
})

test('what a plan refuses is not begun', async () => {
  const out = await scratch()
  await expect(packArchive([source('../a', text('a'))], out)).rejects.toMatchObject({ code: 'archive-name', data: { path: '../a' } })
  expect(await out.size()).toBe(0)
})

test('an abort ends it', async () => {
  const controller = new AbortController()
  const packing = packArchive(files, await scratch(), { signal: controller.signal, onProgress: () => { controller.abort() } })
  await expect(packing).rejects.toMatchObject({ code: 'aborted' })
})

test('a full disk ends it', async () => {
  const out = await memStaging({ capacity: 1_000_000 }).open('tmp/archive.tgz', { create: true })
  await expect(packArchive(files, out)).rejects.toMatchObject({ code: 'storage-full' })
})

import { expect, test } from 'vitest'
import { blobSource, memberStream, readSource, type ByteSource } from '../../../src/media/index.ts'
import { bytesOf, text } from '../../contract/support/archives.ts'
import { archiveOf, noisy } from '../content/archive-help.ts'

const bytes = noisy(700_000)
const reads: [number, number][] = []

const sources: [string, () => ByteSource][] = [
  ['a blob', () => blobSource(new Blob([bytes]))],
  ['read by somebody else', () => readSource(bytes.length, async (at, length) => {
    reads.push([at, length])
    return bytes.slice(at, at + length)
  })],
]

test.each(sources)('%s: any range, read or streamed', async (_, open) => {
  const source = open()
  expect(source.size).toBe(bytes.length)
  for (const [at, end] of [[0, 0], [0, 1], [262_143, 262_145], [100, 600_000], [699_999, 700_000], [0, 700_000], [700_000, 700_000]] as const) {
    expect(Buffer.compare(await source.read(at, end - at), bytes.subarray(at, end))).toBe(0)
    expect(Buffer.compare(await bytesOf(source.stream(at, end)), bytes.subarray(at, end))).toBe(0)
  }
})

test.each(sources)('%s: what lies outside is refused', async (_, open) => {
  for (const [at, length] of [[-1, 1], [0, 700_001], [700_001, 0], [0.5, 1]] as const) await expect(open().read(at, length)).rejects.toMatchObject({ code: 'bad-input' })
  expect(() => open().stream(5, 4)).toThrow('outside')
})

test('no read crosses the smallest piece, so that nobody waits for bytes he did not ask for', async () => {
  reads.length = 0
  await sources[1]![1]().read(100, 600_000)
  expect(reads).toEqual([[100, 262_044], [262_144, 262_144], [524_288, 75_812]])
})

test('a reader that gives too little, or fails, fails the stream', async () => {
  await expect(bytesOf(readSource(10, async () => text('four')).stream())).rejects.toMatchObject({ code: 'storage-lost' })
  await expect(bytesOf(readSource(10, async () => { throw new Error('gone') }).stream())).rejects.toThrow('gone')
})

test('nothing is read before it is asked for, and a cancelled stream ends the read under way', async () => {
  let asked = 0
  let ended = false
  const source = readSource(1_000_000, async (_at, _length, signal) => {
    asked++
    return await new Promise((_done, fail) => { signal?.addEventListener('abort', () => { ended = true; fail(new Error('ended')) }) })
  })
  const stream = source.stream()
  await new Promise(done => { setTimeout(done) })
  expect(asked).toBe(0)
  const reader = stream.getReader()
  void reader.read()
  await reader.cancel()
  expect([asked, ended]).toEqual([1, true])
})

test('a member out of an archive that comes in reads', async () => {
  const archive = archiveOf([{ path: 'a', bytes: noisy(300_000) }, { path: 'b', bytes: text('bee') }])
  const source = readSource(archive.length, async (at, length) => archive.slice(at, at + length))
  expect(new TextDecoder().decode(await bytesOf(memberStream(source, { path: 'b', size: 3, offset: 512 + 300_032 + 512 })))).toBe('bee')
})

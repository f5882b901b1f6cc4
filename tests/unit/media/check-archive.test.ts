import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { checkArchive, memberStream } from '../../../src/media/index.ts'
import { bytesOf, text } from '../../contract/support/archives.ts'
import { archiveOf, noisy } from '../content/archive-help.ts'

const archive = archiveOf([{ path: 'a/one', bytes: text('one') }, { path: 'a/two', bytes: noisy(300_000) }])
const check = async (bytes: Uint8Array<ArrayBuffer>, said: Uint8Array = bytes) =>
  await checkArchive(new Blob([bytes]), { cid: createHash('sha256').update(said).digest('hex'), size: said.length, kind: 'z' })

test('members of the right bytes', async () => {
  expect(await check(archive)).toEqual({ members: [{ path: 'a/one', size: 3, offset: 512 }, { path: 'a/two', size: 300_000, offset: 1536 }] })
})

test('other bytes, or another length, are wrong bytes before anything else', async () => {
  const other = archive.map((byte, i) => i === 1000 ? byte ^ 1 : byte)
  await expect(check(other, archive)).rejects.toMatchObject({ code: 'wrong-bytes' })
  await expect(check(archive.subarray(0, -1), archive)).rejects.toMatchObject({ code: 'wrong-bytes', data: { expected: archive.length, got: archive.length - 1 } })
})

test.each([
  ['no gzip', noisy(5000)],
  ['nothing', new Uint8Array(0)],
  ['cut short', archive.subarray(0, 100_000)],
  ['cut in its trailer', archive.subarray(0, -3)],
  ['a wrong check sum', archive.map((byte, i) => i === archive.length - 6 ? byte ^ 1 : byte)],
  ['bytes after the end', new Uint8Array([...archive, 1, 2, 3])],
  ['no tar in it', new Uint8Array(gzipSync(noisy(5000)))],
])('what is shared as it is, but is no archive, is damaged: %s', async (_, bytes) => {
  await expect(check(bytes)).rejects.toMatchObject({ code: 'archive-damaged' })
})

test('a member of a damaged archive fails and does not end short', async () => {
  const member = { path: 'a/two', size: 300_000, offset: 1536 }
  await expect(bytesOf(memberStream(new Blob([archive.subarray(0, 100_000)]), member))).rejects.toThrow()
  await expect(bytesOf(memberStream(new Blob([archive]), { ...member, offset: 200_000 }))).rejects.toThrow('ends before')
})

test('a stream that nobody reads to the end stops reading', async () => {
  const reader = memberStream(new Blob([archive]), { path: 'a/two', size: 300_000, offset: 1536 }).getReader()
  expect((await reader.read()).value?.length).toBeGreaterThan(0)
  await reader.cancel()
})

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { TdfPass, type TdfKeys } from '../../../src/content/index.ts'
import { blobSource, checkArchive, memberStream, openArchive, packArchive, unlockTdf, type Source } from '../../../src/media/index.ts'
import { memStaging } from '../../../src/store/index.ts'
import { bytesOf, oracle, source, text } from '../../contract/support/archives.ts'
import { keysOf, plainOf, random, setupOf, tdfOf } from '../../support/tdf.ts'
import { archiveOf, noisy, wordy } from '../content/archive-help.ts'

const files: readonly Source[] = [source('trip/notes.txt', text('notes')), source('trip/empty', text('')), source('trip/log', wordy(2_500_000)), source('trip/photo', noisy(6_000_000))]
const key = random.bytes(32)
const keys = await keysOf(key)
const wrong = await keysOf(random.bytes(32))

async function packed(sources: readonly Source[] = files) {
  const out = await memStaging().open('tmp/archive', { create: true })
  const { cipher, mac, policy, keyAccess } = await setupOf(key)
  const made = await packArchive(sources, out, { protect: { cipher, mac, policy, keyAccess, random } })
  return { made, stored: new Blob([await out.read(0, await out.size())]) }
}

const { made, stored } = await packed()
const check = async (bytes: Blob, opened: TdfKeys | null, said: Blob = bytes) =>
  await checkArchive(bytes, { cid: createHash('sha256').update(await bytesOf(said)).digest('hex'), size: said.size, kind: 'p', key: opened })
const file = async (plain: Uint8Array) => new Blob([await tdfOf(plain, await setupOf(key))])

test('content id, size and torrent are those of the protected file, members those of the archive in it', async () => {
  const { cid, size, infohash, info } = await oracle(stored, '.tdf')
  expect(made).toMatchObject({ kind: 'p', cid, size, title: 'trip', torrent: { infohash, length: size, name: `${cid}.tgz.tdf` } })
  expect(Buffer.from(made.torrent.info).equals(info)).toBe(true)
  expect(await check(stored, keys)).toEqual({ members: made.members })
})

test('what is in it is the archive that anybody would have made', async () => {
  const out = await memStaging().open('tmp/archive', { create: true })
  await packArchive(files, out)
  const archive = await openArchive(blobSource(stored), keys)
  expect(archive.size).toBe(await out.size())
  expect(Buffer.from(await bytesOf(archive.stream())).equals(await out.read(0, archive.size))).toBe(true)
})

test('members come decrypted', async () => {
  const archive = await openArchive(blobSource(stored), keys)
  for (const { path, file: original } of files) {
    const member = made.members.find(each => each.path === path)!
    expect(Buffer.from(await bytesOf(memberStream(archive, member))).equals(await bytesOf(original))).toBe(true)
  }
})

test('an empty file alone', async () => {
  const one = await packed([source('empty', text(''))])
  expect(await check(one.stored, keys)).toEqual({ members: [{ path: 'empty', size: 0, offset: 512 }] })
})

test('without its key its bytes are compared, and nothing is said of what is in it', async () => {
  expect(await check(stored, null)).toEqual({ members: null })
  expect(await checkArchive(stored, { cid: made.cid, size: made.size, kind: 'a' })).toEqual({ members: null })
  await expect(checkArchive(stored, { cid: made.cid, size: made.size, kind: 'i' })).rejects.toMatchObject({ code: 'bad-image' })
})

test('with the wrong key nothing comes out', async () => {
  await expect(check(stored, wrong)).rejects.toMatchObject({ code: 'wrong-key' })
  await expect(openArchive(blobSource(stored), wrong)).rejects.toMatchObject({ code: 'wrong-key' })
})

test('other bytes are wrong bytes whatever else is wrong with them', async () => {
  const bytes = await bytesOf(stored)
  for (const at of [0, 3000, bytes.length - 1]) {
    const other = new Blob([bytes.map((byte, i) => i === at ? byte ^ 1 : byte)])
    await expect(check(other, keys, stored)).rejects.toMatchObject({ code: 'wrong-bytes' })
    await expect(check(other, wrong, stored)).rejects.toMatchObject({ code: 'wrong-bytes' })
  }
})

test('what was shared as it is, and is not what it should be, is told by its code', async () => {
  const bytes = await bytesOf(stored)
  const changed = bytes.map((byte, i) => i === 3_000_000 ? byte ^ 1 : byte)
  await expect(check(new Blob([changed]), keys)).rejects.toMatchObject({ code: 'tdf-damaged' })
  await expect(check(new Blob([noisy(5000)]), keys)).rejects.toMatchObject({ code: 'tdf-damaged' })
  await expect(check(new Blob([bytes.subarray(0, -1)]), keys)).rejects.toMatchObject({ code: 'tdf-damaged' })
  await expect(check(await file(noisy(5000)), keys)).rejects.toMatchObject({ code: 'archive-damaged' })
  await expect(check(await file(new Uint8Array(0)), keys)).rejects.toMatchObject({ code: 'archive-damaged' })
  expect(await check(await file(archiveOf([{ path: 'a', bytes: text('a') }])), keys)).toMatchObject({ members: [{ path: 'a' }] })
})

test('a member whose segment was changed fails, and so does one of a file that is none', async () => {
  const bytes = await bytesOf(stored)
  const last = made.members.at(-1)!
  await expect(bytesOf(memberStream(await openArchive(blobSource(new Blob([bytes.map((byte, i) => i === 5_000_000 ? byte ^ 1 : byte)])), keys), last))).rejects.toMatchObject({ code: 'tdf-damaged' })
  await expect(openArchive(blobSource(new Blob([noisy(50)])), keys)).rejects.toMatchObject({ code: 'tdf-damaged' })
})

test('a reader who leaves stops the reading', async () => {
  let reads = 0
  const watched = new Proxy(stored, { get: (target, name) => name === 'slice' ? (from: number, to: number) => { reads++; return target.slice(from, to) } : Reflect.get(target, name, target) as unknown })
  const reader = memberStream(await openArchive(blobSource(watched), keys), made.members.at(-1)!).getReader()
  await reader.read()
  await reader.cancel()
  const before = reads
  await new Promise(resolve => { setTimeout(resolve, 50) })
  expect(reads).toBe(before)
})

test('its bytes are read in passing once: what the pass gives is what ranges give', async () => {
  const bytes = await bytesOf(stored)
  const parts: Uint8Array[] = []
  const pass = new TdfPass(await unlockTdf(blobSource(new Blob([bytes])), keys), part => { parts.push(part) })
  pass.push(bytes)
  await pass.finish()
  expect(Buffer.concat(parts).equals(await plainOf(bytes, keys))).toBe(true)
})

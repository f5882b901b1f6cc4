import { expect, test } from 'vitest'
import { concat } from '../../../src/base/index.ts'
import { planArchive, TarLister } from '../../../src/content/index.ts'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gunzipSync } from 'node:zlib'
import { archiveOf, noisy } from './archive-help.ts'

interface Entry { path?: string, type?: string, size?: number, body?: string, magic?: string, sum?: number }

/** One entry as a tool would write it that keeps no rules. */
function entry({ path = 'file', type = '0', body = '', size = Buffer.byteLength(body), magic = 'ustar\u000000', sum }: Entry = {}): Uint8Array<ArrayBuffer> {
  const block = Buffer.alloc(512)
  block.write(path, 0)
  block.write('0000644\u00000000000\u00000000000\0', 100)
  block.write(`${size.toString(8).padStart(11, '0')}\u000000000000000\0        ${type}`, 124)
  block.write(magic, 257)
  block.write(`${(sum ?? block.reduce((all, byte) => all + byte, 0)).toString(8).padStart(6, '0')}\0 `, 148)
  const bytes = Buffer.from(body)
  return new Uint8Array(Buffer.concat([block, bytes, Buffer.alloc(-bytes.length & 511)]))
}

const end = new Uint8Array(1024)
const pax = (body: string) => entry({ type: 'x', path: 'PaxHeader', body })

/** A pax record; its length, here below 100, counts itself. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  return `${Buffer.byteLength(rest) + (Buffer.byteLength(rest) < 9 ? 1 : 2)}${rest}`
}

/** The same for any length. */
function longRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`
  let length = Buffer.byteLength(rest) + 1
  while (String(length).length + Buffer.byteLength(rest) !== length) length++
  return `${length}${rest}`
}

function list(...parts: Uint8Array[]): ReturnType<TarLister['end']> {
  const lister = new TarLister()
  lister.push(concat(...parts))
  return lister.end()
}

test('files with their places, folders left out', () => {
  expect(list(entry({ path: 'a/', type: '5' }), entry({ path: 'a/b', body: 'xyz' }), entry({ path: 'a/c', type: '\0' }), end)).toEqual({
    ok: true, value: [{ path: 'a/b', size: 3, offset: 1024 }, { path: 'a/c', size: 0, offset: 2048 }],
  })
})

test('what we write, in chunks of any length', () => {
  const files = [{ path: 'a', bytes: noisy(70_000) }, { path: 'ü', bytes: noisy(3) }, { path: 'é'.repeat(120), bytes: noisy(0) }]
  const tar = gunzipSync(archiveOf(files))
  const { members } = planArchive(files.map(({ path, bytes }) => ({ path, size: bytes.length })))
  for (const step of [1, 511, 513, 65_536]) {
    const lister = new TarLister()
    for (let at = 0; at < tar.length; at += step) lister.push(tar.subarray(at, at + step))
    expect(lister.end()).toEqual({ ok: true, value: members.map(({ path, size, offset }) => ({ path, size, offset })) })
  }
})

test('a pax header gives path and size, other records pass', () => {
  expect(list(pax(record('path', 'ü/e.txt') + record('mtime', '1.5') + record('size', '4')), entry({ path: 'cut', size: 0 }), new Uint8Array(512), end)).toEqual({
    ok: true, value: [{ path: 'ü/e.txt', size: 4, offset: 1536 }],
  })
})

test.each<[string, string, readonly Uint8Array[]]>([
  ['nothing', 'archive-damaged', []],
  ['no end', 'archive-damaged', [entry()]],
  ['half an end', 'archive-damaged', [entry(), new Uint8Array(512)]],
  ['cut in a file', 'archive-damaged', [entry({ size: 5000 })]],
  ['bytes after the end', 'archive-damaged', [entry(), end, entry()]],
  ['a wrong checksum', 'archive-damaged', [entry({ sum: 1 }), end]],
  ['another format', 'archive-damaged', [entry({ magic: 'ustar  \0' }), end]],
  ['noise', 'archive-damaged', [noisy(2048)]],
  ['a folder with bytes', 'archive-damaged', [entry({ type: '5', body: 'x' }), end]],
  ['an unknown type', 'archive-damaged', [entry({ type: 'L', body: 'name' }), end]],
  ['a pax header alone', 'archive-damaged', [pax(record('size', '4')), end]],
  ['two pax headers', 'archive-damaged', [pax(record('size', '4')), pax(record('size', '4')), entry(), end]],
  ['a pax header of nonsense', 'archive-damaged', [pax('99 size=4\n'), entry(), end]],
  ['a pax length of zero', 'archive-damaged', [pax('0 size=4\n'), entry(), end]],
  ['a pax size below zero', 'archive-damaged', [pax(record('size', '-4')), entry(), end]],
  ['a huge pax header', 'archive-damaged', [entry({ type: 'x', size: 2 ** 30 })]],
  ['65 records in a pax header', 'archive-damaged', [pax('6 a=b\n'.repeat(65)), entry(), end]],
  ['marks that take long to put in order', 'archive-name', [pax(longRecord('path', `a${'\u0301'.repeat(15_000)}${'\u0316'.repeat(15_000)}`)), entry(), end]],
  ['many folders for Windows', 'archive-depth', [pax(longRecord('path', `a${'\\a'.repeat(17)}`)), entry(), end]],
  ['a symbolic link', 'archive-link', [entry({ type: '2' }), end]],
  ['a hard link', 'archive-link', [entry({ type: '1' }), end]],
  ['a device', 'archive-link', [entry({ type: '3' }), end]],
  ['a parent path', 'archive-name', [entry({ path: '../x' }), end]],
  ['an absolute path', 'archive-name', [entry({ path: '/etc/x' }), end]],
  ['an absolute path by pax', 'archive-name', [pax(record('path', '/etc/x')), entry(), end]],
  ['a name with NUL by pax', 'archive-name', [pax(record('path', 'a\0b')), entry(), end]],
  ['a deep path', 'archive-depth', [entry({ path: `${'d/'.repeat(17)}f` }), end]],
  ['two names that are one', 'archive-collision', [entry({ path: 'A' }), entry({ path: 'a' }), end]],
  ['a file and a folder', 'archive-collision', [entry({ path: 'a' }), entry({ path: 'A/', type: '5' }), end]],
  ['too many entries', 'archive-entries', [...Array.from({ length: 10_001 }, (_, i) => entry({ path: `f${i}` })), end]],
])('refused: %s (%s)', (_, code, parts) => {
  expect(list(...parts)).toMatchObject({ ok: false, code })
})

test('a name that is not UTF-8 is refused', () => {
  const block = entry({ path: 'aa' })
  block.set([0xff, 0xfe], 0)
  block.set(Buffer.from(`${block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0).toString(8).padStart(6, '0')}\0 `), 148)
  expect(list(block, end)).toMatchObject({ ok: false, code: 'archive-name' })
})

test('64 records in a pax header are read', () => {
  expect(list(pax('6 a=b\n'.repeat(64)), entry(), end).ok).toBe(true)
})

test('deep folders with long names take the room of the names, not of every path above them', () => {
  const lister = new TarLister()
  const path = (i: number) => Array.from({ length: 17 }, (_, depth) => `${i}-${depth}`.padEnd(250, 'x')).join('/')
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const held = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = held()
  for (let i = 0; i < 900; i++) lister.push(concat(pax(longRecord('path', path(i))), entry()))
  expect(held() - before).toBeLessThan(24 * 2 ** 20) // 4 MB of paths and as much of names; every path above them would be 36 MB more
  lister.push(end)
  expect(lister.end()).toMatchObject({ ok: true })
})

test('4 MiB of names are taken, a character more is not', () => {
  const long = (i: number, length: number) => [String(i).padEnd(100, 'e'), 'a'.repeat(250), 'b'.repeat(250), 'c'.repeat(250), ''].join('/').padEnd(length, 'd')
  const many = (last: number) => list(...Array.from({ length: 4096 }, (_, i) => concat(pax(longRecord('path', long(i + 10_000, i === 0 ? last : 1024))), entry())), end)
  expect(long(10_000, 1024).length).toBe(1024)
  expect(many(1024)).toMatchObject({ ok: true })
  expect(many(1025)).toMatchObject({ ok: false, code: 'archive-name' })
})

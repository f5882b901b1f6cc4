import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, inflateRawSync } from 'node:zlib'
import { unpackTar } from 'modern-tar'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ArchiveWriter, planArchive } from '../../../src/content/index.ts'
import { DeflateRun } from '../../../src/content/deflate-run.ts'
import { memberHeader } from '../../../src/content/tar-header.ts'
import { archiveOf, noisy, wordy, type Input } from './archive-help.ts'

const text = (words: string) => new TextEncoder().encode(words)
const longName = `${'folder/'.repeat(12)}${'long name '.repeat(20)}`
const files: readonly Input[] = [
  { path: 'notes/plain.txt', bytes: text('plain') },
  { path: 'notes/empty', bytes: text('') },
  { path: 'notes/log.txt', bytes: wordy(400_000) },
  { path: 'notes/noise.bin', bytes: noisy(400_000) },
  { path: 'notes/naïve 😀.txt', bytes: text('emoji') },
  { path: 'notes/two  spaces, "quotes" and \'more\'', bytes: text('quotes') },
  { path: `notes/${'p'.repeat(100)}/${'n'.repeat(100)}`, bytes: text('fits ustar in two parts') },
  { path: `notes/${longName}`, bytes: text('needs pax') },
]

let folder = ''
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'holdfast-archive-')) })
afterAll(() => { rmSync(folder, { recursive: true }) })

test('GNU tar and gzip take it, and give every file back', () => {
  const path = join(folder, 'a.tgz')
  writeFileSync(path, archiveOf(files))
  execFileSync('gzip', ['-t', path])
  const listed = execFileSync('tar', ['-tzf', path, '--quoting-style=literal'], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } }).trim().split('\n')
  expect(listed.toSorted()).toEqual(files.map(file => file.path).toSorted())
  execFileSync('tar', ['-xzf', path, '-C', folder])
  for (const file of files) expect(readFileSync(join(folder, file.path)).equals(file.bytes)).toBe(true)
})

test('another tar library reads the same, with the fixed modes, owners and times', async () => {
  const entries = await unpackTar(gunzipSync(archiveOf(files)), { strict: true })
  expect(entries.map(({ header, data }) => [header.name, data?.length])).toEqual(
    files.map(({ path, bytes }) => [path, bytes.length]).toSorted(([a], [b]) => Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))))
  for (const { header } of entries) expect(header).toMatchObject({ mode: 0o644, uid: 0, gid: 0, type: 'file', mtime: new Date(0), uname: '', gname: '' })
})

test('a file of 9 GiB has its size in a pax header, which GNU tar reads', () => {
  const plan = planArchive([{ path: 'huge', size: 9 * 2 ** 30 }])
  expect(plan).toMatchObject({ tarBytes: 3 * 512 + 9 * 2 ** 30 + 1024, members: [{ offset: 3 * 512 }] })
  const listed = spawnSync('tar', ['-tvf', '-'], { input: memberHeader({ path: 'huge', size: 9 * 2 ** 30 }), encoding: 'utf8' })
  expect(listed.stdout).toMatch(/ 9663676416 .* huge/)
})

test('the tar is as long as the plan says', () => {
  const plan = planArchive(files.map(({ path, bytes }) => ({ path, size: bytes.length })))
  const tar = gunzipSync(archiveOf(files))
  expect(tar.length).toBe(plan.tarBytes)
  for (const { source, offset, size } of plan.members) expect(tar.subarray(offset, offset + size).equals(files[source]!.bytes)).toBe(true)
})

test('how the bytes are cut does not matter', () => {
  const whole = archiveOf(files)
  for (const chunk of [1009, 65_536, 100_000]) expect(Buffer.from(archiveOf(files, chunk)).equals(whole)).toBe(true)
})

test('text shrinks, noise is stored and grows by no more than its headers', () => {
  expect(archiveOf([{ path: 'log', bytes: wordy(500_000) }]).length).toBeLessThan(100_000)
  const noise = noisy(500_000)
  const stored = archiveOf([{ path: 'noise', bytes: noise }])
  expect(stored.length - noise.length).toBeLessThan(1200)
  expect(Buffer.from(stored).includes(Buffer.from(noise.subarray(0, 60_000)))).toBe(true)
})

test('what the beginning does not show changes nothing: noise after text is still deflated', () => {
  const mixed = new Uint8Array(400_000)
  mixed.set(wordy(200_000))
  mixed.set(noisy(200_000), 200_000)
  const packed = archiveOf([{ path: 'mixed', bytes: mixed }])
  expect(packed.length).toBeLessThan(260_000)
  expect(gunzipSync(packed).subarray(512, 400_512).equals(mixed)).toBe(true)
})

test('it ends between the bounds it told at any time', () => {
  for (const bytes of [noisy(300_000), wordy(300_000), text('')]) {
    const plan = planArchive([{ path: 'a', size: bytes.length }])
    let size = 0
    const writer = new ArchiveWriter(plan, part => { size += part.length })
    const bounds = [writer.bounds]
    for (let at = 0; at < bytes.length; at += 10_000) {
      writer.write(bytes.subarray(at, at + 10_000))
      bounds.push(writer.bounds)
    }
    writer.finish()
    expect(size).toBeLessThanOrEqual(Math.min(...bounds.map(({ max }) => max)))
    expect(size).toBeGreaterThanOrEqual(Math.max(...bounds.map(({ min }) => min)))
  }
})

test('the size of what is stored is known nearly from the beginning', () => {
  const writer = new ArchiveWriter(planArchive([{ path: 'a', size: 100_000_000 }]), () => {})
  writer.write(noisy(70_000))
  expect(writer.bounds.min).toBeGreaterThan(99_990_000)
  expect(writer.bounds.max).toBeLessThan(100_200_000)
})

test('a byte too many, and an end too early, are refused', () => {
  const writer = () => new ArchiveWriter(planArchive([{ path: 'a', size: 3 }]), () => {})
  expect(() => { writer().write(text('four')) }).toThrow(/more bytes/)
  expect(() => { writer().finish() }).toThrow(/missing/)
})

test('runs of deflate end on a byte whatever bits are pending', () => {
  const pending = new Set<number>()
  for (let length = 0; length < 600; length++) {
    const parts: Uint8Array[] = []
    const run = new DeflateRun(part => { parts.push(part.slice()) })
    const bytes = noisy(length).map(byte => byte & 31)
    run.push(bytes)
    run.end()
    const all = Buffer.concat(parts)
    expect(all.subarray(-4).toString('hex')).toBe('0000ffff')
    expect(inflateRawSync(Buffer.concat([all, Buffer.of(3, 0)])).equals(bytes)).toBe(true)
    pending.add(all.at(-5) ?? 0)
  }
  expect(pending.size).toBeGreaterThan(8)
})

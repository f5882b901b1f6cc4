import { gunzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemberSlice, TarLister, planArchive, safeFileName } from '../../../src/content/index.ts'
import { archiveOf, noisy, wordy } from '../../unit/content/archive-help.ts'

const names = fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), fc.string({ unit: fc.constantFrom('a', 'b', '.', ' ', 'é', '-', '_'), minLength: 1, maxLength: 120 })).map(name => name.replace(/[/\\\0]/g, '_'))
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }), fc.integer({ max: 200_000 }).map(noisy), fc.integer({ min: 0, max: 200_000 }).map(wordy), fc.integer({ min: 0, max: 140_000 }).map(length => new Uint8Array(length)),
)
/** Trees that a plan accepts: what it refuses is left out. */
const trees = fc.array(fc.record({ path: fc.array(names, { minLength: 1, maxLength: 5 }).map(parts => parts.join('/')), bytes: contents }), { minLength: 1, maxLength: 6 })
  .filter(files => planArchive(files.map(({ path }) => ({ path, size: 0 }))).refusal === null)

test('packed, listed and read back, every file is what it was', () => {
  fc.assert(fc.property(trees, fc.integer({ min: 1, max: 70_000 }), (files, chunk) => {
    const tar = gunzipSync(archiveOf(files, 10_000))
    const lister = new TarLister()
    for (let at = 0; at < tar.length; at += chunk) lister.push(tar.subarray(at, at + chunk))
    const listed = lister.end()
    const plan = planArchive(files.map(({ path, bytes }) => ({ path, size: bytes.length })))
    expect(listed).toEqual({ ok: true, value: plan.members.map(({ path, size, offset }) => ({ path, size, offset })) })
    for (const member of plan.members) {
      const slice = new MemberSlice(member)
      const parts: Uint8Array[] = []
      for (let at = 0; at < tar.length; at += chunk) parts.push(slice.take(tar.subarray(at, at + chunk)))
      expect(slice.done).toBe(true)
      expect(Buffer.concat(parts).equals(files[member.source]!.bytes)).toBe(true)
    }
  }), { numRuns: 40 })
})

test('the order of the files, and the form of their names, do not matter', () => {
  fc.assert(fc.property(trees, fc.infiniteStream(fc.nat()), (files, numbers) => {
    const mixed = files.map(file => ({ file, key: numbers.next().value })).sort((a, b) => a.key - b.key).map(({ file }) => ({ path: file.path.normalize('NFD'), bytes: file.bytes }))
    expect(Buffer.from(archiveOf(mixed)).equals(archiveOf(files))).toBe(true)
  }), { numRuns: 20 })
})

test('no bytes make the lister throw', () => {
  const tar = gunzipSync(archiveOf([{ path: 'a', bytes: noisy(600) }, { path: 'é'.repeat(100), bytes: noisy(10) }]))
  const damage = fc.array(fc.record({ at: fc.nat(tar.length - 1), byte: fc.nat(255) }), { maxLength: 5 })
  fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 3000 }), damage.map(changes => {
    const bytes = new Uint8Array(tar)
    for (const { at, byte } of changes) bytes[at] = byte
    return bytes
  })), bytes => {
    const lister = new TarLister()
    lister.push(bytes)
    expect(typeof lister.end().ok).toBe('boolean')
  }), { numRuns: 300 })
})

test('a safe file name is one on every system, and is not changed again', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), name => {
    const safe = safeFileName(name)
    expect(safe).toMatch(/^[^/\\:*?"<>|\p{Cc}\u202a-\u202e\u200b]*[^/\\:*?"<>|\p{Cc}. ]$/u)
    expect(new TextEncoder().encode(safe).length).toBeLessThanOrEqual(200)
    expect(safeFileName(safe)).toBe(safe)
  }))
})

import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { concat, limits, type HoldfastError } from '../../../src/base/index.ts'
import { judgeSection, sectionCount, sectionRange } from '../../../src/content/index.ts'
import { SectionShelf } from '../../../src/net/section-shelf.ts'

const KiB = 1024
const sha = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(createHash('sha256').update(bytes).digest())
const bytes = Uint8Array.from({ length: 2 * 256 * KiB + 5 }, (_, i) => i >> 10)
const file = { cid: 'a'.repeat(64), path: 'a', size: bytes.length }
/** So large that a section has 1 MiB, and goes in two parts; all zero. */
const large = { cid: 'b'.repeat(64), path: 'b', size: 10_000 * 1024 * KiB }

let now = 0
let made: string[] = []
let spoilt = false
let damaged: string[] = []
let fails = false
let shelf: SectionShelf

beforeEach(() => {
  [now, made, spoilt, damaged, fails] = [0, [], false, [], false]
  const zero = sha(new Uint8Array(1024 * KiB))
  shelf = new SectionShelf({
    clock: { now: () => now },
    async digests({ path }) {
      made.push(path)
      await Promise.resolve()
      if (fails) throw new Error('the page is gone')
      const each = (i: number) => { const { at, length } = sectionRange(file.size, i + 1); return sha(bytes.subarray(at, at + length)) }
      return path === 'a' ? concat(...Array.from({ length: sectionCount(file.size) }, (_, i) => each(i))) : concat(...Array.from({ length: 10_000 }, () => zero))
    },
    async read({ path }, at, length) {
      const part = path === 'a' ? bytes.slice(at, at + length) : new Uint8Array(length)
      if (spoilt) part[0]! ^= 1
      return await Promise.resolve(part)
    },
    damaged(cid, { code }: HoldfastError) { damaged.push(`${cid} ${code}`) },
  })
})

test('the trie of a file is made once, and its sections are given with their proofs', async () => {
  const [root, ...parts] = await Promise.all([shelf.root(file), ...[1, 2, 3].map(async index => await shelf.part(file, { index, at: 0 }))])
  for (const [i, part] of parts.entries()) expect(judgeSection(root, file.size, { index: i + 1, ...part! }).ok).toBe(true)
  expect(made).toEqual(['a'])
})

test('there is nothing beyond its end', async () => {
  expect(await shelf.part(file, { index: 4, at: 0 })).toBeNull()
  expect(await shelf.part(file, { index: 1, at: limits.sectionPartBytes })).toBeNull()
})

test('long sections go in parts, and the proof with the first', async () => {
  const [first, second] = [await shelf.part(large, { index: 10_000, at: 0 }), await shelf.part(large, { index: 10_000, at: limits.sectionPartBytes })]
  expect([first!.bytes.length, second!.bytes.length, second!.nodes.length]).toEqual([512 * KiB, 512 * KiB, 0])
  expect(judgeSection(await shelf.root(large), large.size, { index: 10_000, bytes: concat(first!.bytes, second!.bytes), nodes: first!.nodes }).ok).toBe(true)
  expect(first!.nodes.length).toBeLessThanOrEqual(limits.sectionNodes)
  expect(Math.max(...first!.nodes.map(({ length }) => length))).toBeLessThanOrEqual(limits.sectionNodeBytes)
})

test('what the disk changed never leaves, and is told', async () => {
  spoilt = true
  await expect(shelf.part(file, { index: 1, at: 0 })).rejects.toMatchObject({ code: 'storage-damaged' })
  expect(damaged).toEqual([`${file.cid} storage-damaged`])
})

test('above the limit of speed it says so, until time has passed', async () => {
  shelf.setRate(1024 * KiB)
  for (let i = 0; i < 4; i++) expect(await shelf.part(file, { index: 1, at: 0 })).not.toBeNull()
  await expect(shelf.part(file, { index: 1, at: 0 })).rejects.toMatchObject({ code: 'rate-limited' })
  now += 250
  expect(await shelf.part(file, { index: 1, at: 0 })).not.toBeNull()
  shelf.setRate(null)
  for (let i = 0; i < 20; i++) expect(await shelf.part(file, { index: 1, at: 0 })).not.toBeNull()
})

test('what could not be read is tried again by the next one who asks', async () => {
  fails = true
  await expect(shelf.root(file)).rejects.toThrow('the page is gone')
  fails = false
  expect(await shelf.root(file)).toMatch(/^[0-9a-f]{64}$/)
  expect(made).toEqual(['a', 'a'])
})

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, equalBytes } from '../../../src/base/index.ts'
import { TdfPass, TdfWriter, openTdf } from '../../../src/content/index.ts'
import { gathered, keysOf, random, readerOf, setupOf, tdfOf, unlocked } from '../../support/tdf.ts'
import { zipOf } from '../../support/zip.ts'

const key = random.bytes(32)
const keys = await keysOf(key)
const setup = await setupOf(key, { maxBytes: 10_000, segmentBytes: 700 })

const plains = fc.uint8Array({ maxLength: 5000, size: 'max' })

test('whatever is protected comes back, whole, in parts and in passing, however it is cut', async () => {
  await fc.assert(fc.asyncProperty(plains, fc.integer({ min: 1, max: 2000 }), fc.boolean(), fc.nat(5000), fc.nat(5000), async (plain, chunk, legacy, at, length) => {
    const file = await tdfOf(plain, { ...setup, legacy }, chunk)
    const tdf = await unlocked(file, keys)
    expect(equalBytes(await gathered(tdf.range(0, tdf.size)), plain)).toBe(true)
    expect(equalBytes(await gathered(tdf.range(at, length)), plain.subarray(at, at + length))).toBe(true)
    const parts: Uint8Array[] = []
    const pass = new TdfPass(tdf, part => { parts.push(part) })
    for (let from = 0; from < file.length; from += chunk) {
      pass.push(file.subarray(from, from + chunk))
      await pass.drain()
    }
    await pass.finish()
    expect(equalBytes(concat(...parts), plain)).toBe(true)
  }), { numRuns: 30 })
})

test('more plaintext is never a smaller file, so that bounds of one are bounds of the other', () => {
  const writer = new TdfWriter(setup, () => {})
  fc.assert(fc.property(fc.nat(10_000), fc.nat(10_000), (one, other) => {
    const [min, max] = [Math.min(one, other), Math.max(one, other)]
    const bounds = writer.bounds({ min, max })
    expect(bounds.min).toBeLessThanOrEqual(bounds.max)
    expect(bounds).toEqual({ min: writer.bounds({ min, max: min }).max, max: writer.bounds({ min: max, max }).min })
  }))
})

test('no bytes make it throw, and none that were not written with the key are opened', async () => {
  const json = fc.oneof(fc.json({ maxDepth: 4 }), fc.json({ maxDepth: 2 }).map(value => `{"payload":{"isEncrypted":true},"encryptionInformation":${value}}`))
  const zips = fc.tuple(fc.uint8Array({ maxLength: 50 }), json, fc.boolean()).map(([bytes, text, wide]) =>
    zipOf([{ name: '0.payload', bytes }, { name: '0.manifest.json', bytes: new TextEncoder().encode(text) }], { wide }))
  await fc.assert(fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), zips), async bytes => {
    const opened = await openTdf(readerOf(bytes), bytes.length)
    expect(opened).toMatchObject({ ok: false, code: 'tdf-damaged' })
  }), { numRuns: 200 })
})

import { expect, test } from 'vitest'
import { concat, sha256, toHex } from '../../../src/base/index.ts'
import { AuditPass, auditFits, type FileFacts, type PublishedFile } from '../../../src/content/index.ts'
import { LeafProofs, type LeafProofsParts } from '../../../src/peer/leaf-proofs.ts'
import { memBucket, type ContentRow } from '../../../src/store/index.ts'
import { noise } from '../../support/bytes.ts'

const size = 600_000 // three batches, the last one short
const bytes = new Uint8Array(noise(size, 'Tides'))
const cid = toHex(sha256(bytes))

function read(of: Uint8Array): FileFacts {
  const roots: Uint8Array<ArrayBuffer>[] = []
  const pass = new AuditPass(of.length, root => { roots.push(root) })
  pass.push(of)
  const audit = pass.root()
  return { audit, dissem: null, sound: true, roots: concat(...roots) }
}

const file: PublishedFile = { cid, size, infohash: '', audit: read(bytes).audit }

async function desk(change: Partial<LeafProofsParts> = {}, stored: Uint8Array = bytes): Promise<{ readonly proofs: LeafProofs, readonly reads: boolean[], readonly asked: number[] }> {
  const bucket = memBucket()
  await bucket.writeAll('tides', stored)
  const [reads, asked]: [boolean[], number[]] = [[], []]
  const ranged = new Proxy(bucket, {
    get: (target, name) => name !== 'newRangeReader' ? Reflect.get(target, name) as unknown : async (...[key, at, length]: Parameters<typeof bucket.newRangeReader>) => {
      asked.push(length)
      return await target.newRangeReader(key, at, length)
    },
  })
  const proofs = new LeafProofs({
    bucket: ranged, rests: () => false, held: () => ({ status: 'SEEDING', path: 'tides' }) as ContentRow,
    facts: async (_, again) => {
      reads.push(again)
      return await Promise.resolve(read(bytes))
    }, ...change,
  })
  return { proofs, reads, asked }
}

test('a leaf is shown with one batch of the file, wherever it lies', async () => {
  const { proofs, reads, asked } = await desk()
  for (const leaf of [0, 255, 256, 511, 512, 585]) {
    const proof = await proofs.prove(file, leaf)
    expect(typeof proof === 'string' ? proof : auditFits(proof, leaf, file)).toBe(true)
  }
  expect(reads).toEqual(Array.from({ length: 6 }, () => false))
  expect(Math.max(...asked)).toBe(256 * 1_024)
})

test('a device that does not keep, or is stopped, reads nothing', async () => {
  const { proofs, reads } = await desk({ rests: () => true })
  expect(await proofs.prove(file, 1)).toBe('resting')
  expect(reads).toEqual([])
})

test('what the disk has wrong is read as a whole once, which mends it; until then it is missing', async () => {
  const damaged = bytes.slice()
  damaged[300_000] = damaged[300_000]! ^ 1
  const { proofs, reads } = await desk({}, damaged)
  expect(await proofs.prove(file, 1)).not.toBe('missing') // another batch
  expect(await proofs.prove(file, 292)).toBe('missing')
  expect(reads).toEqual([false, false, true])
})

test('missing is what is not here whole, is gone from the disk, or is not what its record says', async () => {
  expect(await (await desk({ facts: async () => await Promise.resolve(null) })).proofs.prove(file, 1)).toBe('missing')
  expect(await (await desk({ held: () => ({ status: 'DOWNLOADING', path: 'tides' }) as ContentRow })).proofs.prove(file, 1)).toBe('missing')
  expect(await (await desk({ held: () => ({ status: 'SEEDING', path: 'elsewhere' }) as ContentRow })).proofs.prove(file, 1)).toBe('missing')
  const { proofs, reads } = await desk()
  expect(await proofs.prove({ ...file, audit: 'ab'.repeat(32) }, 1)).toBe('missing')
  expect(reads).toEqual([false])
})

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { makeTorrent, type Bounds } from '../../../src/content/index.ts'
import { ArchiveSink } from '../../../src/media/archive-sink.ts'
import type { BlockHash } from '../../../src/media/block-hash.ts'
import type { StagingFile } from '../../../src/store/index.ts'

const MiB = 1024 * 1024

/** Takes bytes in order and forgets them. */
class Sieve implements StagingFile {
  written = 0
  async size(): Promise<number> { return this.written }
  async read(): Promise<Uint8Array<ArrayBuffer>> { throw new Error('not read') }
  async write(at: number, bytes: Uint8Array): Promise<void> {
    expect(at).toBe(this.written)
    this.written += bytes.length
  }
  async resize(): Promise<void> { throw new Error('not resized') }
  async flush(): Promise<void> {}
  async close(): Promise<void> {}
}

/** Hands blocks back late, as a thread of its own does, and counts how many it has. */
class SlowHash implements BlockHash {
  held = 0
  most = 0
  async update(block: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    this.most = Math.max(this.most, ++this.held)
    const lent = new Uint8Array(structuredClone(block.buffer, { transfer: [block.buffer] }))
    await new Promise(resolve => { setTimeout(resolve) })
    this.held--
    return lent
  }
  async digest(): Promise<string> { return 'ab'.repeat(32) }
}

/** Pushes `size` bytes that differ from MiB to MiB; the oracle hashes pieces of `pieceLength`. */
async function run(size: number, bounds: (done: number) => Bounds, pieceLength: number) {
  const [out, hash] = [new Sieve(), new SlowHash()]
  const sink = new ArchiveSink(out, hash)
  const pieces: Buffer[] = []
  let piece = createHash('sha1')
  for (let at = 0; at < size; at += MiB) {
    const chunk = new Uint8Array(Math.min(MiB, size - at)).fill(at / MiB)
    sink.push(chunk)
    await sink.drain(bounds(at + chunk.length))
    for (let from = 0; from < chunk.length; from += 256 * 1024) {
      piece.update(chunk.subarray(from, from + 256 * 1024))
      const done = at + Math.min(from + 256 * 1024, chunk.length)
      if (done % pieceLength !== 0 && done < size) continue
      pieces.push(piece.digest())
      piece = createHash('sha1')
    }
  }
  return { sunk: await sink.finish(), pieces: Buffer.concat(pieces), out, hash }
}

test('small: one piece length', async () => {
  const { sunk, pieces, out } = await run(9 * MiB + 5, () => ({ min: 0, max: 10 * MiB }), 256 * 1024)
  expect(sunk.size).toBe(9 * MiB + 5)
  expect(Buffer.from(sunk.pieces).equals(pieces)).toBe(true)
  expect(out.written).toBe(9 * MiB + 5)
})

test('past 256 MiB: the length that fits the size in the end, whatever else was possible', async () => {
  const size = 258 * MiB + 77
  const { sunk, pieces, hash } = await run(size, done => done < 200 * MiB ? { min: 0, max: 600 * MiB } : { min: 257 * MiB, max: 300 * MiB }, 512 * 1024)
  expect(Buffer.from(sunk.pieces).equals(pieces)).toBe(true)
  expect(makeTorrent({ cid: sunk.cid, kind: 'z', size, pieces: sunk.pieces })).toMatchObject({ pieceLength: 512 * 1024, pieces: 517 })
  expect(hash.most).toBeLessThanOrEqual(2)
})

test('compressed below what was possible: the shorter length is kept', async () => {
  const { sunk, pieces } = await run(6 * MiB, () => ({ min: 0, max: 2000 * MiB }), 256 * 1024)
  expect(Buffer.from(sunk.pieces).equals(pieces)).toBe(true)
})

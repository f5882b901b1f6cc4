import { open, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { createSHA256, type IHasher } from 'hash-wasm'
import { AuditPass, auditBatchLeaves, auditFits, auditLeafBytes, auditLeaves, auditProof, type AuditProof } from '../../src/content/index.ts'
import { noise } from '../support/bytes.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const batchBytes = auditLeafBytes * auditBatchLeaves
const readBytes = 2 ** 20
/** Of a run, at random leaves: one alone is too quick for the clock. */
const proofs = 32

/** What a keeper and who executes its block do for a proof, against what both would have to do without a tree: read all of the file and hash it. */
export const audit: Benchmark = {
  id: 'audit',
  about: 'a proof of a 50 MB file made and verified, against reading and hashing the file whole',
  async run(bench: Bench): Promise<readonly Row[]> {
    const size = bench.size ?? 50e6
    const path = join(bench.scratch, 'audit.bin')
    await writeFile(path, noise(size, 'audit'))
    const file = await open(path, 'r')
    try {
      const roots: Uint8Array<ArrayBuffer>[] = []
      const tree = new AuditPass(size, root => { roots.push(root) })
      await readAll(file, size, bytes => { tree.push(bytes) })
      const root = tree.root()
      const hasher = await createSHA256()
      const made: [number, number][] = [], verified: [number, number][] = [], treed: [number, number][] = []
      for (let run = -1; run < (bench.runs ?? 9); run++) { // the first is not counted: compiled, and the file in the cache
        const leaves = Array.from({ length: proofs }, (_, i) => Math.floor(auditLeaves(size) * ((i + 1) * 0.618034 % 1)))
        const shown: AuditProof[] = []
        const make = await timed(async () => { for (const leaf of leaves) shown.push(await prove(file, size, leaf, roots)) }) / proofs
        const verify = await timed(() => { for (const [i, proof] of shown.entries()) if (!auditFits(proof, leaves[i]!, { size, audit: root })) throw new Error('a proof that does not fit') }) / proofs
        const whole = await timed(async () => { await hashWhole(file, size, hasher) })
        const again = await timed(async () => {
          const pass = new AuditPass(size)
          await readAll(file, size, bytes => { pass.push(bytes) })
          if (pass.root() !== root) throw new Error('another root')
        })
        if (run < 0) continue
        made.push([make, whole])
        verified.push([verify, whole])
        treed.push([again, whole])
        bench.log(`  made in ${make.toFixed(2)} ms, verified in ${verify.toFixed(3)}; whole ${whole.toFixed(0)}, as a tree ${again.toFixed(0)}`)
      }
      const against = `${(size / 1e6).toFixed(0)} MB read and hashed whole, SHA-256 of hash-wasm`
      const row = (what: string, samples: Row['samples'], notes: readonly string[] = []): Row => ({ what, against, unit: 'ms', goal: null, samples, notes })
      return [
        row('a proof made: 256 KiB read, its leaves hashed', made, [`with the roots of all batches at hand, ${roots.length * 32} bytes`]),
        row('a proof verified', verified),
        row('its tree made, once, when the file comes', treed),
      ]
    } finally {
      await file.close()
      await rm(path)
    }
  },
}

async function prove(file: FileHandle, size: number, leaf: number, roots: readonly Uint8Array<ArrayBuffer>[]): Promise<AuditProof> {
  const from = Math.floor(leaf / auditBatchLeaves) * batchBytes
  const batch = new Uint8Array(Math.min(batchBytes, size - from))
  await file.read(batch, 0, batch.length, from)
  return auditProof(size, leaf, batch, roots)
}

async function hashWhole(file: FileHandle, size: number, hasher: IHasher): Promise<void> {
  hasher.init()
  await readAll(file, size, bytes => { hasher.update(bytes) })
  hasher.digest()
}

async function readAll(file: FileHandle, size: number, take: (bytes: Uint8Array) => void): Promise<void> {
  const bytes = new Uint8Array(readBytes)
  for (let at = 0; at < size; at += readBytes) {
    const { bytesRead } = await file.read(bytes, 0, Math.min(readBytes, size - at), at)
    take(bytes.subarray(0, bytesRead))
  }
}

async function timed(work: () => Promise<void> | void): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}

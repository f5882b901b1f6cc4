import { expect, test } from 'vitest'
import { AuditPass, auditBatchLeaves, auditFits, auditLeaves, auditProof, type AuditProof } from '../../../src/content/index.ts'
import { noise } from '../../support/bytes.ts'

const batchBytes = auditBatchLeaves * 1024

/** A file with the roots of its batches. */
function fileOf(size: number): { readonly bytes: Uint8Array<ArrayBuffer>, readonly roots: Uint8Array<ArrayBuffer>[], readonly file: { readonly size: number, readonly audit: string } } {
  const bytes = new Uint8Array(noise(size, 'audit path'))
  const roots: Uint8Array<ArrayBuffer>[] = []
  const pass = new AuditPass(size, root => { roots.push(root) })
  for (let at = 0; at < size; at += 100_003) pass.push(bytes.subarray(at, at + 100_003))
  return { bytes, roots, file: { size, audit: pass.root() } }
}

function proofOf({ bytes, roots, file: { size } }: ReturnType<typeof fileOf>, leaf: number): AuditProof {
  const from = Math.floor(leaf / auditBatchLeaves) * batchBytes
  return auditProof(size, leaf, bytes.subarray(from, from + batchBytes), roots)
}

test.each([1, 1023, 1024, 1025, 2048, 3 * 1024, 7 * 1024 + 1, batchBytes - 1, batchBytes, batchBytes + 1, 3 * batchBytes + 777, 5 * batchBytes])('each leaf of %i bytes is proved', size => {
  const made = fileOf(size)
  const leaves = auditLeaves(size)
  const looked = Array.from({ length: leaves }, (_, leaf) => leaf).filter(leaf => leaves < 20 || leaf % 37 === 0 || leaf >= leaves - 3 || leaf % auditBatchLeaves < 2)
  for (const leaf of looked) {
    const proof = proofOf(made, leaf)
    expect(proof.path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(leaves)))
    expect(proof.bytes).toEqual(made.bytes.slice(1024 * leaf, 1024 * leaf + 1024))
    expect([leaf, auditFits(proof, leaf, made.file)]).toEqual([leaf, true])
  }
})

test('nothing else is', () => {
  const size = 3 * batchBytes + 777
  const made = fileOf(size)
  const last = auditLeaves(size) - 1
  for (const leaf of [0, 1, 300, 511, 767, last]) {
    const { bytes, path } = proofOf(made, leaf)
    const fits = (proof: AuditProof, at = leaf, file = made.file): boolean => auditFits(proof, at, file)
    expect(fits({ bytes, path })).toBe(true)
    expect(fits({ bytes: bytes.map((byte, i) => i === 5 ? byte ^ 1 : byte), path })).toBe(false)
    expect(fits({ bytes: bytes.slice(1), path })).toBe(false)
    expect(fits({ bytes, path: path.slice(1) })).toBe(false)
    expect(fits({ bytes, path: path.slice(0, -1) })).toBe(false)
    expect(fits({ bytes, path: [...path, new Uint8Array(32)] })).toBe(false)
    for (const at of path.keys()) expect(fits({ bytes, path: path.map((hash, i) => i === at ? hash.map(byte => byte ^ 1) : hash) })).toBe(false)
    for (const other of [leaf - 1, leaf + 1, leaf ^ 2, -1, last + 1]) expect(fits({ bytes, path }, other)).toBe(false)
    expect(fits({ bytes, path }, leaf, { ...made.file, audit: '00'.repeat(32) })).toBe(false)
    // A node of the tree is no leaf, whatever it is said to be the hash of.
    expect(fits({ bytes: new Uint8Array(1024), path })).toBe(false)
  }
  expect(auditFits({ bytes: made.bytes.slice(0, 1024), path: [] }, 0, { size: 1024, audit: made.file.audit })).toBe(false)
})

test('what is no leaf of a file has no proof', () => {
  const { bytes, roots } = fileOf(2 * batchBytes)
  for (const leaf of [-1, 512]) expect(() => auditProof(2 * batchBytes, leaf, bytes.subarray(0, batchBytes), roots)).toThrow('not a leaf')
  expect(() => auditProof(2 * batchBytes, 0, bytes.subarray(1, batchBytes), roots)).toThrow('not a leaf')
  expect(() => auditProof(2 * batchBytes, 0, bytes.subarray(0, batchBytes), roots.slice(1))).toThrow('not a leaf')
})

import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { AuditPass } from '../../../src/content/index.ts'
import { noise } from '../../support/bytes.ts'

const sha = (...parts: Uint8Array[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** RFC 6962, 2.1, as it is written there. */
function treeOf(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 1) return sha(Uint8Array.of(0), leaves[0]!)
  let k = 1
  while (2 * k < leaves.length) k *= 2
  return sha(Uint8Array.of(1), treeOf(leaves.slice(0, k)), treeOf(leaves.slice(k)))
}

function leavesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 1024) }, (_, i) => bytes.subarray(1024 * i, 1024 * (i + 1)))
}

function rootOf(bytes: Uint8Array, piece: number): string {
  const pass = new AuditPass(bytes.length)
  for (let at = 0; at < bytes.length; at += piece) pass.push(bytes.subarray(at, at + piece))
  return pass.root()
}

const batch = 256 * 1024

test.each([
  1, 1023, 1024, 1025, 2048, 3 * 1024, 5 * 1024 + 1, batch - 1, batch, batch + 1, 2 * batch, 3 * batch + 777, 7 * batch + 1024, 8 * batch,
])('the root of %i bytes is the one of RFC 6962 over leaves of 1 KiB, however they come', size => {
  const bytes = noise(size, 'audit')
  const root = treeOf(leavesOf(bytes)).toString('hex')
  expect(rootOf(bytes, size)).toBe(root)
  expect(rootOf(bytes, 10_007)).toBe(root)
  if (size < 10_000) expect(rootOf(bytes, 1)).toBe(root)
})

test('roots never change', () => {
  expect(rootOf(new Uint8Array(1), 1)).toBe('96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7')
})

test('asking for the root twice gives it twice', () => {
  const pass = new AuditPass(2000)
  pass.push(new Uint8Array(2000))
  expect(pass.root()).toBe(pass.root())
})

test('a file that gives more or fewer bytes than it has is told', () => {
  const pass = new AuditPass(3)
  pass.push(new Uint8Array(2))
  expect(() => pass.root()).toThrow(expect.objectContaining({ code: 'file-changed' }))
  expect(() => { pass.push(new Uint8Array(2)) }).toThrow(expect.objectContaining({ code: 'file-changed' }))
})

test.each([0, -1, 1.5, 2 ** 36 + 1, Number.NaN])('a file of %d bytes has no root', size => {
  expect(() => new AuditPass(size)).toThrow(expect.objectContaining({ code: 'bad-input' }))
})

test('of a file whose size only its end tells the root is the same', () => {
  const bytes = noise(300_000, 'audit')
  const pass = new AuditPass(null)
  for (let at = 0; at < bytes.length; at += 10_007) pass.push(bytes.subarray(at, at + 10_007))
  expect(pass.root()).toBe(rootOf(bytes, 300_000))
  expect(() => new AuditPass(null).root()).toThrow(expect.objectContaining({ code: 'bad-input' }))
})

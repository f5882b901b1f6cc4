import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { packedNodes, readPacked, writePack } from '../../../src/hamt/index.ts'

const node = fc.record({ bytes: fc.uint8Array({ minLength: 1, maxLength: 30 }), children: fc.array(fc.option(fc.maxSafeNat()), { maxLength: 4 }) })
/** Of packs that are whole, half gone, and all but gone. */
const packs = fc.oneof(
  fc.array(node, { minLength: 1, maxLength: 50 }),
  fc.array(fc.option(node, { freq: 1 }), { minLength: 1, maxLength: 50 }),
  fc.array(fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, node), { minLength: 1, maxLength: 200 }),
)

test('every node is at its index, whatever was pruned, and what was pruned takes next to no room', () => {
  fc.assert(fc.property(packs, fc.nat({ max: 9 }), (nodes, offset) => {
    const { bytes, nodes: count } = writePack(7, nodes)
    const shifted = new Uint8Array(bytes.length + offset)
    shifted.set(bytes, offset)
    const pack = shifted.subarray(offset)
    expect([count, packedNodes(pack)]).toEqual([nodes.length, nodes.length])
    for (let i = 0; i <= nodes.length; i++) expect(readPacked(pack, i)).toEqual(nodes[i] ?? null)
    const left = nodes.flatMap(each => each ?? [])
    const size = left.reduce((sum, each) => sum + 4 + 8 * each.children.length + each.bytes.length, 0)
    expect(bytes.length - size).toBe(Math.min(4 + 4 * nodes.length, 8 + 8 * left.length))
  }))
})

test('no bytes make it throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat({ max: 300 }), fc.boolean(), (bytes, index, isSparse) => {
    if (bytes.length > 3) bytes.set([bytes[0]! % 8, 0, 0, isSparse ? 128 : 0])
    if (bytes.length > 7) bytes.fill(0, 5, 8)
    const found = readPacked(bytes, index)
    expect(found === null || found.bytes.length <= bytes.length).toBe(true)
    expect(packedNodes(bytes)).toBeGreaterThanOrEqual(0)
  }))
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(), (bytes, index) => { readPacked(bytes, index) }))
})

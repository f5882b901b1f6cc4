import { describe, expect, it } from 'vitest'
import { sha256, toHex, utf8 } from '../../src/base/index.ts'
import type { NewBlock } from '../../src/ledger/index.ts'
import { Chance } from './engine/chance.ts'
import { cheapSignatures } from './world/signatures.ts'
import { World } from './world/world.ts'

const rootOf = (name: string): string => toHex(sha256(utf8(name)))

function block(name: string, parent: NewBlock | null): NewBlock {
  return {
    root: rootOf(name), block: rootOf(`block ${name}`), parent: parent?.root ?? null, number: parent === null ? 0 : parent.number + 1, header: new Uint8Array(), power: 1n,
    body: { cid: rootOf(`body ${name}`), bytes: utf8(name) }, state: { root: { digest: new Uint8Array(32), place: 1 }, packs: [], replaced: [] },
  }
}

function chain(world: World, name: string, from: NewBlock | null, count: number): NewBlock[] {
  const blocks: NewBlock[] = []
  for (let i = 0; i < count; i++) {
    const next = block(`${name} ${i}`, blocks.at(-1) ?? from)
    world.note(next)
    blocks.push(next)
  }
  return blocks
}

describe('the world of blocks', () => {
  it('finds ancestors and forks of any two', () => {
    const world = new World()
    const trunk = chain(world, 'trunk', null, 300)
    const branch = chain(world, 'branch', trunk[120]!, 200)
    const tip = branch.at(-1)!
    for (const number of [0, 1, 7, 64, 119, 120]) expect(world.ancestor(tip.root, number)).toBe(trunk[number]!.root)
    for (const number of [121, 200, 320]) expect(world.ancestor(tip.root, number)).toBe(branch[number - 121]!.root)
    expect(world.ancestor(trunk[5]!.root, 6)).toBeNull()
    expect(world.forkOf(tip.root, trunk.at(-1)!.root)).toBe(120)
    expect(world.forkOf(trunk[40]!.root, trunk[50]!.root)).toBe(40)
    expect(world.descends(tip.root, trunk[120]!.root)).toBe(true)
    expect(world.descends(tip.root, trunk[121]!.root)).toBe(false)
  })
})

describe('cheap signatures', () => {
  it('name their signer, and nobody for another digest, key or byte', () => {
    const { publicKey, sign, recover } = cheapSignatures()
    const chance = new Chance(1, 'keys')
    const [ann, ben, digest] = [chance.bytes(32), chance.bytes(32), chance.bytes(32)]
    const [annKey, benKey] = [publicKey(ann), publicKey(ben)]
    expect(annKey).toHaveLength(33)
    expect(annKey).not.toEqual(benKey)
    const signature = sign(digest, ann)
    expect(signature).toHaveLength(65)
    expect(sign(digest, ann)).toEqual(signature)
    expect(recover(digest, signature)).toEqual(annKey)
    expect(recover(chance.bytes(32), signature)).toBeNull()
    for (const at of [0, 31, 35, 64]) {
      const changed = signature.slice()
      changed[at]! ^= 1
      expect(recover(digest, changed)).toBeNull()
    }
  })
})

import { beforeAll, expect, test } from 'vitest'
import { accept, reject, type Cid, type Judged } from '../../../src/base/index.ts'
import type { Ledger } from '../../../src/ledger/index.ts'
import { fetchNodes } from '../../../src/sync/bodies.ts'
import { walkBack, type Walk } from '../../../src/sync/walk-back.ts'
import type { Neighbour, Position, StateAnswer, StateNetwork } from '../../../src/sync/index.ts'
import { emptyLedger, grow, headOf } from './world.ts'
import { positionsAbove } from '../../support/branches.ts'
import { seeded } from './random-help.ts'

let ledger: Ledger
const { signal } = new AbortController()

beforeAll(async () => {
  ledger = await emptyLedger()
  await grow(ledger, 'abcabcabcabcabcabcabc')
})

/** Answers that nobody looked at on their way. */
function raw<Kind extends 'walk' | 'nodes'>(answer: (id: string, question: never) => Judged<StateAnswer<Kind>>, ids: readonly string[] = ['a']) {
  const asked: string[] = []
  const network = {
    neighbours: () => ids.map((id): Neighbour => ({ id, address: null, relays: [] })),
    async ask(id: string, _kind: string, question: never) {
      asked.push(id)
      return await Promise.resolve(answer(id, question))
    },
    distrust() {},
  } as unknown as StateNetwork
  return { network, asked }
}

const walkOf = (more: Partial<Walk>): Walk => ({ network: raw(walks()).network, from: 'a', start: headOf(ledger), isKnown: () => false, isGenesis: root => root === positions()[0]!, most: 100, signal, ...more })
const positions = (): readonly Cid[] => [...Array(ledger.head.header.number + 1).keys()].map(number => linkAt(number))
const linkAt = (number: number): Cid => {
  for (let at = ledger.head; ; at = ledger.chain.record(at.parent!)!) if (at.header.number === number) return at.root
}
function walks(change: (blocks: readonly Position[]) => readonly Position[] = blocks => blocks) {
  return (_: string, { root, depth }: { readonly root: Cid, readonly depth: number }): Judged<StateAnswer<'walk'>> => {
    const blocks: Position[] = []
    for (let at: Cid | null = root; at !== null && blocks.length < depth;) {
      const position: Position = ledger.position(at)!
      blocks.push(position)
      at = position.header.previousRoot
    }
    return accept({ blocks: change(blocks) })
  }
}

test('the way back ends at what is known, oldest first, with ever more in one question', async () => {
  const { network, asked } = raw(walks())
  const known = linkAt(3)
  expect(await walkBack(walkOf({ network, isKnown: root => root === known }))).toEqual({ way: 'found', positions: positionsAbove(ledger, 3) })
  expect(asked).toHaveLength(2)
  expect(await walkBack(walkOf({ isKnown: root => root === headOf(ledger).header.previousRoot }))).toEqual({ way: 'found', positions: [headOf(ledger)] })
})

test('or where it is too far, or at a beginning: ours, though it was forgotten here, or another', async () => {
  expect(await walkBack(walkOf({ most: 10 }))).toEqual({ way: 'too-far', positions: positionsAbove(ledger, ledger.head.header.number - 10) })
  expect(await walkBack(walkOf({}))).toMatchObject({ way: 'too-far', positions: { length: 22 } })
  expect(await walkBack(walkOf({ isGenesis: () => false }))).toEqual({ way: 'false' })
})

test('blocks that are not what was named are false, at once', async () => {
  expect(await walkBack(walkOf({ network: raw(walks(blocks => blocks.slice(1))).network }))).toEqual({ way: 'false' })
  const numbered = walks(blocks => blocks.map(({ header, state }, i) => i === 3 ? { header: { ...header, number: 99 }, state } : { header, state }))
  expect(await walkBack(walkOf({ network: raw(numbered).network }))).toEqual({ way: 'false' })
})

test('silence is silence, and so is less than was asked for', async () => {
  expect(await walkBack(walkOf({ network: raw<'walk'>(() => reject('not-found', '')).network }))).toEqual({ way: 'silent' })
  const { network, asked } = raw(walks(blocks => blocks.slice(0, 3)))
  expect(await walkBack(walkOf({ network }))).toEqual({ way: 'silent' })
  expect(asked).toHaveLength(1)
})

test('nodes are what their names say, or are asked of another', async () => {
  const cids = positions().slice(1, 4)
  const bytes = await Promise.all(cids.map(async cid => (await ledger.find(cid))!))
  const got: Uint8Array[] = []
  const { network, asked } = raw<'nodes'>((id, { cids: wanted }: { readonly cids: readonly Cid[] }) => {
    const nodes = wanted.map(cid => bytes[cids.indexOf(cid)]!)
    return accept({ nodes: id === 'liar' ? [bytes[0]!, new Uint8Array([1]), bytes[2]!].slice(0, nodes.length) : nodes })
  }, ['liar', 'b', 'b', 'b'])
  for await (const node of fetchNodes(cids, { network, random: seeded(1), from: 'liar', signal })) got.push(node)
  expect(got).toEqual(bytes)
  expect(asked[0]).toBe('liar')
  expect(asked.at(-1)).toBe('b')
})

test('at most three are asked, and who is busy is told apart', async () => {
  let busy = 0
  const { network, asked } = raw<'nodes'>(id => id === 'a' ? reject('rate-limited', '') : accept({ nodes: [null] }), ['a', 'b', 'c', 'd', 'e'])
  for await (const node of fetchNodes([linkAt(1)], { network, random: seeded(3), from: 'a', signal, onBusy() { busy++ } })) expect(node).toBeNull()
  expect(asked.length).toBeGreaterThan(1)
  expect(asked.length).toBeLessThanOrEqual(3)
  expect([asked[0], new Set(asked).size, busy]).toEqual(['a', asked.length, 1])
})

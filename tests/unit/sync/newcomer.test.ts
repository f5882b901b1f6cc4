import { beforeEach, expect, test } from 'vitest'
import { accept, reject, type Cid } from '../../../src/base/index.ts'
import { ancestor, signHeader, type Header, type Ledger, type Position } from '../../../src/ledger/index.ts'
import { Following } from '../../../src/sync/following.ts'
import { Newcomer } from '../../../src/sync/newcomer.ts'
import { Powers } from '../../../src/sync/powers.ts'
import type { StateAnswer } from '../../../src/sync/index.ts'
import { positionsAbove } from '../../support/branches.ts'
import { Others, ann, answererOf, copyOf, cy, emptyLedger, grow, headOf, lying, parameters, signatures, type Answer } from './world.ts'
import type { Mined } from '../../support/mine.ts'
import { seeded } from './random-help.ts'

let ours: Ledger
let theirs: Ledger
let blocks: Mined[]
let network: Others
let honest: Answer
let newcomer: Newcomer
let following: Following
let begun: number
let now: number
const { signal } = new AbortController()
const long = 40

beforeEach(async () => {
  theirs = await emptyLedger()
  blocks = await grow(theirs, 'abc'.repeat(long).slice(0, long))
  now = theirs.head.header.time + 5
  ours = await emptyLedger()
  network = new Others()
  honest = await answererOf(theirs, () => now)
  network.add('them', honest)
  begun = 0
  sets()
})

function sets(over = ours): void {
  const powers = new Powers(network)
  newcomer = new Newcomer({ ledger: over, network, random: seeded(1), powers, now: () => now, onChange() {}, onBegun() { begun++ } })
  following = new Following({ ledger: over, network, random: seeded(2), powers, now: () => now, onChange() {}, onFar: (from, positions) => newcomer.note(from, positions) })
}

const hears = async (id = 'them', ledger = theirs): Promise<void> => { await following.takeHead(id, headOf(ledger), signal) }

test('it begins with the state an epoch below, and executes what follows', async () => {
  await hears()
  expect([newcomer.waiting, ours.head.header.number]).toEqual([true, 0])
  await newcomer.begin(following, signal)
  expect([ours.head.root, begun, newcomer.waiting]).toEqual([theirs.head.root, 1, false])
  const base = ancestor(ours.chain, ours.head, long - parameters.epoch)!
  expect([ours.safe.root, ours.isVoted]).toEqual([base.root, false])
  expect(ours.active.after(ours.head.root)?.weights).toEqual(theirs.active.after(theirs.head.root)?.weights)
  expect(await ours.account(ann.address)).toEqual(await theirs.account(ann.address))
  expect(network.distrusted).toEqual([])
})

test('the liar with the most to claim comes first, and the next one is taken', async () => {
  const all = positionsAbove(theirs, long - parameters.range)
  const tip = all.at(-1)!
  const claims: Header = signHeader({ ...tip.header, difficulty: 2n ** 63n }, cy.secret, signatures)
  network.add('liar', honest)
  newcomer.note('liar', [...all.slice(0, -1), { header: claims, state: tip.state }])
  await hears()
  await newcomer.begin(following, signal)
  expect(ours.head.root).toBe(theirs.head.root)
  expect(network.distrusted).toHaveLength(1)
  expect(network.distrusted[0]).toMatch(/^liar/)
  expect(network.asked.find(({ kind }) => kind === 'below')?.id).toBe('them') // nothing is copied under headers that are false
})

test('what most tell of goes before what one claims', async () => {
  const other = await emptyLedger()
  await grow(other, 'c'.repeat(long + 2)) // longer, and by itself without fault
  network.add('one', await answererOf(other, () => now)).add('second', honest)
  now = other.head.header.time + 5
  await hears('one', other)
  await hears()
  await hears('second')
  await newcomer.begin(following, signal)
  expect(ours.head.root).toBe(theirs.head.root)
  sets(ours = await emptyLedger())
  await hears('one', other)
  await hears()
  await newcomer.begin(following, signal)
  expect(ours.head.root).toBe(other.head.root)
})

test('a state is copied of several, in turn; one that lies or leaves costs its own share', async () => {
  for (const id of ['b', 'c']) network.add(id, honest)
  await hears()
  await newcomer.begin(following, signal)
  expect(ours.head.root).toBe(theirs.head.root)
  expect(network.count('below', 'them')).toBeLessThan(network.count('below'))

  sets(ours = await emptyLedger())
  network.add('them', lying(honest, question => 'below' in question ? Promise.resolve(accept({ nodes: [new Uint8Array([1])] })) : null))
  await hears()
  await newcomer.begin(following, signal)
  expect(ours.head.root).toBe(theirs.head.root)
  expect(network.distrusted.length).toBeGreaterThan(0)
  expect(network.distrusted.every(each => each.startsWith('them'))).toBe(true)

  sets(ours = await emptyLedger())
  network.distrusted.length = 0
  network.add('them', lying(honest, question => 'below' in question ? Promise.resolve(reject('not-found', '')) : null))
  await hears()
  await newcomer.begin(following, signal)
  expect([ours.head.root, network.distrusted]).toEqual([theirs.head.root, []])
})

test('where nobody gives the state what is there stays, and it may begin the next time', async () => {
  const none: Answer = lying(honest, question => 'below' in question ? Promise.resolve(accept({ nodes: [] })) : null)
  network.add('them', none)
  await hears()
  await newcomer.begin(following, signal)
  expect([ours.head.header.number, begun, network.distrusted, newcomer.waiting]).toEqual([0, 0, [], false])
  network.add('them', honest)
  await hears()
  await newcomer.begin(following, signal)
  expect(ours.head.root).toBe(theirs.head.root)
})

test('headers one at a time hold nobody up', async () => {
  const slow: Answer = lying(honest, (question, answer) => !('walk' in question) ? null : answer().then(each => accept({ blocks: (each as { value: StateAnswer<'walk'> }).value.blocks.slice(0, 1) })))
  newcomer.note('them', positionsAbove(theirs, long - parameters.range))
  network.add('them', slow)
  await newcomer.begin(following, signal)
  expect(network.count('walk')).toBe(1)
  expect(ours.head.root).toBe(theirs.head.root)
})

test('whoever is not new gives up nothing, whatever somebody tells', async () => {
  ours = await copyOf(blocks.slice(0, 3))
  sets()
  now = ours.head.header.time + parameters.range * parameters.blockTime / 2
  const all: readonly Position[] = positionsAbove(theirs, long - parameters.range)
  expect([newcomer.note('them', all), newcomer.waiting]).toEqual([false, false])
  now++
  expect([newcomer.note('them', all), newcomer.waiting]).toEqual([true, true])
  now--
  expect(newcomer.waiting).toBe(false) // it got to know the chain meanwhile
})

test('who has nothing but the beginning is new, however young that is', () => {
  now = parameters.time + 1
  expect([newcomer.note('them', positionsAbove(theirs, long - parameters.range)), newcomer.waiting]).toEqual([true, true])
})

test('at the end nothing begins', async () => {
  await hears()
  const ended = AbortSignal.abort()
  await newcomer.begin(following, ended)
  expect([ours.head.header.number, begun]).toEqual([0, 0])
})

test('a disk that fails is told of, and what is there stays', async () => {
  await hears()
  const adopt = ours.adopt.bind(ours)
  ours.adopt = async () => { throw Object.assign(new Error('full'), { code: 'storage-full' }) }
  await expect(newcomer.begin(following, signal)).rejects.toThrow('full')
  ours.adopt = adopt
  expect([ours.head.header.number, begun, network.distrusted]).toEqual([0, 0, []])
  const root: Cid = theirs.head.root
  await hears()
  await newcomer.begin(following, signal)
  expect(ours.head.root).toBe(root)
})

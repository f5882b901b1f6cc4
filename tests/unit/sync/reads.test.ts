import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, accept, type Cid, reject } from '../../../src/base/index.ts'
import type { Ledger } from '../../../src/ledger/index.ts'
import { Following } from '../../../src/sync/following.ts'
import { Powers } from '../../../src/sync/powers.ts'
import { Reads } from '../../../src/sync/reads.ts'
import type { StateAnswer } from '../../../src/sync/index.ts'
import { keys } from '../../../src/state/index.ts'
import { keyOf } from '../../support/mine.ts'
import { Others, ann, answererOf, ben, copyOf, emptyLedger, grow, headOf, lying, type Answer } from './world.ts'
import { seeded } from './random-help.ts'

let ours: Ledger
let theirs: Ledger
let network: Others
let following: Following
let reads: Reads
let honest: Answer
let ending: AbortController
const name = keys.account(ann.address).name

/** We follow by headers alone, so the newest states are others'. */
beforeEach(async () => {
  theirs = await emptyLedger()
  ours = await copyOf(await grow(theirs, 'abc'))
  await grow(theirs, 'abc')
  const now = (): number => theirs.head.header.time + 5
  network = new Others()
  honest = await answererOf(theirs, now)
  network.add('them', honest)
  following = new Following({ ledger: ours, network, random: seeded(1), powers: new Powers(network), now, onChange() {}, onFar: () => false })
  following.mode = 'headers'
  await following.takeHead('them', headOf(theirs), new AbortController().signal)
  network.asked.length = 0
  ending = new AbortController()
  reads = new Reads({ ledger: ours, following, network, random: seeded(5), signal: ending.signal })
})

const certain = (): Cid => following.certain.root

test('what is here is read here', async () => {
  const { root } = ours.head
  expect(await reads.read([name], root)).toEqual({ root, values: await ours.values([name], root) })
  expect(network.asked).toEqual([])
})

test('what is not is proved by others, under a root that is certain', async () => {
  const read = await reads.read([name, keys.account('T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb').name])
  expect(read).toEqual({ root: certain(), values: [(await theirs.values([name], certain()))[0], null] })
  expect(certain()).toBe(theirs.head.parent)
  expect(network.asked.map(({ kind }) => kind)).toEqual(['get'])
})

test('nothing is asked under a root that nobody named', async () => {
  expect(await reads.read([name], 'd'.repeat(64))).toBeNull()
  expect(network.asked).toEqual([])
})

test('a liar is found out, and another one asked', async () => {
  const forged = lying(honest, (question, answer) => !('get' in question) ? null : answer().then(each => accept({ nodes: (each as { value: StateAnswer<'get'> }).value.nodes.map(node => node.map((byte, i) => i === 9 ? byte ^ 1 : byte)) })))
  network.add('them', forged)
  expect(await reads.read([name])).toBeNull()
  expect(network.distrusted).toHaveLength(1) // nobody is asked twice for one thing
  network.add('honest', honest)
  for (let i = 0; i < 12; i++) {
    const read = await reads.read([name])
    if (read !== null) expect(read.values).toEqual(await theirs.values([name], certain()))
  }
  expect(network.distrusted.every(each => each.startsWith('them'))).toBe(true)
  expect(network.count('get', 'honest')).toBeGreaterThan(0)
})

test('who has not that state is nobody to blame; where nobody is, there is no answer', async () => {
  network.add('them', lying(honest, question => 'get' in question ? Promise.resolve(reject('not-found', '')) : null))
  expect(await reads.read([name])).toBeNull()
  expect([network.count('get'), network.distrusted]).toEqual([1, []])
  network.remove('them')
  expect(await reads.read([name])).toBeNull()
})

test('of many who do not answer three are asked, each once; where one of so few does, it is heard', async () => {
  const silent = lying(honest, question => 'get' in question ? Promise.resolve(reject('not-found', '')) : null)
  for (const each of ['one', 'two', 'three', 'four', 'five']) network.add(each, silent)
  expect(await reads.read([name])).toBeNull()
  expect([network.count('get'), new Set(network.asked.map(({ id }) => id)).size]).toEqual([3, 3])
  for (const each of ['one', 'two', 'three']) network.remove(each)
  network.add('honest', honest)
  expect((await reads.read([name]))?.values).toEqual(await theirs.values([name], certain()))
})

test('at the end nobody is asked any more', async () => {
  network.add('them', lying(honest, question => {
    ending.abort()
    return 'get' in question ? Promise.resolve(reject('not-found', '')) : null
  }))
  expect(await reads.read([name])).toBeNull()
  expect(network.count('get')).toBe(1)
})

test('an error of the disk is told', async () => {
  ours.values = async () => { throw new HoldfastError('storage-lost') }
  await expect(reads.read([name], ours.head.root)).rejects.toMatchObject({ code: 'storage-lost' })
})

test('powers: of who has some, of who has none, and of nobody where nobody proves them', async () => {
  expect(await reads.powerAt(certain(), ben.address)).toBe((await theirs.account(ben.address, certain())).power)
  expect(await reads.powerAt(certain(), (await keyOf('stranger')).address)).toBe(0n)
  network.remove('them')
  await expect(reads.powerAt(certain(), ben.address)).rejects.toMatchObject({ code: 'peer-unreachable' })
})

test('nodes by their names: from here, from others, from nobody', async () => {
  const body = theirs.head.id
  expect(await reads.fetch(ours.head.header.body)).toEqual(await ours.find(ours.head.header.body))
  expect(network.asked).toEqual([])
  expect(await reads.fetch(body)).toEqual(await theirs.find(body))
  network.add('them', lying(honest, question => 'nodes' in question ? Promise.resolve(accept({ nodes: [new Uint8Array([1, 2, 3])] })) : null))
  expect(await reads.fetch(body)).toBeNull()
  network.remove('them')
  expect(await reads.fetch(body)).toBeNull()
})

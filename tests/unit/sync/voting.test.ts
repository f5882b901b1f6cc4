import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, type Cid } from '../../../src/base/index.ts'
import { ancestor, signStatement, statementBytes, type Ledger, type Statement } from '../../../src/ledger/index.ts'
import { Following } from '../../../src/sync/following.ts'
import { paceOf } from '../../../src/sync/pace.ts'
import { Powers } from '../../../src/sync/powers.ts'
import { Voting } from '../../../src/sync/voting.ts'
import type { SyncMemory, Voter } from '../../../src/sync/index.ts'
import { Memory } from '../../sim/world/memory.ts'
import type { Key } from '../../support/mine.ts'
import { Others, ann, answererOf, ben, copyOf, cy, emptyLedger, give, grow, headOf, signatures, voterOf } from './world.ts'
import { seeded } from './random-help.ts'

let ledger: Ledger
let memory: SyncMemory
let now: number
let voter: Voter | null
let may: boolean
let following: Following
let voting: Voting
let signed: number

beforeEach(async () => {
  ledger = await emptyLedger()
  await grow(ledger, 'abc')
  memory = new Memory().of(async () => true)
  now = ledger.head.header.time + 5
  voter = { ...voterOf(ann), async sign(statement) {
    signed++
    return await voterOf(ann).sign(statement)
  } }
  may = true
  signed = 0
  begins()
})

/** A session begins. */
function begins(): void {
  const network = new Others()
  following = new Following({ ledger, network, random: seeded(1), powers: new Powers(network), now: () => now, onChange() {}, onFar: () => false })
  voting = new Voting({ ledger, following, memory, pace: paceOf(ledger.parameters), now: () => now, voter: () => voter, mayVote: () => may })
}

function says(key: Key, root: Cid, time = now): Statement {
  return signStatement({ network: ledger.network, miner: key.address, root, number: 0, safe: root, time }, key.secret, signatures)
}

const at = (number: number): Cid => ancestor(ledger.chain, ledger.head, number)!.root
async function rounds(count: number): Promise<void> { for (let i = 0; i < count; i++) await voting.round() }

test('a statement is signed for the head when it is asked for, and again once it is old; it is on disk before it is given', async () => {
  const first = await voting.statement()
  expect(first).toMatchObject({ miner: ann.address, root: ledger.head.root, number: 3, safe: at(0), time: now })
  expect(await memory.value(`statement/${ann.address}`)).toEqual(statementBytes(first!))
  now += paceOf(ledger.parameters).statement - 1
  expect(await voting.statement()).toBe(first)
  now++
  await grow(ledger, 'a')
  expect(await voting.statement()).toMatchObject({ root: ledger.head.root, time: now })
  expect(signed).toBe(2)
})

test('many who ask at once get one signature', async () => {
  const all = await Promise.all([voting.statement(), voting.statement(), voting.statement()])
  expect(new Set(all).size).toBe(1)
  expect(signed).toBe(1)
})

test('none of an old head before others were heard, none of nobody, none where nothing can be signed', async () => {
  may = false
  expect(await voting.statement()).toBeNull()
  may = true
  const first = await voting.statement()
  may = false
  now += 1_000
  expect(await voting.statement()).toBe(first)
  may = true
  voter = { ...voter!, sign: async () => null }
  expect(await voting.statement()).toBe(first)
  voter = null
  expect(await voting.statement()).toBeNull()
})

test('after a restart it goes on from the last one, and no two have one time, whatever the clock does', async () => {
  const first = await voting.statement()
  begins()
  await voting.restore()
  expect(await voting.statement()).toEqual(first)
  now -= 500
  begins()
  await voting.restore()
  expect(await voting.statement()).toEqual(first)
  now += 500
  await grow(ledger, 'a')
  expect(await voting.statement()).toEqual(first)
  expect(signed).toBe(1)
})

test('one that cannot be written down is not given', async () => {
  memory = { ...memory, async setValues() { throw new HoldfastError('storage-full') } }
  begins()
  await expect(voting.statement()).rejects.toMatchObject({ code: 'storage-full' })
  expect(voting.statements.latest(ann.address)).toBeNull()
})

test('what another device of the same person said since is what is given', async () => {
  const first = await voting.statement()
  now += 10
  const other = says(ann, at(2))
  expect(voting.take(other)).toBe(true)
  now += paceOf(ledger.parameters).statement - 5
  expect(await voting.statement()).toEqual(other)
  expect(first!.time).toBeLessThan(other.time)
  now += 5
  expect((await voting.statement())!.time).toBe(now)
})

test('a statement that is not its miner\'s is refused; signatures are looked at only where the book would take them', async () => {
  let looked = 0
  const { recover } = ledger.signatures
  ledger.signatures.recover = (...what) => {
    looked++
    return recover(...what)
  }
  const forged = { ...says(ben, at(3)), signature: says(cy, at(3)).signature }
  expect([voting.take(forged), looked]).toEqual([false, 1])
  expect([voting.take(says(ben, at(3))), looked]).toEqual([true, 2])
  const early = { ...says(cy, at(3), now + ledger.parameters.drift + 1), signature: new Uint8Array(65) }
  const stranger = { ...says(cy, at(3)), miner: 'Tnobody', signature: new Uint8Array(65) }
  for (const useless of [{ ...says(ben, at(3), now - 1), signature: new Uint8Array(65) }, says(ben, at(3)), early, stranger]) expect(voting.take(useless)).toBe(true)
  expect(looked).toBe(2)
  expect(voting.take(says(ben, at(2)))).toBe(true) // two of one time: both are void
  expect([looked, voting.statements.latest(ben.address)]).toEqual([3, null])
  expect(voting.take({ ...says(ben, at(3), now + 1), signature: new Uint8Array(65) })).toBe(true)
  expect(looked).toBe(3)
})

test('k moves after three rounds of two thirds, to the lowest, and outlives a restart', async () => {
  expect(voting.standing).toMatchObject({ voted: false, safe: { root: at(0) }, votes: { members: 3, heard: 0, weight: 0 } })
  voting.take(says(ann, at(3)))
  voting.take(says(ben, at(2)))
  await rounds(2)
  expect(ledger.safe.header.number).toBe(0)
  voting.take(says(ben, at(3), now + 1))
  await rounds(1)
  expect(voting.standing).toMatchObject({ voted: true, safe: { root: at(2) }, votes: { members: 3, heard: 2, weight: 0.666 } })
  expect(await memory.value('safe')).toBe(at(2))
  await rounds(1)
  expect(ledger.safe.header.number).toBe(2)
  await rounds(1)
  expect(ledger.safe.header.number).toBe(3)

  ledger = await copyOf([])
  await grow(ledger, 'abc')
  begins()
  await voting.restore()
  expect([ledger.safe.header.number, voting.standing.voted, voting.standing.votes.heard]).toEqual([3, true, 2])
})

test('a k that could not be written down is written the next time', async () => {
  const { setValues } = memory
  memory = { ...memory, async setValues() { throw new HoldfastError('storage-full') } }
  begins()
  for (const key of [ann, ben]) voting.take(says(key, at(3)))
  for (let i = 0; i < 3; i++) await rounds(1).catch(() => {})
  expect(ledger.safe.header.number).toBe(3)
  memory.setValues = setValues
  await voting.save()
  expect(await memory.value('safe')).toBe(at(3))
})

test('less than two thirds move nothing', async () => {
  ledger = await emptyLedger()
  await grow(ledger, 'aaaa') // a block speaks for its parent
  begins()
  voting.take(says(ann, at(3)))
  await rounds(4)
  expect([ledger.isVoted, ledger.safe.header.number]).toEqual([false, 0])
  expect(await memory.value('safe')).toBeNull()
})

test('a head that leaves k takes it to the fork, and three rounds for the new side move it on', async () => {
  const theirs = await emptyLedger()
  const trunk = await grow(theirs, 'ab')
  ledger = await copyOf(trunk)
  await grow(ledger, 'cb')
  begins()
  now = ledger.head.header.time + 5
  for (const key of [ann, ben]) voting.take(says(key, ledger.head.root))
  await rounds(3)
  expect(ledger.safe.header.number).toBe(4)
  const branch = await grow(theirs, 'bcbcbc')
  await give(ledger, branch)
  voting.headMoved()
  expect([ledger.head.root, ledger.safe.header.number, voting.standing.voted]).toEqual([theirs.head.root, 2, true])
  now = ledger.head.header.time + 5
  for (const key of [ann, ben]) voting.take(says(key, ledger.head.root))
  await rounds(2)
  expect(ledger.safe.header.number).toBe(2)
  await rounds(1)
  expect(ledger.safe.header.number).toBe(8)
})

test('where the end of the range stands in, k is not voted, is not written down, and a restart changes nothing', async () => {
  for (const key of [ann, ben]) voting.take(says(key, at(3)))
  await rounds(3)
  expect(await memory.value('safe')).toBe(at(3))
  await grow(ledger, 'a'.repeat(ledger.parameters.range))
  expect([ledger.safe.header.number, voting.standing.voted]).toEqual([3, true])
  await grow(ledger, 'a')
  expect([ledger.safe.header.number, voting.standing.voted]).toEqual([4, false])
  await voting.save()
  expect(await memory.value('safe')).toBeNull()
  begins()
  await voting.restore()
  expect(voting.standing.voted).toBe(false)
})

test('a k that the head left just before the end is restored as the fork', async () => {
  const theirs = await emptyLedger()
  const trunk = await grow(theirs, 'ab')
  ledger = await copyOf(trunk)
  const side = await grow(ledger, 'c')
  await memory.setValues({ safe: ledger.head.root })
  expect(side).toHaveLength(1)
  await give(ledger, await grow(theirs, 'ba'))
  begins()
  await voting.restore()
  expect([ledger.safe.header.number, voting.standing.voted]).toEqual([2, true])
  await memory.setValues({ safe: 'f'.repeat(64) })
  ledger = await copyOf(trunk)
  begins()
  await voting.restore()
  expect([ledger.safe.header.number, voting.standing.voted]).toEqual([0, false])
})

test('a vote ends with fresh statements of half of the weight', () => {
  expect(voting.heardEnough).toBe(false)
  voting.take(says(ann, at(3), now - 90_000))
  voting.take(says(ben, at(3)))
  expect(voting.heardEnough).toBe(false)
  voting.take(says(cy, at(3)))
  expect(voting.heardEnough).toBe(true)
})

test('only what changed is written, and who has no say any more is forgotten', async () => {
  const writes: string[][] = []
  const { setValues } = memory
  memory = { ...memory, async setValues(values) {
    writes.push(Object.keys(values))
    await setValues(values)
  } }
  begins()
  voting.take(says(cy, at(3)))
  await voting.save()
  await voting.save()
  expect(writes).toEqual([[`statement/${cy.address}`]])
  await grow(ledger, 'ab'.repeat(9)) // cy mined nothing within the window
  voting.headMoved()
  await voting.save()
  expect([voting.statements.latest(cy.address), await memory.values('statement/')]).toEqual([null, []])
})

test('with headers alone statements count by the headers that are at hand, and k goes as far as the ledger', async () => {
  const theirs = await emptyLedger()
  await grow(theirs, 'abcabcabcabc')
  const network = new Others().add('them', await answererOf(theirs, () => now))
  now = theirs.head.header.time + 5
  following = new Following({ ledger, network, random: seeded(1), powers: new Powers(network), now: () => now, onChange() {}, onFar: () => false })
  following.mode = 'headers'
  voting = new Voting({ ledger, following, memory, pace: paceOf(ledger.parameters), now: () => now, voter: () => voter, mayVote: () => may })
  await following.takeHead('them', headOf(theirs), new AbortController().signal)
  expect([ledger.head.header.number, following.certain.header.number]).toEqual([3, 11])
  expect(await voting.statement()).toMatchObject({ root: following.certain.root, number: 11 })
  for (const key of [ben, cy]) voting.take(says(key, following.certain.root))
  expect(voting.standing).toMatchObject({ votes: { members: 3, heard: 3, weight: 1 }, support: 1 })
  await rounds(3)
  expect(ledger.safe.header.number).toBe(3)
})

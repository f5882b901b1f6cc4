import { beforeEach, describe, expect, test, vi } from 'vitest'
import { sha256, toHex } from '../../../src/base/index.ts'
import { judgeHeaderBytes, type Ledger, type Link } from '../../../src/ledger/index.ts'
import { keys } from '../../../src/state/index.ts'
import { moveBetween } from '../../../src/sync/moves.ts'
import { chooseRecords } from '../../../src/sync/pool/choose-records.ts'
import { RecordOffers } from '../../../src/sync/record-offers.ts'
import { transact } from '../../support/mine.ts'
import { chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer, type Signer } from '../../support/records.ts'
import { ann, copyOf, emptyLedger, give, grow, rescueOf } from './world.ts'

const hour = 3_600_000
const [eve, fay] = [signer('Eve'), signer('Fay')]
/** With records; an entry credit for a coin. */
const recording = { ops: [1, 2, 7, 11], creditRate: 1 }

let ledger: Ledger
let now: number
let numbers: { last: number }
let offers: RecordOffers

const idOf = (bytes: Uint8Array): string => toHex(sha256(bytes))
const offersOf = (over = ledger): RecordOffers => new RecordOffers({ ledger: over, numbers, now: () => now })
const told = (): readonly string[] => offers.pool.records().map(({ id }) => id)
const held = (): readonly string[] => offers.pool.held().map(({ id }) => id)
const ids = (...all: readonly Uint8Array[]): readonly string[] => all.map(idOf)
const ms = (): number => 1_000 * now

/** The head goes over, and what follows of it. */
async function moves(change: () => Promise<unknown>): Promise<void> {
  const before: Link = ledger.head
  await change()
  now = Math.max(now, ledger.head.header.time)
  await offers.headMoved(moveBetween(ledger.chain, before, ledger.head))
}

/** Somebody has so many credits, and no Factoid coins left. */
async function fund(who: Signer, credits: number): Promise<void> {
  const wiring = await transact(ledger, ann, { op: 1, body: { to: who.address, amount: credits + 12 } }, ledger.head.header.time)
  await grow(ledger, 'a', { transactions: [wiring], records: [payment({ time: 1_000 * ledger.head.header.time, from: [[credits + 12, who]], buy: [[credits, who.publicKey]] })] })
}

beforeEach(async () => {
  ledger = await emptyLedger(recording)
  await grow(ledger, 'abc')
  await fund(eve, 100)
  await fund(fay, 40)
  now = ledger.head.header.time + 10
  numbers = { last: 50 }
  offers = offersOf()
})

describe('what comes', () => {
  test('is told on where the head pays for it: commits by their credits, reveals by their commits, also by those that wait here', async () => {
    const first = firstEntryOf('log')
    const more = entryOf(chainNamed('log'), { content: 'more' })
    const [begin, commit] = [commitToChain(first, eve, { time: ms() }), commitTo(more, fay, { time: ms() })]
    expect(await offers.harvest([more, first], 'them')).toBe(true)
    expect([told(), held()]).toEqual([[], ids(more, first)])
    expect(await offers.harvest([commit], 'them')).toBe(true)
    expect([told(), held()]).toEqual([ids(commit), ids(more, first)]) // its chain is not there
    expect(await offers.harvest([begin], 'them')).toBe(true)
    expect([told(), held()]).toEqual([ids(commit, begin, first, more), []])
    expect(offers.pool.after(50, 99).map(({ order }) => order)).toEqual([51, 52, 53, 54])
    const [inTurn, body] = [chooseRecords(offers.pool.candidates(now)), await composed()]
    expect(inTurn.map(({ id }) => id)).toEqual(ids(commit, begin, first, more))
    expect(body.map(idOf)).toEqual(ids(commit, begin, first, more))
  })

  test('is held where the payer has too few credits for all of theirs, until there are more', async () => {
    const commits = Array.from({ length: 5 }, (_, i) => commitTo(entryOf(chainNamed('x'), { content: `${i}` }), fay, { time: ms(), credits: 10 }))
    await offers.harvest(commits, 'them')
    expect([told(), held()]).toEqual([ids(...commits.slice(0, 4)), ids(commits[4]!)])
    await moves(async () => { await fund(fay, 10) })
    expect([told(), held()]).toEqual([ids(...commits), []])
  })

  test('of Factoid coins the same', async () => {
    await moves(async () => { await grow(ledger, 'b', { transactions: [await transact(ledger, ann, { op: 1, body: { to: eve.address, amount: 100 } }, ledger.head.header.time)] }) })
    const pays = (amount: number): Uint8Array<ArrayBuffer> => payment({ time: ms(), from: [[amount, eve]], buy: [[amount - 12, eve.publicKey]] })
    const [one, two, three] = [pays(60), pays(50), pays(40)]
    await offers.harvest([one, two, three], 'them')
    expect([told(), held()]).toEqual([ids(one, three), ids(two)])
    expect(offers.pool.spent(keys.factoid(eve.address).name)).toBe(100)
  })

  test('is refused for good, and its peer not believed, where no honest peer offers it', async () => {
    const forged = commitTo(entryOf(chainNamed('x')), eve, { time: ms() })
    forged[100]! ^= 1
    const cheap = payment({ time: ms(), from: [[20, eve]], buy: [[9, eve.publicKey]] })
    for (const bad of [new Uint8Array(0), Uint8Array.of(7), forged, cheap]) expect(await offers.harvest([bad], 'them')).toBe(false)
    const late = commitTo(entryOf(chainNamed('x')), eve, { time: ms() - 12 * hour - 1_000 })
    expect(await offers.harvest([late], 'them')).toBe(true)
    expect(await offers.submit(late)).toMatchObject({ ok: false, rule: 'record-expired' })
    expect([told(), held()]).toEqual([[], []])
  })

  test('is refused whatever it is in a network without records', async () => {
    const plain = offersOf(await emptyLedger())
    expect(await plain.harvest([firstEntryOf('log')], 'them')).toBe(false)
    expect(await plain.submit(firstEntryOf('log'))).toMatchObject({ ok: false, rule: 'unknown-record' })
  })
})

/** What the ledger takes of it all into a block. */
async function composed(): Promise<readonly Uint8Array[]> {
  const header = judgeHeaderBytes((await rescueOf(ledger, 'ann')).header)
  if (!header.ok) throw new Error(header.detail)
  return (await ledger.compose(ledger.head.root, { header: header.value, candidates: [], records: chooseRecords(offers.pool.candidates(now)).map(({ item }) => item.bytes.slice()) })).records
}

describe('blocks', () => {
  test('take what they have out of the pool', async () => {
    const first = firstEntryOf('log')
    const [begin, other] = [commitToChain(first, eve, { time: ms() }), commitTo(entryOf(chainNamed('x')), fay, { time: ms() })]
    await offers.harvest([begin, first, other], 'them')
    await moves(async () => { await grow(ledger, 'b', { records: [begin] }) })
    expect([told(), held()]).toEqual([ids(first, other), []])
    await moves(async () => { await grow(ledger, 'c', { records: [first] }) })
    expect([told(), held()]).toEqual([ids(other), []])
    expect(await ledger.read(keys.chain(chainNamed('log')))).toMatchObject({ count: 1 })
    for (const again of [begin, first]) await offers.harvest([again], 'them')
    expect([told(), held()]).toEqual([ids(other), ids(first)])
  })

  test('that are left give back what they had, own ones as own', async () => {
    const trunk: Awaited<ReturnType<typeof grow>> = []
    ledger = await emptyLedger(recording)
    trunk.push(...await grow(ledger, 'abc'))
    const wiring = await transact(ledger, ann, { op: 1, body: { to: eve.address, amount: 112 } }, ledger.head.header.time)
    trunk.push(...await grow(ledger, 'a', { transactions: [wiring], records: [payment({ time: 1_000 * ledger.head.header.time, from: [[112, eve]], buy: [[100, eve.publicKey]] })] }))
    const other = await copyOf(trunk, recording)
    now = ledger.head.header.time + 10
    offers = offersOf()
    const first = firstEntryOf('log')
    const commit = commitToChain(first, eve, { time: ms() })
    for (const bytes of [commit, first]) expect(await offers.submit(bytes)).toEqual({ ok: true, id: idOf(bytes) })
    await moves(async () => { await grow(ledger, 'b', { records: [commit, first] }) })
    expect(told()).toEqual([])
    const better = await grow(other, 'bc')
    await moves(async () => { await give(ledger, better) })
    expect(ledger.head.root).toBe(other.head.root)
    expect(told()).toEqual(ids(commit, first))
    expect(offers.pool.records().every(({ own }) => own)).toBe(true)
    offers.withdraw(idOf(first))
    offers.withdraw(idOf(commit))
    await moves(async () => { await grow(ledger, 'a') })
    expect([told(), held()]).toEqual([[], []])
  })

  test('keep a reveal in the pool where another commit waits for it: two commits, two copies', async () => {
    const first = firstEntryOf('log')
    const more = entryOf(chainNamed('log'), { content: 'more' })
    const commits = [commitTo(more, eve, { time: ms() }), commitTo(more, fay, { time: ms() })]
    await moves(async () => { await grow(ledger, 'b', { records: [commitToChain(first, eve, { time: ms() }), first, ...commits] }) })
    await offers.harvest([more], 'them')
    expect(offers.pool.records()).toMatchObject([{ paid: { payer: keys.credit(eve.publicKey).name, worth: 1 } }])
    await moves(async () => { await grow(ledger, 'a', { records: [more] }) })
    expect(offers.pool.records()).toMatchObject([{ paid: { payer: keys.credit(fay.publicKey).name, worth: 1 } }])
    await moves(async () => { await grow(ledger, 'b', { records: [more] }) })
    expect([told(), held()]).toEqual([[], []])
    expect(await ledger.read(keys.chain(chainNamed('log')))).toMatchObject({ count: 3 })
  })
})

test('an own one that is taken back while the head moves does not come back', async () => {
  const commit = commitTo(entryOf(chainNamed('log'), { content: 'more' }), fay, { time: ms() })
  await offers.submit(commit)
  offers.pool.drop(ids(commit)) // as where its block was left
  const judge = ledger.judgeNextRecord.bind(ledger)
  vi.spyOn(ledger, 'judgeNextRecord').mockImplementation(async (...asked) => {
    offers.withdraw(idOf(commit))
    return await judge(...asked)
  })
  await moves(async () => { await grow(ledger, 'b') })
  expect([told(), held()]).toEqual([[], []])
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { addressBytes, fromHex, loadSecp256k1, toHex } from '../../src/base/index.ts'
import { Ledger, networkOf, type Parameters, type Transaction } from '../../src/ledger/index.ts'
import { commitWindow, entryHash, factoidWindow, reservedBlocks } from '../../src/records/index.ts'
import { keys } from '../../src/state/index.ts'
import { ledgerName, openLedgerStore, type LedgerStore } from '../../src/store/index.ts'
import { keyOf, mine, transact } from '../support/mine.ts'
import { recordNetwork } from '../support/record-device.ts'
import { chainNamed, commitTo, commitToChain, entryOf, feeFor, firstEntryOf, payment, signer } from '../support/records.ts'

/* Windows, copies and prices of records, each on both sides of its limit: whole blocks that are made, signed, judged, executed and kept in IndexedDB by this browser. Time is that of the blocks. */

const [eve, rob] = [signer('Eve'), signer('Rob')]
const rate = 3
type Bytes = Uint8Array<ArrayBuffer>

/** A ledger over the real store, in which Eve and Rob have coins and 500 entry credits each, and there is the chain `log`. */
class Book {
  private constructor(readonly parameters: Parameters, public ledger: Ledger, private store: LedgerStore<object>) {}

  static async open(): Promise<Book> {
    const parameters = await recordNetwork({ ann: 1_000_000 }, { creditRate: rate, keeperBond: Math.floor(Math.random() * 2 ** 39) }) // a network nobody else has
    const book = new Book(parameters, ...await openedOf(parameters))
    const ann = await keyOf('ann')
    const wiring = async (to: string, amount: number) => await transact(book.ledger, ann, { op: 1, body: { to, amount } }, book.ledger.head.header.time)
    expect(await book.block([], { transactions: [await wiring(eve.address, 100_000)] })).toBe('taken')
    expect(await book.block([payment({ time: book.next, from: [[50_000, eve]], to: [[20_000, rob.address]], buy: [[1_500, eve.publicKey], [1_500, rob.publicKey]] })])).toBe('taken')
    const first = firstEntryOf('log')
    expect(await book.block([commitToChain(first, eve, { time: book.next }), first])).toBe('taken')
    return book
  }

  /** Milliseconds of the block that comes next. */
  get next(): number { return 1_000 * (this.ledger.head.header.time + this.parameters.rescue) }

  /** Offers a block with these: `taken`, and it is the head; or the rule it breaks, and nothing has changed. `at`: ms. */
  async block(records: readonly Bytes[], { at = this.next, transactions = [] }: { readonly at?: number, readonly transactions?: readonly Transaction[] } = {}): Promise<string> {
    const before = this.ledger.head.id
    const { header, body, time } = await mine(this.ledger, { at: at / 1_000, records, transactions })
    const verdict = await this.ledger.offer(header, body, time)
    expect(this.ledger.head.id === before).toBe(!verdict.ok)
    return verdict.ok ? 'taken' : verdict.rule
  }

  /** One that is refused for `rule`, then one on the same block that is taken. */
  async both(refused: readonly Bytes[], rule: string, taken: readonly Bytes[], at: { readonly refused?: number, readonly taken?: number } = {}): Promise<void> {
    expect(await this.block(refused, { at: at.refused ?? this.next })).toBe(rule)
    expect(await this.block(taken, { at: at.taken ?? this.next })).toBe('taken')
  }

  /** The program ends and is begun again. */
  async again(): Promise<void> {
    const head = this.ledger.head.id
    await this.store.close()
    ;[this.ledger, this.store] = await openedOf(this.parameters)
    expect(this.ledger.head.id).toBe(head)
  }

  async end(): Promise<void> {
    await this.store.close()
    indexedDB.deleteDatabase(ledgerName(fromHex(this.ledger.network)!))
  }
}

async function openedOf(parameters: Parameters): Promise<[Ledger, LedgerStore<object>]> {
  const store = await openLedgerStore<object>(fromHex(await networkOf(parameters))!, { range: { states: 3_000, bodies: 3_000 } })
  return [await Ledger.open({ parameters, store, signatures: await loadSecp256k1() }), store]
}

let book: Book
beforeEach(async () => { book = await Book.open() })
afterEach(async () => { await book.end() })

const entry = (content: string, payload = 0): Bytes => entryOf(chainNamed('log'), { content, payload })

test('a commit ahead of the block, and one too old', async () => {
  const of = (off: number): Bytes[] => [commitTo(entry('a'), eve, { time: book.next + off })]
  await book.both(of(commitWindow + 1), 'record-early', of(commitWindow))
  await book.both(of(-commitWindow - 1), 'record-expired', of(-commitWindow))
  const begins = (off: number): Bytes[] => [commitToChain(firstEntryOf('new'), eve, { time: book.next + off })]
  await book.both(begins(commitWindow + 1), 'record-early', begins(commitWindow))
  await book.both(begins(-commitWindow - 1), 'record-expired', begins(-commitWindow))
})

test('a Factoid transaction ahead of the block, and one too old', async () => {
  const of = (off: number): Bytes[] => [payment({ time: book.next + off, from: [[100, eve]], to: [[1, rob.address]] })]
  await book.both(of(factoidWindow + 1), 'record-early', of(factoidWindow))
  await book.both(of(-factoidWindow - 1), 'record-expired', of(-factoidWindow))
})

test('a reveal before its commit, and after its commit’s window', async () => {
  const a = entry('a')
  const commit = commitTo(a, eve, { time: book.next })
  await book.both([a, commit], 'reveal-uncommitted', [commit, a])
  const b = entry('b')
  const ends = book.next + commitWindow
  expect(await book.block([commitTo(b, eve, { time: book.next })])).toBe('taken')
  await book.both([b], 'reveal-uncommitted', [b], { refused: ends + 1_000, taken: ends })
  expect(await book.ledger.read(keys.chain(chainNamed('log')))).toMatchObject({ count: 3, head: entryHash(b) })
})

test('the first entry of a chain before its commit, and after its window', async () => {
  const first = firstEntryOf('new')
  const commit = commitToChain(first, eve, { time: book.next })
  const ends = book.next + commitWindow
  expect(await book.block([first, commit])).toBe('reveal-uncommitted')
  expect(await book.block([commit])).toBe('taken')
  await book.both([first], 'reveal-uncommitted', [first], { refused: ends + 1_000, taken: ends })
  expect(await book.ledger.read(keys.chain(chainNamed('new')))).toMatchObject({ first: entryHash(first), count: 1 })
})

test('one commit pays for one copy, and no commit is made twice, before and after a restart', async () => {
  const a = entry('twice')
  const [one, two] = [commitTo(a, eve, { time: book.next }), commitTo(a, eve, { time: book.next + 1 })]
  await book.both([one, a, a], 'reveal-uncommitted', [one, two, a])
  await book.again()
  expect(await book.block([one])).toBe('record-paid')
  await book.both([a, a], 'reveal-uncommitted', [a])
  expect(await book.ledger.read(keys.entry(entryHash(a)))).toEqual({ count: 2 })
  expect(await Promise.all([0, 1].map(async i => await book.ledger.read(keys.entryCopy(entryHash(a), i))))).toMatchObject([{ chain: chainNamed('log'), index: 1 }, { chain: chainNamed('log'), index: 2 }])
})

test('a chain name is kept for who paid for it for 12 blocks, and a chain begins once', async () => {
  const first = firstEntryOf('new')
  const robs = (): Bytes[] => [commitToChain(first, rob, { time: book.next })]
  expect(await book.block([commitToChain(first, eve, { time: book.next })])).toBe('taken')
  for (let i = 1; i < reservedBlocks; i++) expect(await book.block([])).toBe('taken')
  await book.both(robs(), 'chain-reserved', [])
  expect(await book.block(robs())).toBe('taken')
  await book.both([commitToChain(first, eve, { time: book.next })], 'chain-reserved', [first]) // it is Rob's now, and his commit is used
  expect(await book.block([commitToChain(firstEntryOf('new', { content: 'again' }), rob, { time: book.next })])).toBe('chain-exists')
})

test('what is paid for, to the byte', async () => {
  for (const [payload, credits] of [[1_024, 1], [2_048, 2], [10_239, 10]] as const) {
    const [fits, more] = [entry('x', payload), entry('y', payload + 1)]
    const paid = Math.ceil(payload / 1_024)
    expect(paid).toBe(credits)
    if (payload < 10_239) await book.both([commitTo(more, eve, { time: book.next, credits }), more], 'reveal-credits', [commitTo(fits, eve, { time: book.next, credits }), fits])
    else await book.both([commitTo(fits, eve, { time: book.next, credits: 9 }), fits], 'reveal-credits', [commitTo(more, eve, { time: book.next, credits }), more])
  }
  const [fits, more] = [firstEntryOf('fits', { payload: 1_024 }), firstEntryOf('more', { payload: 1_025 })]
  const of = (first: Bytes, credits: number): Bytes[] => [commitToChain(first, eve, { time: book.next, credits }), first]
  await book.both(of(more, 11), 'reveal-credits', of(fits, 11))
  await book.both(of(firstEntryOf('whole', { payload: 10_240 }), 19), 'reveal-credits', of(firstEntryOf('whole', { payload: 10_240 }), 20))
  expect(await book.block([commitTo(entry('x'), eve, { time: book.next }), new Uint8Array([...entry('z', 10_240), 1])]).catch(() => 'no body holds it')).toBe('no body holds it')
})

test('fees, coins and credits, to the last one', async () => {
  const due = rate * feeFor({ from: [[1, eve]], to: [[1, rob.address]] })
  const pays = (coins: number): Bytes[] => [payment({ time: book.next, from: [[coins, eve]], to: [[1, rob.address]] })]
  await book.both(pays(due), 'factoid-fee', pays(due + 1))
  const left = (await book.ledger.read(keys.factoid(rob.address)))!
  const all = (coins: number): Bytes[] => [payment({ time: book.next, from: [[coins, rob]], buy: [[rate, signer('Poor').publicKey]] })]
  await book.both(all(left + 1), 'factoid-balance', all(left))
  const poor = signer('Poor')
  expect(await book.ledger.read(keys.credit(poor.publicKey))).toBe(1)
  const costly = entry('costly', 1_025)
  await book.both([commitTo(costly, poor, { time: book.next })], 'commit-credits', [commitTo(entry('cheap'), poor, { time: book.next })])
  expect(await book.ledger.read(keys.credit(poor.publicKey))).toBeNull()
})

test('sixteen commits of an entry wait at once, and the coins of an account come by its address', async () => {
  const a = entry('many')
  const many = (count: number): Bytes[] => Array.from({ length: count }, (_, i) => commitTo(a, eve, { time: book.next + i }))
  await book.both(many(17), 'commit-open', many(16))
  const ann = await keyOf('ann')
  const { balance } = await book.ledger.account(ann.address)
  expect(await book.block([payment({ time: book.next, from: [[1_000, eve]], to: [[7, `${'00'.repeat(12)}${toHex(addressBytes(ann.address)!)}`]] })])).toBe('taken')
  await book.again()
  expect((await book.ledger.account(ann.address)).balance).toBe(balance + 7)
})

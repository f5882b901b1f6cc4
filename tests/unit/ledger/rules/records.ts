import { addressBytes } from '../../../../src/base/index.ts'
import { commitWindow, factoidWindow, reservedBlocks } from '../../../../src/records/index.ts'
import type { Parameters, Verdict } from '../../../../src/ledger/index.ts'
import { TestChain, somebody } from '../../../support/ledger.ts'
import { accountHash, chainNamed, commitTo, commitToChain, entryOf, feeFor, firstEntryOf, payment, signer, type CommitFields, type Payment, type Signer } from '../../../support/records.ts'
import type { Case, Cases } from './case.ts'

const [ann, ben, cleo] = [somebody('Ann'), somebody('Ben'), somebody('Cleo')]
const [eve, rob, poor] = [signer('Eve'), signer('Rob'), signer('somebody poor')]
const most = 2 ** 40 - 1
const rate = 3

/** Milliseconds of the block that comes next by itself. */
const at = ({ tip, parameters }: TestChain): number => 1_000 * (tip.header.time + parameters.rescue)
/** What its payers have to pay for outputs and signatures. */
const due = (of: Pick<Payment, 'from' | 'to' | 'buy'>): number => rate * feeFor(of)

/** Eve and Rob have 100,000 coins at their Factoid addresses and 500 entry credits each; the poor one has 12. */
const world = await (async () => {
  let chain = await TestChain.begin({ people: [ann, ben], creditRate: rate })
  chain = await chain.extend({ transactions: [await chain.wiring(ann, eve.address, 200_000)] })
  chain = await chain.extend({ records: [payment({ time: at(chain), from: [[200_000, eve]], to: [[100_000, eve.address], [90_000, rob.address]], buy: [[1_500, eve.publicKey], [1_500, rob.publicKey], [36, poor.publicKey]] })] })
  return await chain.extend({ transactions: [await chain.wiring(ann, rob.address, 10_000)] })
})()

/** The chain of this name has its first entry. */
async function withChain(name: string, chain = world): Promise<TestChain> {
  const first = firstEntryOf(name)
  return await chain.extend({ records: [commitToChain(first, eve, { time: at(chain) }), first] })
}
const logged = await withChain('log')
const entry = entryOf(chainNamed('log'), { content: 'ahoy' })
const first = firstEntryOf('new')

const taken = async (chain: TestChain, ...records: Uint8Array<ArrayBuffer>[]): Promise<Verdict<unknown>> => await chain.try({ records })
const commit = (chain: TestChain, fields: Partial<CommitFields> = {}, payer = eve, of: Uint8Array = entry): Uint8Array<ArrayBuffer> => commitTo(of, payer, { time: at(chain), ...fields })
const begins = (chain: TestChain, fields: Partial<CommitFields> = {}, payer = eve, of: Uint8Array = first): Uint8Array<ArrayBuffer> => commitToChain(of, payer, { time: at(chain), ...fields })
const pays = (coins: number, { time = at(world), to = 1, from = eve }: { time?: number, to?: number, from?: Signer } = {}): Uint8Array<ArrayBuffer> => payment({ time, from: [[coins, from]], to: [[to, rob.address]] })
const leastPaid = due({ from: [[1, eve]], to: [[1, rob.address]] }) + 1

const both = (limit: string, keeps: () => Promise<Verdict<unknown>>, breaks: () => Promise<Verdict<unknown>>): Case => ({ limit, keeps, breaks })

/** Payments of so many inputs or outputs, in the block after `logged`. */
const ofInputs = (count: number, later = 0): Uint8Array<ArrayBuffer> => payment({ time: at(world) + later, from: Array.from({ length: count }, () => [10, eve] as const), to: [[1, rob.address]] })
const ofOutputs = (count: number, later = 0): Uint8Array<ArrayBuffer> => payment({ time: at(world) + later, from: [[10_000, eve]], to: Array.from({ length: 200 }, () => [1, rob.address] as const), buy: Array.from({ length: count - 200 }, () => [0, rob.publicKey] as const) })

const [signed64, signed64Later] = [ofInputs(64), ofInputs(64, 1)]

/** So many open commits of one entry. */
async function committed(count: number): Promise<TestChain> { return await logged.extend({ records: Array.from({ length: count }, (_, i) => commit(logged, { time: at(logged) + i })) }) }
const sixteen = await committed(16)

/** Eve's commit to a new chain, and so many blocks after it. */
const reserving = await logged.extend({ records: [begins(logged)] })
const held = await reserving.grow(reservedBlocks - 1)
const lapsed = await held.extend()
/** Eve's commit, whose window is open for one block more. */
const closing = await logged.extend({ records: [begins(logged, { time: at(logged) - commitWindow + 60_000 })] })
/** Rob has committed to the chain after Eve let it lapse. */
const second = firstEntryOf('new', { content: 'by Rob' })
const robs = await lapsed.extend({ records: [begins(lapsed, {}, rob, second)] })
const robsLapsed = await robs.grow(reservedBlocks)

const paidOnce = await logged.extend({ records: [commit(logged)] })
const windowEnd = (chain: TestChain): number => chain.tip.header.time + commitWindow / 1_000
const pending = await logged.extend({ records: [commit(logged, { time: at(logged) })] })
const chainPending = await logged.extend({ records: [begins(logged)] })
const paidFactoids = await world.extend({ records: [pays(leastPaid)] })

function windows(kind: 'commit' | 'factoid'): readonly Case[] {
  const of = async (time: number): Promise<Verdict<unknown>> => await taken(logged, kind === 'commit' ? commit(logged, { time: at(logged) + time }) : pays(leastPaid, { time: at(logged) + time }))
  const window = kind === 'commit' ? commitWindow : factoidWindow
  return [both(`${kind}: its hours before its time`, async () => await of(window), async () => await of(window + 1)), both(`${kind}: its hours after its time`, async () => await of(-window), async () => await of(-window - 1))]
}
const windowCases = { commit: windows('commit'), factoid: windows('factoid') }

export const recordCases = {
  'record-encoding': [
    both('an item there is', async () => await taken(paidOnce, entry), async () => await taken(paidOnce, entry.with(0, 1))),
    both('its last byte', async () => await taken(logged, pays(leastPaid)), async () => await taken(logged, pays(leastPaid).slice(0, -1))),
    both('signed by whom it takes coins from', async () => await taken(world, pays(leastPaid)), async () => await taken(world, pays(leastPaid).with(pays(leastPaid).length - 1, 0x10))),
  ],
  'record-excess': [
    both('128 signatures', async () => await taken(logged, signed64, signed64Later), async () => await taken(logged, signed64, ofInputs(65))),
    both('128 signatures, commits among them', async () => await taken(logged, signed64, ofInputs(63), commit(logged)), async () => await taken(logged, signed64, signed64Later, commit(logged))),
    both('128 signatures, those of chains among them', async () => await taken(logged, signed64, ofInputs(63), begins(logged)), async () => await taken(logged, signed64, signed64Later, begins(logged))),
    both('512 outputs', async () => await taken(logged, ofOutputs(256), ofOutputs(256, 1)), async () => await taken(logged, ofOutputs(256), ofOutputs(257))),
  ],
  'record-early': [windowCases.commit[0]!, windowCases.factoid[0]!],
  'record-expired': [windowCases.commit[1]!, windowCases.factoid[1]!],
  'record-paid': [
    both('a commit once in a block', async () => await taken(logged, commit(logged), commit(logged, { time: at(logged) + 1 })), async () => await taken(logged, commit(logged), commit(logged))),
    both('a commit once in all blocks', async () => await taken(paidOnce, commit(logged, { time: at(logged) + 1 })), async () => await taken(paidOnce, commit(logged))),
    both('by one payer: another may say the same', async () => await taken(paidOnce, commit(logged, {}, rob)), async () => await taken(await paidOnce.extend({ records: [commit(logged, {}, rob)] }), commit(logged, {}, rob))),
    both('a chain commit once', async () => await taken(chainPending, begins(logged, { time: at(logged) + 1 })), async () => await taken(chainPending, begins(logged))),
    both('factoids once', async () => await taken(paidFactoids, pays(leastPaid, { time: at(world) + 1 })), async () => await taken(paidFactoids, pays(leastPaid))),
    both('until the end of its window', async () => await paidOnce.try({ time: windowEnd(paidOnce) + 1, records: [commit(logged, { time: 1_000 * windowEnd(paidOnce) })] }), async () => await paidOnce.try({ time: windowEnd(paidOnce), records: [commit(logged)] })),
  ],
  'factoid-fee': [
    both('the fee', async () => await taken(world, pays(leastPaid)), async () => await taken(world, pays(leastPaid - 1))),
    both('with nothing that comes out', async () => await taken(world, payment({ time: at(world), from: [[2 * rate, eve]] })), async () => await taken(world, payment({ time: at(world), from: [[2 * rate - 1, eve]] }))),
    both('of purchases too', async () => await taken(world, payment({ time: at(world), from: [[12 * rate + 7, eve]], buy: [[7, eve.publicKey]] })), async () => await taken(world, payment({ time: at(world), from: [[12 * rate + 6, eve]], buy: [[7, eve.publicKey]] }))),
  ],
  'factoid-balance': [
    both('what there is', async () => await taken(world, pays(100_000)), async () => await taken(world, pays(100_001))),
    both('what there is, for all inputs of one address', async () => await taken(world, payment({ time: at(world), from: [[60_000, eve], [40_000, eve]] })), async () => await taken(world, payment({ time: at(world), from: [[60_000, eve], [40_001, eve]] }))),
    both('what there is before its own outputs', async () => await taken(world, payment({ time: at(world), from: [[100_000, eve]], to: [[50_000, eve.address]] })), async () => await taken(world, payment({ time: at(world), from: [[100_001, eve]], to: [[50_000, eve.address]] }))),
    both('of each address', async () => await taken(world, payment({ time: at(world), from: [[100, eve], [100_000, rob]] })), async () => await taken(world, payment({ time: at(world), from: [[100, eve], [100_001, rob]] }))),
    both('not what is spent already', async () => await taken(world, pays(60_000), pays(40_000, { time: at(world) + 1 })), async () => await taken(world, pays(60_000), pays(40_001, { time: at(world) + 1 }))),
    both('what a wiring of the same block brings', async () => await world.try({ transactions: [await world.wiring(ann, eve.address, 1)], records: [pays(100_001)] }), async () => await world.try({ transactions: [await world.wiring(ann, rob.address, 1)], records: [pays(100_001)] })),
  ],
  'commit-credits': [
    both('the credits there are', async () => await taken(world, commit(world, { credits: 10 }, poor), commit(world, { credits: 2 }, poor)), async () => await taken(world, commit(world, { credits: 10 }, poor), commit(world, { credits: 3 }, poor))),
    both('the credits there are, for a chain', async () => await taken(world, begins(world, { credits: 12 }, poor)), async () => await taken(world, begins(world, { credits: 13 }, poor))),
    both('those bought before it in the block', async () => await taken(world, payment({ time: at(world), from: [[1_000, eve]], buy: [[rate, poor.publicKey]] }), begins(world, { credits: 13 }, poor)), async () => await taken(world, payment({ time: at(world), from: [[1_000, eve]], buy: [[rate - 1, poor.publicKey]] }), begins(world, { credits: 13 }, poor))),
    both('of whoever has some', async () => await taken(world, commit(world)), async () => await taken(world, commit(world, {}, signer('nobody')))),
  ],
  'commit-open': [
    both('16 of an entry', async () => await taken(await committed(15), commit(logged, { time: at(logged) + 99 })), async () => await taken(sixteen, commit(sixteen))),
    both('with the same credits', async () => await taken(sixteen, commit(sixteen, { credits: 2 })), async () => await taken(sixteen, commit(sixteen, { credits: 1 }))),
    both('that are not used', async () => await taken(sixteen, entry, commit(sixteen)), async () => await taken(sixteen, commit(sixteen), entry)),
    both('whose windows are open', async () => await sixteen.try({ time: windowEnd(sixteen) + 1, records: [commit(sixteen, { time: 1_000 * windowEnd(sixteen) })] }), async () => await sixteen.try({ time: windowEnd(sixteen), records: [commit(sixteen, { time: 1_000 * windowEnd(sixteen) })] })),
  ],
  'chain-exists': [
    both('a chain that is not there', async () => await taken(logged, begins(logged)), async () => await taken(logged, begins(logged, {}, eve, firstEntryOf('log')))),
    both('before its first entry is', async () => await taken(logged, begins(logged), begins(logged, { time: at(logged) + 1 }), first), async () => await taken(logged, begins(logged), first, begins(logged, { time: at(logged) + 1 }))),
  ],
  'chain-reserved': [
    both('by nobody else', async () => await taken(reserving, begins(reserving, { time: at(reserving) + 1 })), async () => await taken(reserving, begins(reserving, {}, rob))),
    both('not in the same block either', async () => await taken(logged, begins(logged), begins(logged, {}, rob, firstEntryOf('other'))), async () => await taken(logged, begins(logged), begins(logged, {}, rob))),
    both('for 12 blocks', async () => await taken(lapsed, begins(lapsed, {}, rob)), async () => await taken(held, begins(held, {}, rob))),
    both('whatever its key commits to besides', async () => await taken(await (await reserving.extend({ records: [begins(reserving)] })).grow(reservedBlocks - 1), begins(lapsed, {}, rob)), async () => await taken(await (await reserving.extend({ records: [begins(reserving)] })).grow(reservedBlocks - 2), begins(held, {}, rob))),
    both('as long as its own window is open', async () => await closing.try({ time: closing.tip.header.time + 61, records: [begins(closing, {}, rob)] }), async () => await taken(closing, begins(closing, {}, rob))),
    both('for reveals too', async () => await taken(lapsed, first), async () => await taken(robs, first)),
    both('for reveals until it lapses', async () => await taken(robsLapsed, first), async () => await taken(robsLapsed.at(robsLapsed.tip.header.number - 1), first)),
  ],
  'chain-unknown': [
    both('of a chain there is', async () => await taken(paidOnce, entry), async () => await taken(logged, commit(logged, {}, eve, entryOf(chainNamed('lag'))), entryOf(chainNamed('lag')))),
    both('or that its ExtIDs name', async () => await taken(logged, begins(logged), first), async () => await taken(logged, begins(logged), entryOf(chainNamed('new'), { extIds: ['new', 'x'] }))),
    both('of a chain that came before it in the block', async () => await taken(logged, begins(logged), commit(logged, {}, eve, entryOf(chainNamed('new'))), first, entryOf(chainNamed('new'))), async () => await taken(logged, begins(logged), commit(logged, {}, eve, entryOf(chainNamed('new'))), entryOf(chainNamed('new')), first)),
  ],
  'chain-weld': [
    both('of entry and chain', async () => await taken(logged, begins(logged), first), async () => await taken(logged, begins(logged, { weld: '00'.repeat(32) }), first)),
    both('of one commit of several', async () => await taken(logged, begins(logged, { weld: '00'.repeat(32) }), begins(logged), first), async () => await taken(logged, begins(logged, { weld: '00'.repeat(32) }), begins(logged, { weld: '11'.repeat(32) }), first)),
  ],
  'reveal-uncommitted': [
    both('what was committed to', async () => await taken(logged, commit(logged), entry), async () => await taken(logged, entry)),
    both('in this block or before', async () => await taken(paidOnce, entry), async () => await taken(logged, entry, commit(logged))),
    both('of this entry', async () => await taken(paidOnce, entry), async () => await taken(paidOnce, entryOf(chainNamed('log'), { content: 'ahoi' }))),
    both('two commits, two copies', async () => await taken(logged, commit(logged), commit(logged, { time: at(logged) + 1 }), entry, entry), async () => await taken(logged, commit(logged), commit(logged, { time: at(logged) + 1 }), entry, entry, entry)),
    both('one copy a commit, in several blocks', async () => await taken(await paidOnce.extend({ records: [commit(paidOnce)] }), entry, entry), async () => await taken(await paidOnce.extend({ records: [entry] }), entry)),
    both('a chain begins with a chain commit', async () => await taken(logged, begins(logged), first), async () => await taken(logged, commit(logged, { credits: 10 }, eve, first), first)),
    both('a chain there is goes on with an entry commit', async () => await taken(logged, begins(logged), first, commit(logged, {}, eve, first), first), async () => await taken(logged, begins(logged), begins(logged, { time: at(logged) + 1 }), first, first)),
    both('a chain begins with the entry of its commit', async () => await taken(logged, begins(logged), first), async () => await taken(logged, begins(logged), second)),
    both('until the end of its window', async () => await pending.try({ time: windowEnd(pending), records: [entry] }), async () => await pending.try({ time: windowEnd(pending) + 1, records: [entry] })),
    both('until the end of its window, for a chain', async () => await chainPending.try({ time: windowEnd(chainPending), records: [first] }), async () => await chainPending.try({ time: windowEnd(chainPending) + 1, records: [first] })),
  ],
  'reveal-credits': [
    ...[1, 2, 10].flatMap(credits => [1_024 * (credits - 1) + 1, 1_024 * credits].map(payload => {
      const long = entryOf(chainNamed('log'), { payload })
      const chain = firstEntryOf('long', { payload })
      const less = credits - 1
      return [
        both(`${String(payload)} bytes for ${String(credits)}`, async () => await taken(logged, commit(logged, { credits }, eve, long), long), async () => less === 0 ? await taken(logged, commit(logged, { credits: 1 }, eve, entryOf(chainNamed('log'), { payload: 1_025 })), entryOf(chainNamed('log'), { payload: 1_025 })) : await taken(logged, commit(logged, { credits: less }, eve, long), long)),
        ...less === 0 ? [] : [both(`${String(payload)} bytes for ${String(credits)} and a chain`, async () => await taken(logged, begins(logged, { credits: 10 + credits }, eve, chain), chain), async () => await taken(logged, begins(logged, { credits: 10 + less }, eve, chain), chain))],
      ]
    })).flat(),
    both('or more', async () => await taken(logged, commit(logged, { credits: 10 }), entry), async () => await taken(logged, commit(logged, { credits: 1 }, eve, entryOf(chainNamed('log'), { payload: 1_025 })), entryOf(chainNamed('log'), { payload: 1_025 }))),
  ],
} satisfies Cases

/** All coins but a few are Ann's; what miners get comes on top. */
async function rich(balance: number, more: Partial<Parameters> = {}): Promise<TestChain> {
  const chain = await TestChain.begin({ allocations: [{ address: ann.address, balance, power: 0n }], reward: 1_000, creditRate: 1, minimumFee: 1, ...more })
  return await chain.grow(3)
}

/** The miner's rewards lie at Rob's Factoid address. */
async function withRob(chain: TestChain, also: readonly [Signer, number][] = []): Promise<TestChain> {
  const paid = await chain.extend({ transactions: [await chain.wiring(chain.miner, rob.address, 2_000), ...await Promise.all(also.map(async ([to, coins], i) => await chain.wiring(ann, to.address, coins, { nonce: BigInt(i + 1) })))] })
  return paid
}

const toAnn = accountHash(addressBytes(ann.address)!)
const annIsFull = await withRob(await rich(most - 5))
const eveIsFull = await withRob(await rich(most), [[eve, most - 1_000]])
/** Eve has all credits but a thousand. */
const credited = await (async () => {
  const before = await withRob(await rich(most), [[eve, most - 1]])
  return await before.extend({ records: [payment({ time: at(before), from: [[most - 1_000, eve]], buy: [[most - 1_012, eve.publicKey]] })] })
})()

export const recordRanges: readonly Case[] = [
  both('amounts of records', async () => await taken(world, pays(100_000)), async () => await taken(world, payment({ time: at(world), from: [[2 ** 40, eve]], to: [[1, rob.address]] }))),
  both('an account that is paid factoids', async () => await taken(annIsFull, payment({ time: at(annIsFull), from: [[1_000, rob]], to: [[2, toAnn], [3, toAnn]] })), async () => await taken(annIsFull, payment({ time: at(annIsFull), from: [[1_000, rob]], to: [[3, toAnn], [3, toAnn]] }))),
  both('a Factoid address', async () => await taken(eveIsFull, payment({ time: at(eveIsFull), from: [[1_500, rob]], to: [[1_000, eve.address]] })), async () => await taken(eveIsFull, payment({ time: at(eveIsFull), from: [[1_500, rob]], to: [[1_001, eve.address]] }))),
  both('a Factoid address that pays itself', async () => await taken(eveIsFull, payment({ time: at(eveIsFull), from: [[100, eve], [1_500, rob]], to: [[1_100, eve.address]] })), async () => await taken(eveIsFull, payment({ time: at(eveIsFull), from: [[100, eve], [1_500, rob]], to: [[1_101, eve.address]] }))),
  both('entry credits', async () => await credited.try({ miner: cleo, records: [payment({ time: at(credited), from: [[1_500, rob]], buy: [[12, eve.publicKey], [1_000, eve.publicKey]] })] }), async () => await credited.try({ miner: cleo, records: [payment({ time: at(credited), from: [[1_500, rob]], buy: [[13, eve.publicKey], [1_000, eve.publicKey]] })] })),
  both('fees and purchases of a block', async () => await taken(eveIsFull, payment({ time: at(eveIsFull), from: [[most - 1_000, eve]] })), async () => await taken(await withRob(await rich(most), [[eve, most - 1]]), payment({ time: at(eveIsFull), from: [[most - 999, eve]] }))),
  both('fees of all payments of a block', async () => await taken(eveIsFull, payment({ time: at(eveIsFull), from: [[most - 1_050, eve]] }), payment({ time: at(eveIsFull), from: [[50, rob]] })), async () => await taken(eveIsFull, payment({ time: at(eveIsFull), from: [[most - 1_050, eve]] }), payment({ time: at(eveIsFull), from: [[51, rob]] }))),
]

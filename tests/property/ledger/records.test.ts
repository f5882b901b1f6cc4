import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressBytes, decode, toHex, u40 } from '../../../src/base/index.ts'
import { composeBody } from '../../../src/ledger/compose.ts'
import { Execution } from '../../../src/ledger/execute.ts'
import { genesisCoins, type Header } from '../../../src/ledger/index.ts'
import { decodeDirectoryBlock, decodeEntryBlock, entryHash, minuteOf, recordsOfBlock, type RecordEffects } from '../../../src/records/index.ts'
import { keys } from '../../../src/state/index.ts'
import { TestChain, must, somebody } from '../../support/ledger.ts'
import { accountHash, chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer } from '../../support/records.ts'
import { RecordModel, type Act, type Entry } from './record-model.ts'

/* Random lives of chains, beside a model of their rules: the same verdicts, the same chains, no coin and no credit from nothing. */

const people = ['Eve', 'Rob', 'Sue'].map(name => ({ name, ...signer(name) }))
const ann = somebody('Ann')
const hour = 3_600

const names = ['a', 'b']
const entries: readonly (Entry & { readonly bytes: Uint8Array<ArrayBuffer> })[] = names.flatMap(chain => [
  ...['one', 'two'].map(content => ({ chain, names: chain, bytes: firstEntryOf(chain, { content }) })), { chain, names: chain, bytes: firstEntryOf(chain, { payload: 1_025 }) },
  ...[3, 1_024, 2_049].map(payload => ({ chain, names: null, bytes: entryOf(chainNamed(chain), { payload }) })),
]).map(each => ({ ...each, name: entryHash(each.bytes), payload: each.bytes.length - 35 }))

const who = fc.constantFrom(...people.map(({ name }) => name))
const any = fc.constantFrom(...entries)
const firsts = fc.constantFrom(...entries.filter(entry => entry.names !== null))
/** Milliseconds from the block's time. */
const off = fc.oneof({ weight: 12, arbitrary: fc.integer({ min: -5, max: 5 }) }, { weight: 2, arbitrary: fc.constantFrom(-12 * hour, 12 * hour, -24 * hour, 24 * hour).map(seconds => 1_000 * seconds) }, { weight: 1, arbitrary: fc.constantFrom(-12, 12, -24, 24).map(hours => 1_000 * hours * hour + Math.sign(hours)) })
const amount = fc.oneof(fc.constantFrom(0, 1, 2, 30, 31, 33, 2_000), fc.nat({ max: 30_000 }))
const someOf = (to: fc.Arbitrary<string>): fc.Arbitrary<readonly (readonly [number, string])[]> => fc.array(fc.tuple(amount, to), { maxLength: 2 })

/** `shown`: the entry of this commit is revealed at once. `again`: what was tried before, as it was; `reveal`: the entry of a commit that was tried before; counted from the latest. */
type Wish = { readonly act: Act, readonly shown: boolean } | { readonly again: number } | { readonly reveal: number }
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pay' as const), time: off, from: fc.array(fc.tuple(fc.nat({ max: 60_000 }), who), { minLength: 1, maxLength: 2 }), to: someOf(who), accounts: someOf(fc.constant('Ann')), buy: someOf(who) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit' as const), time: off, payer: who, entry: any, credits: fc.constantFrom(1, 1, 2, 3, 10) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('begin' as const), time: off, payer: who, entry: firsts, credits: fc.constantFrom(11, 12, 12, 13, 20), welded: fc.integer({ min: 0, max: 5 }).map(n => n > 0) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reveal' as const), entry: any }) },
)
const wish: fc.Arbitrary<Wish> = fc.oneof({ weight: 6, arbitrary: fc.record({ act, shown: fc.boolean() }) }, { weight: 1, arbitrary: fc.nat({ max: 20 }).map(again => ({ again })) }, { weight: 6, arbitrary: fc.nat({ max: 5 }).map(reveal => ({ reveal })) })
const plan = fc.record({ late: fc.constantFrom(0, 0, 0, 0, 1, 600, 6 * hour, 12 * hour - 60, 12 * hour, 13 * hour, 40 * hour), wishes: fc.array(wish, { maxLength: 9 }), wired: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 9_000 }) }) })
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

const signerOf = (name: string): typeof people[number] => people.find(each => each.name === name)!
const known = new Map<string, Uint8Array<ArrayBuffer>>()

function bytesOf(value: Act): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(value)
  const bytes = known.get(text) ?? made(value)
  known.set(text, bytes)
  return bytes
}

function made(value: Act): Uint8Array<ArrayBuffer> {
  if (value.kind === 'reveal') return entryBytes(value.entry)
  if (value.kind === 'pay') {
    const { time, from, to, accounts, buy } = value
    const addresses = (list: readonly (readonly [number, string])[], of: (name: string) => string): (readonly [number, string])[] => list.map(([coins, name]) => [coins, of(name)])
    return payment({
      time, from: from.map(([coins, name]) => [coins, signerOf(name)]), buy: addresses(buy, name => signerOf(name).publicKey),
      to: [...addresses(to, name => signerOf(name).address), ...addresses(accounts, () => accountHash(addressBytes(ann.address)!))],
    })
  }
  const { time, payer, entry, credits } = value
  return value.kind === 'commit' ? commitTo(entryBytes(entry), signerOf(payer), { time, credits }) : commitToChain(entryBytes(entry), signerOf(payer), { time, credits, ...value.welded ? {} : { weld: '00'.repeat(32) } })
}

function entryBytes({ name }: Entry): Uint8Array<ArrayBuffer> { return entries.find(each => each.name === name)!.bytes }

/** A block's acts, at its time; some are what was tried before. */
function actsOf({ wishes }: Plan, tried: Act[], time: number): Act[] {
  return wishes.flatMap(each => {
    const value = 'again' in each ? tried.at(-1 - each.again) : 'reveal' in each ? revealOf(tried, each.reveal) : each.act.kind === 'reveal' ? each.act : { ...each.act, time: each.act.time + 1_000 * time }
    if (value === undefined || value.kind === 'pay' && exceeds(value)) return []
    const shown: Act[] = 'shown' in each && each.shown && (value.kind === 'commit' || value.kind === 'begin') ? [{ kind: 'reveal', entry: value.entry }] : []
    tried.push(value, ...shown)
    return [value, ...shown]
  })
}

function revealOf(tried: readonly Act[], back: number): Act | undefined {
  const commit = tried.filter(each => each.kind === 'commit' || each.kind === 'begin').at(-1 - back)
  return commit === undefined ? undefined : { kind: 'reveal', entry: commit.entry }
}

/** What no decoder takes. */
function exceeds({ from, to, accounts, buy }: Extract<Act, { kind: 'pay' }>): boolean {
  return [...to, ...accounts, ...buy].reduce((sum, [coins]) => sum + coins, 0) > from.reduce((sum, [coins]) => sum + coins, 0)
}

async function beginning(): Promise<{ readonly chain: TestChain, readonly model: RecordModel }> {
  const chain = await TestChain.begin({ people: [ann], creditRate: 3 })
  const model = new RecordModel(3, chain.parameters.reward)
  const wired = await chain.extend({ transactions: await Promise.all(people.map(async ({ address }, i) => await chain.wiring(ann, address, 100_000, { nonce: BigInt(i + 1) }))) })
  const time = 1_000 * wired.tip.header.time
  const bought = await wired.extend({ records: people.map(each => payment({ time, from: [[70_000, each]], to: [[69_000, each.address]], buy: [[300, each.publicKey]] })) })
  for (const { name } of people) {
    model.factoids.set(name, 99_000)
    model.credits.set(name, 100)
  }
  return { chain: bought, model }
}

function count(met: Map<string, number>, what: string): void { met.set(what, (met.get(what) ?? 0) + 1) }

/** What the ledger says of each act, and the records it took. */
async function executed(chain: TestChain, header: Header, acts: readonly Act[], transactions: Parameters<Execution['execute']>[0][], model: RecordModel, met: Map<string, number>): Promise<Uint8Array<ArrayBuffer>[]> {
  const execution = must(await Execution.begin(chain.state, { ...chain.rulebook, block: '0'.repeat(64), header, parentTime: chain.tip.header.time, isWitness: () => false }))
  for (const [i, each] of transactions.entries()) expect(await execution.execute(each, i)).toBeNull()
  const records: Uint8Array<ArrayBuffer>[] = []
  for (const each of acts) {
    const refusal = await execution.record(bytesOf(each), records.length)
    expect(refusal?.rule ?? 'taken', `${JSON.stringify(each)} ${refusal?.detail ?? ''}`).toBe(model.do(each, header.number, header.time) ?? 'taken')
    count(met, refusal?.rule ?? each.kind)
    if (refusal === null) records.push(bytesOf(each))
  }
  return records
}

function expectBalances(chain: TestChain, model: RecordModel): void {
  const rows = (prefix: string): Record<string, number> => Object.fromEntries([...chain.state.rows].filter(([name]) => name.startsWith(prefix)).map(([name, bytes]) => [name.slice(prefix.length), must(decode(u40, bytes))]))
  const held = (map: ReadonlyMap<string, number>, key: 'address' | 'publicKey'): Record<string, number> => Object.fromEntries([...map].filter(([, value]) => value > 0).map(([name, value]) => [signerOf(name)[key], value]))
  expect(rows('factoid/')).toEqual(held(model.factoids, 'address'))
  expect(rows('credit/')).toEqual(held(model.credits, 'publicKey'))
  expect(chain.state.coins()).toBe(genesisCoins(chain.parameters) + chain.parameters.reward * chain.tip.header.number)
}

/** The chains of the state, and what is told of a block, are those of the model. */
async function expectChains(chain: TestChain, model: RecordModel, effects: RecordEffects): Promise<void> {
  for (const name of names) {
    const placed = model.placed.filter(each => each.chain === name)
    const row = await chain.state.read(keys.chain(chainNamed(name)))
    expect(row?.count ?? 0).toBe(placed.length)
    if (row === null) continue
    expect([row.first, row.head, row.block]).toEqual([placed[0]!.entry, placed.at(-1)!.entry, placed.at(-1)!.block])
    expect(await Promise.all(placed.map(async (_, i) => await chain.state.read(keys.chainEntry(chainNamed(name), i))))).toEqual(placed.map(({ entry }) => entry))
    for (const entry of new Set(placed.map(each => each.entry))) {
      const copies = placed.filter(each => each.entry === entry)
      expect(await chain.state.read(keys.entry(entry))).toEqual({ count: copies.length })
      for (const [i, { block, index }] of copies.entries()) expect(await chain.state.read(keys.entryCopy(entry, i))).toEqual({ chain: chainNamed(name), block, index })
    }
  }
  const { number } = chain.tip.header
  expect(effects.entries.map(({ hash, chain: id, index, payer }) => ({ hash, id, index, payer }))).toEqual(model.placed.filter(({ block }) => block === number).map(({ entry, chain: id, index, payer }) => ({ hash: entry, id: chainNamed(id), index, payer: signerOf(payer).publicKey })))
}

/** The blocks that Factom would make hang together, and the state names the last of each. */
async function expectBlocks(before: TestChain, chain: TestChain, { entries: placed, entryBlocks, directoryBlock }: RecordEffects): Promise<void> {
  expect(directoryBlock === null).toBe(placed.length === 0)
  expect(entryBlocks.map(block => block.chain)).toEqual([...new Set(placed.map(each => each.chain))].sort())
  for (const block of entryBlocks) {
    const { header, items } = must(decodeEntryBlock(block.bytes))
    const [past, now] = [await before.state.read(keys.chain(block.chain)), await chain.state.read(keys.chain(block.chain))]
    expect(header).toMatchObject({ prevKeyMR: past?.keyMR ?? '00'.repeat(32), prevFullHash: past?.fullHash ?? '00'.repeat(32), sequence: past === null ? 0 : past.sequence + 1, height: directoryBlock?.height })
    expect(now).toMatchObject({ keyMR: block.keyMR, fullHash: block.fullHash, sequence: header.sequence })
    expect(items.slice(0, -1)).toEqual(placed.filter(each => each.chain === block.chain).map(({ hash }) => hash))
    expect(minuteOf(items.at(-1)!)).toBe(Math.min(10, 1 + Math.floor((chain.tip.header.time - before.tip.header.time) / 60)))
  }
  if (directoryBlock === null) return
  const [past, { header, entries: named }] = [await before.state.read(keys.directory), must(decodeDirectoryBlock(directoryBlock.bytes))]
  expect(header).toMatchObject({ prevKeyMR: past?.keyMR ?? '00'.repeat(32), prevFullHash: past?.fullHash ?? '00'.repeat(32), height: past === null ? 0 : past.height + 1, networkId: chain.network.slice(0, 8), minutes: Math.floor(chain.tip.header.time / 60) })
  expect(named.slice(3)).toEqual(entryBlocks.map(({ chain: chainId, keyMR }) => ({ chainId, keyMR })))
  expect(await chain.state.read(keys.directory)).toEqual({ height: header.height, keyMR: directoryBlock.keyMR, fullHash: directoryBlock.fullHash, block: chain.tip.header.number })
}

const lasting = (chain: TestChain): string[] => [...chain.state.rows.keys()].filter(name => /^(paid|commit|chain\/reserved)\//.test(name))

test('records do what their model does, in every branch; coins and credits come of nothing; nothing is left of what is over', { timeout: 120_000 }, async () => {
  const met = new Map<string, number>()
  await fc.assert(fc.asyncProperty(fc.array(plan, { minLength: 2, maxLength: 9 }), fc.nat(), async (plans, seed) => {
    let { chain, model } = await beginning()
    const tried: Act[] = []
    const past: { readonly chain: TestChain, readonly model: RecordModel }[] = []
    for (const [step, each] of plans.entries()) {
      // Now and then the chain goes on from an earlier block: what was done in the branch that is left was never done.
      const from = past.length > 2 && (seed >> step) % 5 === 0 ? past[(seed >> step) % past.length] : undefined
      if (from !== undefined) ({ chain, model } = { chain: from.chain, model: from.model.branch() })
      past.push({ chain, model: model.branch() })
      const before = chain
      const time = chain.tip.header.time + chain.parameters.rescue + each.late
      const transactions = each.wired === 0 ? [] : [await chain.wiring(ann, people[0]!.address, each.wired, { time })]
      if (each.wired > 0) model.factoids.set('Eve', (model.factoids.get('Eve') ?? 0) + each.wired)
      const { header } = await chain.block({ time })
      const acts = actsOf(each, tried, time)
      model.begin(header.number, time)
      model.fees = transactions.length * chain.parameters.minimumFee
      const records = await executed(chain, header, acts, transactions, model, met)
      chain = await chain.extend({ time, transactions, records })
      expectBalances(chain, model)
      const effects = await recordsOfBlock(before.state, { number: header.number, time, parentTime: before.tip.header.time, network: chain.network }, records)
      await expectChains(chain, model, effects)
      await expectBlocks(before, chain, effects)
      // A miner who is offered the same in the same order finds as much at least, and what it finds is a block.
      const body = await composeBody(before.state, { ...before.rulebook, block: '0'.repeat(64), header, parentTime: before.tip.header.time, isWitness: () => false }, { transactions, receipts: [], records: acts.map(bytesOf) })
      expect(body.records.slice(0, records.length).map(toHex)).toEqual(records.map(toHex))
      await before.extend({ time, transactions: body.transactions, records: body.records })
    }
    const over = await (await chain.extend({ time: chain.tip.header.time + 50 * hour })).extend()
    expect(lasting(over)).toEqual([])
  }), { numRuns: 40 })
  for (const [kind, least] of [['pay', 5], ['commit', 10], ['begin', 5], ['reveal', 10], ['reveal-uncommitted', 2]] as const) expect(met.get(kind), kind).toBeGreaterThan(least)
})

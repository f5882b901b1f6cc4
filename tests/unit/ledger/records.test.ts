import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { addressBytes, encode, fromHex, fromUtf8, limits, toHex } from '../../../src/base/index.ts'
import { accountMeant, body as bodyCodec, localNetwork, type BlockContext, type Parameters } from '../../../src/ledger/index.ts'
import { composeBody } from '../../../src/ledger/compose.ts'
import { RecordExecution, entryHash, recordsOfBlock, type RecordEffects } from '../../../src/records/index.ts'
import { StateView, keys } from '../../../src/state/index.ts'
import { grow, late } from '../../support/branches.ts'
import { TestChain, must, somebody } from '../../support/ledger.ts'
import { ledgerInMemory, mine, transact } from '../../support/mine.ts'
import { accountHash, chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer } from '../../support/records.ts'

const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const [eve, rob] = [signer('Eve'), signer('Rob')]
const sha256 = (...parts: readonly Uint8Array[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const at = ({ tip, parameters }: TestChain): number => 1_000 * (tip.header.time + parameters.rescue)

async function begin(parameters: Partial<Parameters> = {}): Promise<TestChain> {
  const chain = await TestChain.begin({ people: [ann, ben], creditRate: 3, ...parameters })
  return await chain.extend({ transactions: [await chain.wiring(ann, eve.address, 10_000)] })
}

/** Eve and Rob have 200 entry credits each. */
async function withCredits(): Promise<TestChain> {
  const chain = await begin()
  return await chain.extend({ records: [payment({ time: at(chain), from: [[2_000, eve]], buy: [[600, eve.publicKey], [600, rob.publicKey]] })] })
}

async function effectsOf(before: TestChain, after: TestChain, records: readonly Uint8Array[]): Promise<RecordEffects> {
  const { number, time } = after.tip.header
  return await recordsOfBlock(before.state, { number, time, parentTime: before.tip.header.time, network: before.network }, records)
}

test('coins become credits, credits a chain with two entries, and coins come back', async () => {
  const before = await begin()
  const ms = at(before)
  const [first, second] = [firstEntryOf('log'), entryOf(chainNamed('log'), { content: 'hello' })]
  const records = [
    payment({ time: ms, from: [[9_000, eve]], to: [[5_000, accountHash(addressBytes(ben.address)!)]], buy: [[3_002, eve.publicKey], [2, rob.publicKey]] }),
    commitToChain(first, eve, { time: ms }), commitTo(second, eve, { time: ms }), first, second,
  ]
  const chain = await before.extend({ records })
  expect(await chain.state.read(keys.credit(eve.publicKey))).toBe(1_000 - 11 - 1)
  expect(await chain.state.read(keys.credit(rob.publicKey)), 'less than a credit buys none').toBeNull()
  expect(await chain.state.read(keys.factoid(eve.address))).toBe(1_000)
  expect(await chain.state.read(keys.fees), 'what is paid for credits, and the rest').toBe(4_000)
  expect((await chain.state.account(ben)).balance).toBe(1_000_000 + 5_000)
  expect(await chain.state.read(keys.chain(chainNamed('log')))).toMatchObject({ first: entryHash(first), head: entryHash(second), count: 2, sequence: 0, block: 2 })
  expect([await chain.state.read(keys.chains.total), await chain.state.read(keys.chains.at(0))]).toEqual([1, chainNamed('log')])
  const { balance } = await chain.state.account(chain.miner)
  expect((await (await chain.extend()).state.account(chain.miner)).balance, 'goes to the next miner').toBe(balance + 4_000 + chain.parameters.reward)
})

test('a row that holds nothing is none; an output of nothing makes no account', async () => {
  const chain = await begin()
  const nobody = accountHash(new Uint8Array(20).fill(9))
  const spent = await chain.extend({ records: [payment({ time: at(chain), from: [[10_000, eve]], to: [[0, rob.address], [0, nobody]], buy: [[0, eve.publicKey]] })] })
  expect([...spent.state.rows.keys()].filter(name => /^(factoid|credit)\//.test(name))).toEqual([])
  expect(spent.state.rows.size).toBe(chain.state.rows.size - 1 + 4 + 1) // eve's coins are gone; the payment is remembered with 4 rows, the miner's block with one
  expect(spent.state.coins()).toBe(2_000_000 + 2 * chain.parameters.reward)
})

test('whoever spends the last credit has no row', async () => {
  const chain = await begin()
  const records = [payment({ time: at(chain), from: [[1_000, eve]], buy: [[3 * 12, rob.publicKey]] }), commitToChain(firstEntryOf('log'), rob, { time: at(chain) })]
  const one = await chain.extend({ records })
  expect(await one.state.read(keys.credit(rob.publicKey))).toBe(1)
  const none = await one.extend({ records: [commitTo(firstEntryOf('log'), rob, { time: at(one) })] })
  expect(none.state.rows.has(keys.credit(rob.publicKey).name)).toBe(false)
})

test('an address is an account where twelve bytes are zero, and none where eleven are', async () => {
  const chain = await begin()
  const almost = `${'00'.repeat(11)}01${toHex(addressBytes(ben.address)!)}`
  const paid = await chain.extend({ records: [payment({ time: at(chain), from: [[200, eve]], to: [[7, almost], [8, accountHash(addressBytes(ben.address)!)], [9, accountHash(addressBytes(ben.address)!)]] })] })
  expect([await paid.state.read(keys.factoid(almost)), (await paid.state.account(ben)).balance]).toEqual([7, 1_000_017])
  const burnt = await paid.extend({ transactions: [await paid.wiring(ann, '0'.repeat(64), 5)] })
  expect(await burnt.state.read(keys.factoid('0'.repeat(64))), 'a wiring to such a hash lies there, where nobody has the key').toBe(5)
})

test('of several commits the oldest with enough credits is used; what is left stays open', async () => {
  let chain = await withCredits()
  const first = firstEntryOf('log')
  const long = entryOf(chainNamed('log'), { payload: 1_025 })
  const commits = (fields: { readonly credits: number, readonly payer?: typeof eve }[], from: TestChain): Uint8Array<ArrayBuffer>[] => fields.map(({ credits, payer = eve }, i) => commitTo(long, payer, { time: at(from) + i, credits }))
  chain = await chain.extend({ records: [commitToChain(first, eve, { time: at(chain) }), first, ...commits([{ credits: 1 }, { credits: 10, payer: rob }, { credits: 10 }], chain)] })
  chain = await chain.extend({ records: commits([{ credits: 3 }, { credits: 2, payer: rob }], chain) })
  const before = chain
  chain = await chain.extend({ records: [long, long, long, long] })
  const { entries } = await effectsOf(before, chain, [long, long, long, long])
  expect(entries.map(({ payer, credits, index, copy, record }) => [payer === rob.publicKey ? 'rob' : 'eve', credits, index, copy, record])).toEqual([['rob', 10, 1, 0, 0], ['eve', 10, 2, 1, 1], ['eve', 3, 3, 2, 2], ['rob', 2, 4, 3, 3]])
  expect([...chain.state.rows.keys()].filter(name => name.startsWith('commit/'))).toEqual([`commit/${entryHash(long)}/1`])
  expect(await chain.try({ records: [long] })).toMatchObject({ rule: 'reveal-credits' })
  expect(await chain.state.read(keys.credit(eve.publicKey)), 'credits nobody used are not given back').toBe(200 - 11 - 1 - 10 - 3)
})

test('a chain commit gives way in all its rows once the chain is there', async () => {
  const chain = await withCredits()
  const first = firstEntryOf('log')
  const begun = await chain.extend({ records: [commitToChain(first, eve, { time: at(chain) }), first] })
  expect([...begun.state.rows.keys()].filter(name => /^(commit|chain\/reserved)\//.test(name))).toEqual([])
  expect(await begun.state.read(keys.chainOf(toHex(sha256(sha256(fromHex(chainNamed('log'))!)))))).toBe(chainNamed('log'))
})

test('what an old commit reserved goes with it, and not what another has reserved since', async () => {
  const chain = await withCredits()
  const first = firstEntryOf('log')
  const eves = await chain.extend({ records: [commitToChain(first, eve, { time: at(chain) })] })
  const end = Math.floor(eves.tip.header.time / 3_600) * 3_600 + 13 * 3_600 // when the hour of that window is over
  const robs = await eves.extend({ time: end - 60, records: [commitToChain(first, rob, { time: 1_000 * end })] })
  const over = await robs.extend()
  expect(over.tip.header.time).toBe(end)
  expect([...over.state.rows.keys()].filter(name => /^(paid\/\d{1,9}\/\d|commit\/|chain\/reserved\/)/.test(name)), 'two payments, the commit of Rob and what it reserved').toHaveLength(4)
  expect(await over.try({ records: [commitToChain(first, eve, { time: 1_000 * end })] })).toMatchObject({ rule: 'chain-reserved' })
  expect(await over.try({ records: [first] })).toMatchObject({ ok: true })
})

test('a first entry touches 18 rows, a payment one for each address and four, a block one for its Directory Block', async () => {
  const chain = await withCredits()
  const first = firstEntryOf('log')
  const open = await chain.extend({ records: [commitToChain(first, eve, { time: at(chain) })] })
  const touched = async (records: readonly Uint8Array[]): Promise<number> => {
    const read = new Set<string>()
    const view = new StateView({ get: async key => { read.add(fromUtf8(key) ?? ''); return await open.state.get(key) } })
    const execution = new RecordExecution(view, { number: 4, time: open.tip.header.time + 60, parentTime: open.tip.header.time, network: open.network, creditRate: 3 })
    for (const [i, record] of records.entries()) expect(await execution.execute(record, i, 2 ** 40)).toMatchObject({ ok: true })
    await execution.end()
    for (const { key } of view.changes()) read.add(fromUtf8(key) ?? '')
    return read.size
  }
  expect(await touched([first])).toBe(18 + 1)
  expect(await touched([payment({ time: at(open), from: [[1_000, eve]], to: [[1, rob.address], [2, accountHash(addressBytes(ben.address)!)]], buy: [[3, rob.publicKey]] })])).toBe(4 + 4)
})

test('Entry Blocks and Directory Blocks are as Factom hashes them', async () => {
  let chain = await withCredits()
  const [a, b] = [firstEntryOf('a'), firstEntryOf('b')]
  const [more, other] = [entryOf(chainNamed('a'), { content: 'more' }), entryOf(chainNamed('b'), { content: 'other' })]
  chain = await chain.extend({ records: [a, b].flatMap(entry => [commitToChain(entry, eve, { time: at(chain) }), entry]) })
  expect(await chain.state.read(keys.directory)).toMatchObject({ height: 0, block: 3 })
  const quiet = await chain.extend() // makes no Directory Block
  const records = [more, other].flatMap(entry => [commitTo(entry, eve, { time: at(quiet) }), entry])
  const next = await quiet.extend({ records, time: quiet.tip.header.time + 125 })
  const { entryBlocks, directoryBlock } = await effectsOf(quiet, next, records)

  const hex = (text: string): Buffer => Buffer.from(text, 'hex')
  const [marker, zero] = [hex('03'.padStart(64, '0')), Buffer.alloc(32)]
  const u32 = (value: number): Buffer => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes }
  const blocks = await Promise.all([[chainNamed('a'), more], [chainNamed('b'), other]].toSorted(([x], [y]) => (x as string) < (y as string) ? -1 : 1).map(async ([id, entry]) => {
    const [chainId, hash] = [id as string, hex(entryHash(entry as Uint8Array))]
    const past = must({ ok: true, value: await quiet.state.read(keys.chain(chainId)) })!
    const bodyMR = sha256(hash, marker)
    const header = Buffer.concat([hex(chainId), bodyMR, hex(past.keyMR), hex(past.fullHash), u32(1), u32(1), u32(2)])
    return { chain: chainId, keyMR: sha256(sha256(header), bodyMR), bytes: Buffer.concat([header, hash, marker]) }
  }))
  expect(entryBlocks.map(({ chain: id, keyMR, bytes }) => ({ id, keyMR, bytes: toHex(bytes) }))).toEqual(blocks.map(({ chain: id, keyMR, bytes }) => ({ id, keyMR: keyMR.toString('hex'), bytes: bytes.toString('hex') })))
  const leaves = [...['0a', '0c', '0f'].flatMap(last => [hex(last.padStart(64, '0')), zero]), ...blocks.flatMap(({ chain: id, keyMR }) => [hex(id), keyMR])]
  const level = (hashes: readonly Uint8Array[]): Uint8Array[] => Array.from({ length: Math.ceil(hashes.length / 2) }, (_, i) => sha256(hashes[2 * i]!, hashes[2 * i + 1] ?? hashes[2 * i]!))
  let tree: readonly Uint8Array[] = leaves
  while (tree.length > 1) tree = level(tree)
  const last = (await quiet.state.read(keys.directory))!
  const header = Buffer.concat([Buffer.of(0), hex(chain.network.slice(0, 8)), tree[0]!, hex(last.keyMR), hex(last.fullHash), u32(Math.floor(next.tip.header.time / 60)), u32(1), u32(5)])
  expect(directoryBlock).toMatchObject({ height: 1, keyMR: sha256(sha256(header), tree[0]!).toString('hex') })
  expect(toHex(directoryBlock!.bytes)).toBe(Buffer.concat([header, ...leaves]).toString('hex'))
  expect(await next.state.read(keys.directory)).toEqual({ height: 1, keyMR: directoryBlock!.keyMR, fullHash: directoryBlock!.fullHash, block: 5 })
  expect(toHex(sha256(directoryBlock!.bytes))).toBe(directoryBlock!.fullHash)
})

test.each([[60, '02'], [119, '02'], [120, '03'], [539, '09'], [540, '0a'], [100_000, '0a']])('%d s after its parent an entry is of minute %s', async (seconds, minute) => {
  const chain = await withCredits()
  const time = chain.tip.header.time + seconds
  const first = firstEntryOf('a')
  const records = [commitToChain(first, eve, { time: 1_000 * time }), first]
  const { entryBlocks: [block] } = await effectsOf(chain, await chain.extend({ time, records }), records)
  expect(toHex(block!.bytes.subarray(-1))).toBe(minute)
})

/** What composing is told of the next block. */
async function frameOf(chain: TestChain): Promise<Omit<BlockContext, 'body'>> {
  return { ...chain.rulebook, block: '0'.repeat(64), header: (await chain.block()).header, parentTime: chain.tip.header.time, isWitness: () => false }
}

test('composing takes what fits and tries what came too early once more', async () => {
  const chain = await withCredits()
  const first = firstEntryOf('log')
  const commit = commitToChain(first, eve, { time: at(chain) })
  const compose = async (records: readonly Uint8Array<ArrayBuffer>[], on = chain): Promise<readonly Uint8Array[]> => (await composeBody(on.state, await frameOf(on), { transactions: [], receipts: [], records })).records
  expect(await compose([first, commit, commit, Uint8Array.of(3)])).toEqual([commit, first])
  const without = await begin({ ops: [1, 2, 7] })
  expect(await compose([commit], without)).toEqual([])
})

/** A chain, 64 commits to four entries as long as they get, and one more. */
const wide = await (async () => {
  const chain = await withCredits()
  const first = firstEntryOf('log')
  const begun = await chain.extend({ records: [payment({ time: at(chain), from: [[5_000, eve]], buy: [[3_000, eve.publicKey]] }), commitToChain(first, eve, { time: at(chain) }), first] })
  const longest = ['a', 'b', 'c', 'd'].map(content => entryOf(chainNamed('log'), { content, payload: 10_240 }))
  return { begun, longest, commits: [...Array.from({ length: 64 }, (_, i) => commitTo(longest[i % 4]!, eve, { time: at(begun) + i })), commitTo(first, eve, { time: at(begun) })] }
})()

test('no more records go in than a block may have', async () => {
  const { begun, commits } = wide
  const { records } = await composeBody(begun.state, await frameOf(begun), { transactions: [], receipts: [], records: commits })
  expect(records).toEqual(commits.slice(0, limits.blockRecords))
})

test('no more bytes of records go in than a block has room for', async () => {
  const { begun, commits, longest } = wide
  const chain = await begun.extend({ records: commits.slice(0, 64) })
  const reveals = Array.from({ length: 64 }, (_, i) => longest[i % 4]!)
  const body = await composeBody(chain.state, await frameOf(chain), { transactions: [], receipts: [], records: [...reveals, commits[64]!] })
  expect([body.records.length, body.records.every((record, i) => record === reveals[i])]).toEqual([51, true]) // another record has 136 bytes, and 71 are left
  const bytes = encode(bodyCodec, body).length
  expect(bytes).toBeLessThanOrEqual(limits.bodyBytes)
  expect(bytes + commits[64]!.length).toBeGreaterThan(limits.bodyBytes)
  expect(await chain.try({ records: body.records })).toMatchObject({ ok: true })
})

const network: Parameters = { ...localNetwork(1_700_000_000), epoch: 5, activeWindow: 20 }

test('a ledger judges a record by itself, and tells what a block did to chains', async () => {
  const ledger = await ledgerInMemory(network)
  const [block] = await grow(ledger, 2)
  const key = block!.miner
  const time = (): number => ledger.head.header.time
  const take = async (records: readonly Uint8Array<ArrayBuffer>[], payments = 0): Promise<void> => {
    const transactions = payments === 0 ? [] : [await transact(ledger, key, { op: 1, body: { to: eve.address, amount: payments } }, time())]
    const made = await mine(ledger, { seconds: 3, transactions, records })
    expect(await ledger.offer(made.header, made.body, late)).toMatchObject({ ok: true })
  }
  await take([], 500)
  const buys = payment({ time: 1_000 * time(), from: [[500, eve]], buy: [[100, eve.publicKey]] })
  const first = firstEntryOf('log')
  const commit = commitToChain(first, eve, { time: 1_000 * time() })
  const judge = async (record: Uint8Array, now = time()): Promise<string> => (await ledger.judgeNextRecord(record, now))?.rule ?? 'taken'
  expect([await judge(buys), await judge(commit), await judge(first), await judge(Uint8Array.of(1))]).toEqual(['taken', 'commit-credits', 'reveal-uncommitted', 'record-encoding'])
  expect([await judge(buys, time() + 86_400), await judge(buys, time() + 86_401), await judge(buys, 0)]).toEqual(['taken', 'record-expired', 'taken'])
  await take([buys, commit])
  expect([await judge(buys), await judge(commit), await judge(first)]).toEqual(['record-paid', 'record-paid', 'taken'])
  expect((await ledger.recordsOf(ledger.head.root))?.commits).toMatchObject([{ record: 1, payer: eve.publicKey, credits: 11, entry: entryHash(first) }])
  await take([first])
  const told = await ledger.recordsOf(ledger.head.root)
  expect(told?.entries).toMatchObject([{ record: 0, hash: entryHash(first), chain: chainNamed('log'), index: 0, copy: 0, payer: eve.publicKey }])
  expect(told?.directoryBlock?.keyMR).toBe((await ledger.read(keys.directory))?.keyMR)
  expect(await ledger.recordsOf(ledger.chain.record(ledger.head.root)!.parent!)).toMatchObject({ entries: [], directoryBlock: null })
  await expect(ledger.recordsOf('00'.repeat(32))).rejects.toMatchObject({ code: 'not-found' })
  const former = await ledgerInMemory({ ...network, ops: [1, 2, 7] })
  expect((await former.judgeNextRecord(buys, 0))?.rule).toBe('unknown-record')
  expect(await former.recordsOf(former.head.root)).toMatchObject({ entries: [], directoryBlock: null })
})

test('32 bytes that stand for an account in Factoid payments are told from all others', () => {
  const bytes = addressBytes(ben.address)!
  expect(accountMeant(accountHash(bytes))).toBe(ben.address)
  expect(accountMeant('0'.repeat(64))).not.toBeNull()
  for (const other of [ben.address, eve.address, `${'00'.repeat(11)}01${toHex(bytes)}`, `01${'00'.repeat(11)}${toHex(bytes)}`, `${'00'.repeat(11)}0${toHex(bytes)}`]) expect(accountMeant(other), other).toBeNull()
})

import { expect, test } from 'vitest'
import { HoldfastError, addressOfBytes, fromHex, loadSecp256k1, sha256, utf8, type Address, type Cid } from '../../../src/base/index.ts'
import { StateCopy } from '../../../src/hamt/index.ts'
import { Ledger, LedgerMemo, MemoStore, accountFromProof, ancestor, localNetwork, signHeader, signTransaction, type Parameters, type Position, type PowerAt } from '../../../src/ledger/index.ts'
import { keys } from '../../../src/state/index.ts'
import { memLedgerStore } from '../../../src/store/index.ts'
import { grow, late, positionsAbove, take } from '../../support/branches.ts'
import { must } from '../../support/ledger.ts'
import { ledgerInMemory, mine, transact, type Mined } from '../../support/mine.ts'

const begin = 1_700_000_000
const network: Parameters = { ...localNetwork(begin), epoch: 3, activeWindow: 6, range: 10, short: 3 }
const signatures = await loadSecp256k1()
const allocations = Array.from({ length: 10_000 }, (_, i) => ({ address: addressOfBytes(sha256(utf8(`founder ${i}`)).slice(0, 20)), balance: i, power: 1n }))
/** From which number on the headers are told, and where the state is copied. */
const [from, at, height] = [20, 38, 45]

function provedBy(ledger: Ledger): PowerAt {
  return async (root: Cid, miner: Address) => must(accountFromProof(ledger.parts(root).state, miner, await ledger.prove([keys.account(miner).name], root))).power
}

async function copied(ledger: Ledger, root: Cid): Promise<StateCopy> {
  const copy = new StateCopy(fromHex(ledger.position(root)!.state)!)
  while (!copy.isWhole) {
    const paths = copy.wanted()
    must(copy.take(paths, await ledger.below(root, paths)))
  }
  return copy
}

interface Network { readonly old: Ledger, readonly blocks: readonly Mined[], readonly positions: readonly Position[], readonly root: Cid }

async function grown(parameters: Parameters = network): Promise<Network> {
  const old = await ledgerInMemory(parameters)
  const blocks: Mined[] = []
  while (blocks.length < height) blocks.push(...await grow(old, 1, parameters.allocations.length > 0 ? { at: old.head.header.time + parameters.rescue } : { seconds: 20 }))
  return { old, blocks, positions: positionsAbove(old, from - 1), root: ancestor(old.chain, old.head, at)!.root }
}

const { old, blocks, positions, root } = await grown()
/** Each of the 10,000 has an account and its place in the list of miners. */
const large = await grown({ ...network, allocations })

test('a newcomer begins with headers and a state, executes what follows, and is where the others are', async () => {
  const store = await memLedgerStore({ states: 16, bodies: 10, headers: 22 })
  const ledger = await Ledger.open({ parameters: network, store, signatures })
  const alone = await ledger.judgeApart(positions, provedBy(old))
  expect(must(alone).tip.root).toBe(old.head.root)
  expect(ledger.compare(must(alone))).toEqual({ verdict: 'alert', why: 'headers-missing' })
  const branch = must(await ledger.adopt(positions, root, await copied(old, root), provedBy(old)))
  expect([ledger.head.root, ledger.safe.root, ledger.head.header.number]).toEqual([root, root, at])
  expect(branch.links.map(({ header: { number } }) => number)).toEqual([39, 40, 41, 42, 43, 44, 45])
  expect(ledger.compare(branch)).toEqual({ verdict: 'switch', safe: null })
  await take(ledger, blocks.slice(at))
  expect(ledger.head).toMatchObject({ root: old.head.root, hit: old.head.hit, power: old.head.power, interval: old.head.interval, kind: old.head.kind })
  expect(ledger.active.after(ledger.head.root)).toEqual(old.active.after(old.head.root))

  const again = await Ledger.open({ parameters: network, store, signatures })
  expect([again.head.root, again.safe.root]).toEqual([old.head.root, root])
  const both = await ledgerInMemory(network)
  await take(both, blocks)
  for (let i = 0; i < 30; i++) {
    const block = await mine(both, { seconds: 20 })
    await take(both, [block])
    expect(await again.offer(block.header, block.body, late, provedBy(both))).toMatchObject({ ok: true })
    while (await store.pruneStep()) { /* until nothing is left to prune */ }
  }
  expect(again.head.root).toBe(both.head.root)
  expect(store.base?.number).toBe(75 - 16)
})

test('a block whose power lies in a state that is not here waits for somebody who knows it', async () => {
  const ledger = await ledgerInMemory(network)
  await ledger.adopt(positions, root, await copied(old, root), provedBy(old))
  const other = await ledgerInMemory(network)
  await take(other, blocks.slice(0, at))
  const next = await mine(other, { from: 21, seconds: 60 })
  expect(await ledger.offer(next.header, next.body, late)).toMatchObject({ ok: false, rule: 'headers-missing' })
  expect(await ledger.offer(next.header, next.body, late, provedBy(old))).toMatchObject({ ok: true })
})

test('headers that break a rule are found out, as far back as that can be told', async () => {
  const ledger = await ledgerInMemory(network)
  const powerAt = provedBy(old)
  const changed = (i: number, change: Partial<Position['header']>, state?: Cid): Position[] => positions.map((position, j) => j === i ? { header: { ...position.header, ...change }, state: state ?? position.state } : position)
  const judged = async (some: readonly Position[]): Promise<unknown> => await ledger.judgeApart(some, powerAt)
  expect(await judged(changed(0, { time: 5 }))).toMatchObject({ rule: 'block-signature' })
  expect(await judged(changed(0, { network: '0011223344556677' }))).toMatchObject({ rule: 'block-network' })
  expect(await judged(changed(2, { time: 5 }))).toMatchObject({ rule: 'block-time' })
  const forged = (change: Partial<Position['header']>): Position[] => {
    const { signature: _, ...unsigned } = positions[2]!.header
    return [...positions.slice(0, 2), { ...positions[2]!, header: signHeader({ ...unsigned, ...change }, blocks[from + 1]!.miner.secret, signatures) }]
  }
  expect(await judged(forged({}))).toMatchObject({ ok: true })
  expect(await judged(forged({ generation: new Uint8Array(32) }))).toMatchObject({ rule: 'generation' })
  expect(await judged(forged({ difficulty: positions[2]!.header.difficulty + 1n }))).toMatchObject({ rule: 'difficulty' })
  expect(await judged(forged({ baseTarget: 0n }))).toMatchObject({ rule: 'difficulty' })
  expect(await judged(forged({ number: 24 }))).toMatchObject({ rule: 'block-number' })
  expect(await judged(changed(2, {}, '11'.repeat(32)))).toMatchObject({ rule: 'unknown-parent' })
  expect(await judged(positions.toSpliced(3, 1))).toMatchObject({ rule: 'unknown-parent' })
  expect(await judged([])).toMatchObject({ rule: 'unknown-parent' })
  const beginner = await ledgerInMemory(network)
  expect(await beginner.judgeApart(positions, async () => 2n ** 60n)).toMatchObject({ rule: 'block-due' })
})

test('what is adopted is what was judged: its state whole, its root named by a header', async () => {
  const ledger = await ledgerInMemory(network)
  const before = ledger.head
  const powerAt = provedBy(old)
  const copy = await copied(old, root)
  const adopting = async (some: readonly Position[], where: Cid, state: StateCopy): Promise<unknown> => await ledger.adopt(some, where, state, powerAt)
  await expect(adopting(positions, old.head.root, copy)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(adopting(positions, '00'.repeat(32), copy)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(adopting(positions, ancestor(old.chain, old.head, at - 1)!.root, copy)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(adopting(positions, root, new StateCopy(copy.root))).rejects.toMatchObject({ code: 'bad-input' })
  expect(await adopting(positions.toSpliced(3, 1), root, copy)).toMatchObject({ ok: false })
  expect(ledger.head).toBe(before)
})

test('a store that is full leaves what was there', async () => {
  const inner = await memLedgerStore({ states: 100, bodies: 100 })
  const store = Object.assign(Object.create(inner) as typeof inner, { startFrom: async () => { throw new HoldfastError('storage-full', 'full') } })
  const ledger = await Ledger.open({ parameters: network, store, signatures })
  await take(ledger, blocks.slice(0, 4))
  const { head } = ledger
  await expect(ledger.adopt(positions, root, await copied(old, root), provedBy(old))).rejects.toMatchObject({ code: 'storage-full' })
  await take(ledger, blocks.slice(4, 6))
  expect([ledger.head.parent === null, ledger.head.header.number, ledger.chain.record(head.root)]).toEqual([false, 6, head])
})

test('a witness below the headers at hand is neither taken nor refused', async () => {
  const parameters = { ...network, range: 30 }
  const there = await grown(parameters)
  const witness = ancestor(there.old.chain, there.old.head, 19)!.root
  const unwitnessed = await transact(there.old, there.blocks.at(-1)!.miner, { op: 2, body: { thread: null, message: '{}', attachment: null } }, there.old.head.header.time)
  const { signature: _, ...rest } = unwitnessed
  const block = await mine(there.old, { seconds: 20, transactions: [signTransaction({ ...rest, witness }, there.blocks.at(-1)!.miner.secret, signatures)] })
  const [few, many] = [await ledgerInMemory(parameters), await ledgerInMemory(parameters)]
  for (const [ledger, first, verdict] of [[few, from, 'headers-missing'], [many, 12, undefined]] as const) {
    must(await ledger.adopt(positionsAbove(there.old, first - 1), there.root, await copied(there.old, there.root), provedBy(there.old)))
    for (const { header, body } of there.blocks.slice(at)) must(await ledger.offer(header, body, late))
    const told = await ledger.offer(block.header, block.body, late, provedBy(there.old))
    expect(told.ok ? undefined : told.rule).toBe(verdict)
  }
})

test('newcomers among ledgers that share a memo have no more than they adopted', async () => {
  const memo = await LedgerMemo.of(network, signatures)
  const open = async (): Promise<Ledger> => await Ledger.open({ parameters: network, store: new MemoStore(memo), signatures, memo })
  const [first, newcomer] = [await open(), await open()]
  await take(first, blocks)
  must(await newcomer.adopt(positions, root, await copied(first, root), provedBy(first)))
  await expect(newcomer.account(old.head.header.miner, positionsAbove(first, from)[3]!.header.previousRoot!)).rejects.toMatchObject({ code: 'not-found' })
  expect(newcomer.position(ancestor(old.chain, old.head, from - 1)!.root)).toBeNull()
  expect(newcomer.position(ancestor(old.chain, old.head, from)!.root)).toEqual(positions[0])
  expect(await newcomer.find(ancestor(old.chain, old.head, from)!.id)).not.toBeNull()
  await take(newcomer, blocks.slice(at))
  expect([newcomer.head.root, await newcomer.account(old.head.header.miner)]).toEqual([old.head.root, await old.account(old.head.header.miner)])
})

test('a state of 20,000 keys goes from one ledger to another', async () => {
  const there = large
  const ledger = await ledgerInMemory(there.old.parameters)
  const copy = await copied(there.old, there.root)
  must(await ledger.adopt(there.positions, there.root, copy, provedBy(there.old)))
  await take(ledger, there.blocks.slice(at))
  expect(ledger.head.root).toBe(there.old.head.root)
  expect(copy.nodes).toBeGreaterThan(3_000)
  expect(await ledger.account(allocations[77]!.address)).toMatchObject({ balance: 77, power: 1n })
})

import { expect, test } from 'vitest'
import { HoldfastError, encode, loadSecp256k1 } from '../../../src/base/index.ts'
import { Ledger, ancestor, localNetwork, networkOf, transaction, type Parameters } from '../../../src/ledger/index.ts'
import { keys } from '../../../src/state/index.ts'
import { memLedgerStore } from '../../../src/store/index.ts'
import { keyOf, ledgerInMemory, mine, transact, type Mined, type Turns } from '../../support/mine.ts'

type Store = Awaited<ReturnType<typeof memLedgerStore>>
type Change = Store['commit'] extends (change: infer C) => unknown ? C : never

const begin = 1_700_000_000
const late = begin + 1_000_000
const network: Parameters = { ...localNetwork(begin), epoch: 5, activeWindow: 20 }

/** Makes `count` blocks on the head and takes them. */
async function grow(ledger: Ledger, count: number, how: Turns = { seconds: 3 }): Promise<Mined[]> {
  const mined: Mined[] = []
  for (let i = 0; i < count; i++) {
    const block = await mine(ledger, how)
    expect(await ledger.offer(block.header, block.body, late)).toMatchObject({ ok: true })
    mined.push(block)
  }
  return mined
}

async function take(ledger: Ledger, blocks: readonly Mined[]): Promise<void> {
  for (const { header, body } of blocks) expect(await ledger.offer(header, body, late)).toMatchObject({ ok: true })
}

test('a ledger begins with the genesis of its network and grows', async () => {
  const ledger = await ledgerInMemory(network)
  expect(ledger.network).toBe(await networkOf(network))
  expect(ledger.network).toBe(ledger.head.root.slice(0, 16))
  const [first] = await grow(ledger, 12)
  expect(ledger.head.header.number).toBe(12)
  expect(ancestor(ledger.chain, ledger.head, 1)?.header.miner).toBe(first?.miner.address)
  expect(await ledger.read(keys.minerTotal)).toBeGreaterThan(0)
  expect(ledger.head.header.powerRoot).toBe(ancestor(ledger.chain, ledger.head, 5)?.root)
})

test('the same block twice is the same link; others are refused by their rule, and nothing is kept of them', async () => {
  const ledger = await ledgerInMemory(network)
  const [block] = await grow(ledger, 1)
  const { head } = ledger
  expect(await ledger.offer(block!.header, block!.body, late)).toEqual({ ok: true, value: head })
  const orphan = await ledgerInMemory({ ...network, time: begin + 1 }).then(async other => await mine(other, { seconds: 9 }))
  expect(await ledger.offer(orphan.header, orphan.body, late)).toMatchObject({ ok: false, rule: 'unknown-parent' })
  const next = await mine(ledger, { seconds: 9 })
  expect(await ledger.offer(next.header.slice(1), next.body, late)).toMatchObject({ ok: false, rule: 'block-encoding' })
  expect(await ledger.offer(next.header, Uint8Array.of(1), late)).toMatchObject({ ok: false, rule: 'body-mismatch' })
  const broke = await transact(ledger, await keyOf('nobody'), { op: 1, body: { to: block!.miner.address, amount: 1 } }, next.time)
  const bad = await mine(ledger, { seconds: 9, transactions: [broke] })
  expect(await ledger.offer(bad.header, bad.body, late)).toMatchObject({ ok: false, rule: 'tx-balance', index: 0 })
  expect(ledger.head.root).toBe(head.root)
  expect(await ledger.offer(next.header, next.body, late)).toMatchObject({ ok: true })
})

test('of two branches the better one is the head, whichever came first, and both can be read', async () => {
  const [one, other] = [await ledgerInMemory(network), await ledgerInMemory(network)]
  const shared = await grow(one, 3)
  await take(other, shared)
  const [slow, quick] = [await grow(one, 4, { from: 5, seconds: 20 }), await grow(other, 5, { seconds: 2 })]
  const left = one.head.root
  await take(one, quick)
  expect(one.head.root).toBe(other.head.root)
  await take(other, slow)
  expect(one.head.root).toBe(other.head.root)
  const miner = slow.at(-1)!.miner.address
  expect((await one.account(miner, left)).mined).toBe((await other.account(miner, left)).mined)
  expect((await one.account(miner, left)).mined).toBeGreaterThan(0n)
})

test('a block before its time waits, and is the head once it has come', async () => {
  const ledger = await ledgerInMemory(network)
  const block = await mine(ledger, { from: 2, seconds: 9 })
  expect(await ledger.offer(block.header, block.body, block.time - 1)).toMatchObject({ ok: true })
  expect(ledger.head.header.number).toBe(0)
  expect(await ledger.advance(block.time - 1)).toBe(false)
  expect(await ledger.advance(block.time)).toBe(true)
  expect(ledger.head.header.number).toBe(1)
})

test('what is far ahead is not looked at yet, and what waits may become the head in its turn', async () => {
  const ledger = await ledgerInMemory(network)
  const far = await mine(ledger, { from: 40, seconds: 60 })
  expect(await ledger.offer(far.header, far.body, begin - 21)).toMatchObject({ ok: false, rule: 'not-yet' })
  expect(await ledger.offer(far.header, far.body, begin)).toMatchObject({ ok: true })
  const first = await mine(ledger, { from: 2, seconds: 9 })
  expect(await ledger.offer(first.header, first.body, begin)).toMatchObject({ ok: true })
  expect(await ledger.advance(first.time)).toBe(true)
  const child = await mine(ledger, { from: 20, seconds: 60 })
  expect(await ledger.offer(child.header, child.body, first.time)).toMatchObject({ ok: true })
})

test('nobody builds on a block that waits', async () => {
  const [ledger, other] = [await ledgerInMemory(network), await ledgerInMemory(network)]
  const [first, second] = await grow(other, 2, { from: 3, seconds: 9 })
  expect(await ledger.offer(first!.header, first!.body, begin)).toMatchObject({ ok: true })
  expect(await ledger.offer(second!.header, second!.body, begin)).toMatchObject({ ok: false, rule: 'not-yet' })
  expect(await ledger.offer(second!.header, second!.body, first!.time)).toMatchObject({ ok: true })
})

test('blocks offered at once are taken one after the other', async () => {
  const [one, other] = [await ledgerInMemory(network), await ledgerInMemory(network)]
  const blocks = await grow(one, 5)
  const verdicts = await Promise.all(blocks.map(async ({ header, body }) => await other.offer(header, body, late)))
  expect(verdicts.every(({ ok }) => ok)).toBe(true)
  expect(other.head.root).toBe(one.head.root)
})

test('opened again it is where it was; the ledger of another network is not taken for its own', async () => {
  const store = await memLedgerStore({ states: 100, bodies: 100 })
  const signatures = await loadSecp256k1()
  const ledger = await Ledger.open({ parameters: network, store, signatures })
  await grow(ledger, 6)
  const again = await Ledger.open({ parameters: network, store, signatures })
  expect(again.head).toMatchObject({ root: ledger.head.root, hit: ledger.head.hit, power: ledger.head.power, interval: ledger.head.interval, kind: ledger.head.kind })
  await grow(again, 2)
  await expect(Ledger.open({ parameters: { ...network, reward: 7 }, store, signatures })).rejects.toMatchObject({ code: 'storage-damaged' })
  const fresh = await memLedgerStore({ states: 100, bodies: 100 })
  await Ledger.open({ parameters: network, store: fresh, signatures })
  await expect(Ledger.open({ parameters: { ...network, reward: 7 }, store: fresh, signatures })).rejects.toMatchObject({ code: 'storage-damaged' })
})

test('a deep fork is weighed after a start too, by headers whose states are gone', async () => {
  const parameters: Parameters = { ...network, short: 3, range: 12 }
  const shared = await ledgerInMemory(parameters)
  const past = await grow(shared, 50)
  const left = await grow(shared, 5, { pool: 'stranger', seconds: 20 })
  const other = await ledgerInMemory(parameters)
  await take(other, past)
  const right = await grow(other, 9, { seconds: 2 })
  const signatures = await loadSecp256k1()
  for (const [headers, switches] of [[40, true], [22, false]] as const) {
    const store = await memLedgerStore({ states: 22, bodies: 12, headers })
    await take(await Ledger.open({ parameters, store, signatures }), [...past, ...left])
    while (await store.pruneStep()) { /* until nothing is left to prune */ }
    const again = await Ledger.open({ parameters, store, signatures })
    await take(again, right)
    expect(again.head.root === other.head.root).toBe(switches)
  }
})

test('a store that is full keeps nothing of a block and takes it when there is room', async () => {
  const inner = await memLedgerStore({ states: 100, bodies: 100 })
  let full = false
  const store = Object.assign(Object.create(inner) as typeof inner, { commit: async (change: Change) => { if (full) throw new HoldfastError('storage-full', 'full'); await inner.commit(change) } })
  const ledger = await Ledger.open({ parameters: network, store, signatures: await loadSecp256k1() })
  const block = await mine(ledger, { seconds: 9 })
  full = true
  await expect(ledger.offer(block.header, block.body, late)).rejects.toMatchObject({ code: 'storage-full' })
  expect(ledger.head.header.number).toBe(0)
  full = false
  expect(await ledger.offer(block.header, block.body, late)).toMatchObject({ ok: true })
  await grow(ledger, 2)
  expect(ledger.head.header.number).toBe(3)
})

test('a transaction is judged by itself and against its account', async () => {
  const ledger = await ledgerInMemory(network)
  const [block] = await grow(ledger, 1)
  const message = await transact(ledger, block!.miner, { op: 2, body: { thread: null, message: '{}', attachment: null } }, block!.time)
  expect(await ledger.judge(encode(transaction, message), begin + 100)).toBeNull()
  expect(await ledger.judge(encode(transaction, message), begin + 50_000)).toMatchObject({ rule: 'tx-expired' })
  const next = await mine(ledger, { seconds: 60, transactions: [message] })
  expect(await ledger.offer(next.header, next.body, late)).toMatchObject({ ok: true })
  expect(await ledger.judge(encode(transaction, message), begin + 100)).toMatchObject({ rule: 'tx-nonce' })
  expect(await ledger.judge(Uint8Array.of(0xa0), begin)).toMatchObject({ rule: 'tx-encoding' })
})

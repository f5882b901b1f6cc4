import { expect, test } from 'vitest'
import { loadSecp256k1 } from '../../../src/base/index.ts'
import { Ledger, LedgerMemo, MemoStore, localNetwork, type Parameters } from '../../../src/ledger/index.ts'
import { memLedgerStore } from '../../../src/store/index.ts'
import { positionsAbove } from '../../support/branches.ts'
import { must } from '../../support/ledger.ts'
import { mine, transact, type Mined } from '../../support/mine.ts'

const begin = 1_700_000_000
const network: Parameters = { ...localNetwork(begin), epoch: 5, activeWindow: 20, short: 3, range: 16 }
const signatures = await loadSecp256k1()

/** Numbers below 2^32 that follow from a seed (xorshift). */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** What ledgers say and become in a story of blocks that are made anywhere and come late, twice, too early, broken, or with another's body. */
async function story(seed: number, ledgers: readonly Ledger[]): Promise<unknown[]> {
  const draw = numbers(seed)
  const told: unknown[] = []
  const blocks: Mined[] = []
  const moves: string[] = []
  for (const [i, ledger] of ledgers.entries()) ledger.onMove = (from, to) => { moves.push(`${i}: ${from.root} ${to.root}`) }
  let now = begin
  for (let step = 0; step < 80; step++) {
    now += draw(12)
    const at = draw(ledgers.length)
    const ledger = ledgers[at]!
    if (draw(2) === 0 || blocks.length === 0) {
      const { head } = ledger
      const account = await ledger.account(head.header.miner)
      const pays = account.balance > 2_000 && draw(2) === 0
      const made = blocks.findLast(({ miner }) => miner.address === head.header.miner)
      const transactions = pays && made !== undefined ? [await transact(ledger, made.miner, { op: 1, body: { to: blocks[0]!.miner.address, amount: 1 + draw(account.balance + 500) } }, head.header.time)] : []
      blocks.push(await mine(ledger, { pool: `pool ${draw(2)}`, from: 1 + draw(20), seconds: 40, transactions }))
    }
    const latest = Math.max(0, blocks.length - 1 - draw(6))
    const from = draw(4) === 0 ? 0 : Math.max(0, latest - draw(8))
    for (const [i, block] of blocks.slice(from, latest + 1).entries()) {
      const body = draw(24) === 0 ? Uint8Array.of(1, draw(200)) : draw(24) === 0 ? blocks[draw(blocks.length)]!.body : block.body
      const header = draw(32) === 0 ? block.header.with(draw(block.header.length), draw(256)) : block.header
      const time = draw(6) === 0 ? block.time - draw(30) : Math.max(now, block.time)
      const verdict = await ledger.offer(header, body, time)
      told.push(verdict.ok ? { ...verdict.value, header: null, hit: verdict.value.hit, interval: verdict.value.interval, kind: verdict.value.kind, i } : verdict)
    }
    await ledger.advance(now)
    const { head } = ledger
    const other = ledgers[(at + 1) % ledgers.length]!
    const branch = await ledger.judgeBranch(positionsAbove(other, 0), async (root, miner) => (await other.account(miner, root)).power)
    told.push(at, head.root, await ledger.account(head.header.miner), ledger.active.after(head.root), ledger.nextTime(now), ledger.safe.root, branch.ok ? [branch.value.tip.root, ledger.compare(branch.value)] : branch)
    if (draw(9) === 0 && branch.ok && ledger.position(branch.value.tip.root) !== null) await ledger.adoptTip(branch.value.tip.root).catch((error: unknown) => { told.push(error) })
    if (draw(5) === 0) ledger.setSafe(ledger.head.root)
  }
  return [...told, ...moves]
}

test('with what they share, ledgers do what they do without it', async () => {
  const met = new Set<string>()
  const heights: number[] = []
  for (const seed of [5, 6]) {
    const alone = await Promise.all(Array.from({ length: 3 }, async () => await Ledger.open({ parameters: network, store: await memLedgerStore({ states: 3000, bodies: 3000 }), signatures })))
    const memo = await LedgerMemo.of(network, signatures)
    const together = await Promise.all(Array.from({ length: 3 }, async () => await Ledger.open({ parameters: network, store: new MemoStore(memo), signatures, memo })))
    const [one, other] = [await story(seed, alone), await story(seed, together)]
    expect(other).toEqual(one)
    for (const each of one) if (typeof each === 'object' && each !== null && 'rule' in each) met.add(String(each.rule))
    heights.push(Math.max(...together.map(({ head }) => head.header.number)))
  }
  expect([...met]).toEqual(expect.arrayContaining(['unknown-parent', 'not-yet', 'body-mismatch', 'block-encoding', 'block-signature', 'tx-balance']))
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(2 * network.epoch)
})

test('what one has found out is not found out again', async () => {
  const memo = await LedgerMemo.of(network, signatures)
  let recovered = 0
  const counted = { ...signatures, recover: (digest: Uint8Array, signature: Uint8Array) => { recovered++; return signatures.recover(digest, signature) } }
  const shared = await LedgerMemo.of(network, counted)
  const one = await Ledger.open({ parameters: network, store: new MemoStore(memo), signatures, memo })
  const [first, second] = await Promise.all([1, 2].map(async () => await Ledger.open({ parameters: network, store: new MemoStore(shared), signatures: counted, memo: shared })))
  const blocks: Mined[] = []
  for (let i = 0; i < 10; i++) {
    const block = await mine(one, { seconds: 20 })
    must(await one.offer(block.header, block.body, block.time))
    must(await first!.offer(block.header, block.body, block.time))
    blocks.push(block)
  }
  const before = recovered
  expect(before).toBe(10)
  for (const { header, body, time } of blocks) {
    const link = must(await second!.offer(header, body, time))
    expect(link).toBe(first!.chain.record(link.root))
  }
  expect([recovered, second!.head.root]).toEqual([before, first!.head.root])
  const { id, header, root } = second!.head
  expect([await second!.find(id), await second!.find(header.body)]).toEqual([blocks[9]!.header, blocks[9]!.body])
  expect(await second!.find(second!.position(root)!.state)).toEqual((await second!.below(root, ['']))[0])
  const third = await Ledger.open({ parameters: network, store: new MemoStore(shared), signatures: counted, memo: shared })
  expect([await third.find(id), third.position(root)]).toEqual([null, null])
  await expect(third.account(header.miner, root)).rejects.toMatchObject({ code: 'not-found' })
})

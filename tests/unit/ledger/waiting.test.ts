import { expect, test } from 'vitest'
import { encode, loadSecp256k1, type Cid } from '../../../src/base/index.ts'
import { bodyId, header, judgeHeaderBytes, localNetwork, signHeader, type Ledger, type Parameters } from '../../../src/ledger/index.ts'
import { grow, late, take } from '../../support/branches.ts'
import { must } from '../../support/ledger.ts'
import { ledgerInMemory, mine, type Mined } from '../../support/mine.ts'

const begin = 1_700_000_000
const network: Parameters = { ...localNetwork(begin), epoch: 5, activeWindow: 20 }
const signatures = await loadSecp256k1()

/** Blocks that come to their time so many seconds after the head. */
async function blocksAt(ledger: Ledger, seconds: readonly number[]): Promise<Mined[]> {
  return await Promise.all(seconds.map(async each => await mine(ledger, { from: each, seconds: each })))
}

/** The same block with another profile, signed by its miner. */
function variant({ header: bytes, body, time, miner }: Mined, profile: string): Mined {
  const { signature: _, ...unsigned } = must(judgeHeaderBytes(bytes))
  return { header: encode(header, signHeader({ ...unsigned, profile, body: bodyId(body) }, miner.secret, signatures)), body, time, miner }
}

async function offered(ledger: Ledger, blocks: readonly Mined[], now: number): Promise<(string | true)[]> {
  const verdicts: (string | true)[] = []
  for (const { header: bytes, body } of blocks) {
    const verdict = await ledger.offer(bytes, body, now)
    verdicts.push(verdict.ok ? true : verdict.rule)
  }
  return verdicts
}

test('of the blocks that wait on one parent the best are kept: a better one takes the place of the worst', async () => {
  const ledger = await ledgerInMemory(network)
  const late8 = await blocksAt(ledger, [30, 31, 32, 33, 34, 35, 36, 37])
  expect(await offered(ledger, late8, begin)).toEqual(Array.from({ length: 8 }, () => true))
  const [worse, better, best] = await blocksAt(ledger, [40, 20, 10])
  expect(await offered(ledger, [worse!, better!, best!], begin)).toEqual(['not-yet', true, true])
  expect(await offered(ledger, late8, begin)).toEqual([true, true, true, true, true, true, 'not-yet', 'not-yet'])
  expect(ledger.nextTime(begin)).toBe(best!.time)
  await ledger.advance(best!.time)
  expect(ledger.head.header.time).toBe(best!.time)
})

test('one miner has few variants of its block waiting, the best of them', async () => {
  const ledger = await ledgerInMemory(network)
  const [block] = await blocksAt(ledger, [20])
  const variants = [block!, ...Array.from({ length: 7 }, (_, i) => variant(block!, `{"n":${i}}`))]
  const bySignature = variants.toSorted((a, b) => Buffer.compare(must(judgeHeaderBytes(b.header)).signature, must(judgeHeaderBytes(a.header)).signature))
  expect(await offered(ledger, bySignature.slice(4), begin)).toEqual([true, true, true, true])
  expect(await offered(ledger, bySignature.slice(0, 4), begin)).toEqual([true, true, true, true])
  expect(await offered(ledger, bySignature, begin)).toEqual([true, true, true, true, 'not-yet', 'not-yet', 'not-yet', 'not-yet'])
  const others = await blocksAt(ledger, [30, 31, 32, 33, 34])
  expect(await offered(ledger, others, begin)).toEqual([true, true, true, true, 'not-yet'])
})

test('none waits on a parent far below the head', async () => {
  for (const [short, verdict] of [[3, 'not-yet'], [4, true]] as const) {
    const [ledger, fork] = [await ledgerInMemory({ ...network, short }), await ledgerInMemory({ ...network, short })]
    await take(fork, await grow(ledger, 2))
    await grow(ledger, 4)
    const [block] = await blocksAt(fork, [50])
    expect(await offered(ledger, [block!], block!.time - 5)).toEqual([verdict])
    expect(await offered(ledger, [block!], late)).toEqual([true])
  }
})

test('what went for a better one is nowhere any more', async () => {
  const ledger = await ledgerInMemory(network)
  const blocks = await blocksAt(ledger, [30, 31, 32, 33, 34, 35, 36, 37])
  const roots: Cid[] = []
  for (const { header: bytes, body } of blocks) roots.push(must(await ledger.offer(bytes, body, begin)).root)
  await offered(ledger, await blocksAt(ledger, [10]), begin)
  expect(roots.map(root => ledger.position(root) === null)).toEqual([false, false, false, false, false, false, false, true])
  await expect(ledger.account(blocks[0]!.miner.address, roots[7])).rejects.toMatchObject({ code: 'not-found' })
})

test('a head whose time has not come, by a clock that went back, goes for nobody', async () => {
  const ledger = await ledgerInMemory(network)
  const [last, ...blocks] = (await blocksAt(ledger, [30, 31, 32, 33, 34, 35, 36, 37, 40])).toReversed()
  expect(await offered(ledger, [last!], last!.time)).toEqual([true])
  const { head } = ledger
  expect(head.header.time).toBe(last!.time)
  expect(await offered(ledger, blocks, begin)).toEqual(Array.from({ length: 8 }, () => true))
  expect(ledger.head).toBe(head)
})

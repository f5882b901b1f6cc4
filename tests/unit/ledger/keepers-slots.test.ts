import { describe, expect, test } from 'vitest'
import { concat, encode, limits, sha256, u32, utf8 } from '../../../src/base/index.ts'
import { auditLeafBytes, auditPathNodes } from '../../../src/content/index.ts'
import { emptyBody, encodeBody, mainFounding, mainNetwork, networkIdOf, signTransaction, transaction, type Audit, type Parameters } from '../../../src/ledger/index.ts'
import { settleKeepers } from '../../../src/ledger/uploads/periods.ts'
import { StateView, keys, mostPicks } from '../../../src/state/index.ts'
import { bonded, kept, realRecord } from '../../support/keepers.ts'
import { TestChain, crowd, must, signatures, somebody } from '../../support/ledger.ts'

/* What keeping takes of a network, and what dropping files comes to. */
const main: Parameters = must(mainNetwork({ time: 1_800_000_000, founders: crowd('founder', mainFounding.hands).map(({ address }) => ({ address, balance: 1, power: mainFounding.power })) }))
const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const most: Audit = { settled: 2 ** 32 - 1, proofs: Array.from({ length: mostPicks }, (_, pick) => ({ pick, bytes: new Uint8Array(auditLeafBytes).fill(255), path: Array.from({ length: auditPathNodes }, () => new Uint8Array(32).fill(255)) })) }

describe('ten thousand keepers of the main network', () => {
  const keepers = 10_000
  const slots = main.keeperPeriod * limits.blockTransactions

  test('show all they are asked for in a tenth of all transactions: one each, in a period', () => {
    const signed = signTransaction({ version: 1, network: networkIdOf('f'.repeat(64)), op: 6, sender: ben.address, nonce: 2n ** 64n - 1n, time: 2 ** 32 - 1, fee: 2 ** 40 - 1, witness: null, profile: null, body: most, stamp: null }, ben.secret, signatures)
    expect(encode(transaction, signed).length).toBeLessThanOrEqual(limits.transactionBytes)
    expect(encodeBody({ ...emptyBody, transactions: Array.from({ length: limits.blockTransactions }, () => signed) }).length).toBeLessThanOrEqual(limits.bodyBytes)
    expect(keepers / slots).toBeLessThanOrEqual(0.1)
  })

  test('take rent in some thousandths of them: what a row remembers, and names, leaves time', () => {
    const remembered = 64 // periods of a row
    expect(keepers / remembered / slots).toBeLessThan(0.002) // of up to 64 uploads each
  })

  test('are settled five in a block, and are fewer than a network may have', () => {
    expect(Math.ceil(keepers / main.keeperPeriod)).toBeLessThanOrEqual(limits.keepersSettled)
  })
})

test('who has dropped a tenth of the files is found out in a period of three', async () => {
  const names = Array.from({ length: 50 }, (_, i) => realRecord(`shelf ${i}`, { rent: { each: 1, periods: 4, wanted: 1 } }))
  let chain = await TestChain.begin({ people: [ann, ben], keeperPeriod: 10, keeperBond: 100, ops: [3, 5, 6] })
  const { nonce } = await chain.state.account(ann)
  for (let at = 0; at < names.length; at += 25) {
    chain = await chain.extend({ transactions: await Promise.all(names.slice(at, at + 25).map(async (record, i) => await chain.transaction(3, ann, record, { nonce: nonce + BigInt(at + i + 1) }))) })
  }
  chain = await chain.extend({ transactions: [await bonded(chain, ben, 100)] })
  chain = await chain.extend({ transactions: [await kept(chain, ben, { accept: { uploads: names.map(({ file: { cid } }) => [cid, ann.address] as const) } })] })
  const dropped = new Set(names.slice(0, 5).map(({ file: { cid } }) => cid))
  const tries = 2_000
  let passed = 0
  for (let i = 0; i < tries; i++) {
    const view = new StateView(chain.state)
    await settleKeepers(view, { number: 10_000, generation: sha256(concat(utf8('generation'), encode(u32, i))), period: 10 })
    const { picks } = (await view.get(keys.keeperNow(ben.address)))!
    expect(picks.length).toBeGreaterThan(0)
    if (!picks.some(({ cid }) => dropped.has(cid))) passed++
  }
  // 0.9^4 = 0.656, of which 2,000 tries stray by a hundredth.
  expect(passed / tries).toBeGreaterThan(0.62)
  expect(passed / tries).toBeLessThan(0.69)
})

import { expect, test } from 'vitest'
import { encode } from '../../../src/base/index.ts'
import { judgeTransactionBytes, transaction, type Header, type Rule, type Transaction } from '../../../src/ledger/index.ts'
import { TestChain, somebody, type Draft } from '../../support/ledger.ts'
import { reshaped } from './rules/case.ts'

/** Cheap rules before dear ones: something that breaks all of them is mended step by step, and each time the next rule is the first that is broken. */
const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const world = await TestChain.begin({ allocations: [{ address: ann.address, balance: 100, power: 5n }], minimumPower: 0 })
const most = 2 ** 40 - 1

test('a transaction', async () => {
  const time = world.parameters.time + 60
  const rich = await TestChain.begin({ allocations: [{ address: ann.address, balance: most, power: 5n }, { address: ben.address, balance: most, power: 0n }] })
  const verdict = async (chain: TestChain, made: Transaction): Promise<Rule | 'kept'> => {
    const judged = await chain.try({ miner: somebody('Cleo'), transactions: [made], time })
    return judged.ok ? 'kept' : judged.rule
  }
  const wrong = { network: world.network, time: time + 16, fee: 1, nonce: 7n, witness: 'ab'.repeat(32), stamp: 0n }
  const made: Transaction = { ...await rich.wiring(ann, ben, most, wrong), signature: new Uint8Array(65) }
  const steps: [Rule | 'kept', Partial<Transaction>][] = [
    ['tx-network', {}], ['tx-early', { network: rich.network }], ['tx-expired', { time: time - 50_000 }], ['tx-fee', { time }], ['stamp-forbidden', { fee: 0 }], ['tx-signature', { stamp: null, fee: 10 }],
  ]
  for (const [rule, mended] of steps) {
    Object.assign(made, mended)
    expect(await verdict(rich, made)).toBe(rule)
  }
  const { time: at, fee } = made
  for (const [rule, fields, amount] of [
    ['tx-nonce', { nonce: 7n, witness: 'ab'.repeat(32) }, most], ['tx-witness', { witness: 'ab'.repeat(32) }, most], ['tx-balance', {}, most], ['amount-range', {}, most - 10], ['kept', {}, 0],
  ] as const) expect(await verdict(rich, amount === 0 ? await rich.message(ann, { time: at, fee }) : await rich.wiring(ann, ben, amount, { time: at, fee, ...fields }))).toBe(rule)
})

test('a stamp is looked at before the signature', async () => {
  const weak = { ...await world.message(ann, { fee: 0, stamp: world.stamped(await world.message(ann), ann, 3).stamp }), signature: new Uint8Array(65) }
  const strong = { ...world.stamped(await world.message(ann), ann), signature: new Uint8Array(65) }
  expect(await world.try({ miner: ann, transactions: [weak] })).toMatchObject({ rule: 'stamp-weak', index: 0 })
  expect(await world.try({ miner: ann, transactions: [strong] })).toMatchObject({ rule: 'tx-signature', index: 0 })
})

test('the shape of a transaction comes before its operation only where it is no DAG-CBOR', async () => {
  const bytes = encode(transaction, await world.message(ann))
  expect(judgeTransactionBytes(reshaped(bytes, { op: 12, fee: -1 }))).toMatchObject({ rule: 'unknown-op' })
  expect(judgeTransactionBytes(reshaped(bytes, { op: '6', fee: -1 }))).toMatchObject({ rule: 'tx-encoding' })
  expect(judgeTransactionBytes(reshaped(bytes, { op: 6 }).subarray(0, -1))).toMatchObject({ rule: 'tx-encoding' })
})

test('a header', async () => {
  const chain = await world.extend({ miner: ann })
  const good = (await chain.block({ miner: ben })).header
  const steps: [Rule, Partial<Header>][] = [
    ['block-network', {
      network: '00'.repeat(8), previousRoot: world.tip.root, number: 5, time: chain.tip.header.time, powerRoot: chain.tip.root, baseTarget: 1n, generation: new Uint8Array(32), difficulty: 1n,
      nonce: 9n, body: 'ab'.repeat(32),
    }],
    ['unknown-parent', { network: good.network }], ['block-number', { previousRoot: good.previousRoot }], ['block-time', { number: good.number }], ['block-signature', { time: chain.tip.header.time + 1 }],
    ['power-root', {}], ['base-target', { powerRoot: good.powerRoot }], ['generation', { baseTarget: good.baseTarget }], ['difficulty', { generation: good.generation }], ['too-young', { difficulty: good.difficulty }],
  ]
  const header: Partial<Header> = {}
  for (const [rule, mended] of steps) {
    Object.assign(header, mended)
    const draft: Draft = { miner: ben, header, signed: rule === 'block-signature' ? { nonce: 8n } : {} }
    expect(await chain.try(draft)).toMatchObject({ ok: false, rule })
  }
})

test('a block whose header is right', async () => {
  const { time } = (await world.block({ miner: ann })).header
  const bad = await world.wiring(ann, ben, 1, { nonce: 9n })
  const records = [Uint8Array.of(1)]
  expect(await world.judge({ ...await world.block({ miner: ann, records, header: { nonce: 9n, time: time - 1 } }), body: new Uint8Array(1) })).toMatchObject({ rule: 'block-due' })
  expect(await world.judge({ ...await world.block({ miner: ann, records, header: { nonce: 9n } }), body: new Uint8Array(1) })).toMatchObject({ rule: 'body-mismatch' })
  expect(await world.try({ miner: ann, body: new Uint8Array(1), header: { nonce: 9n } })).toMatchObject({ rule: 'body-encoding' })
  const stamped = await Promise.all(Array.from({ length: 9 }, async (_, i) => ({ ...await world.message(ann, { fee: 0, stamp: BigInt(i) }) })))
  const former = await TestChain.begin({ ...world.parameters, ops: [1, 2] })
  expect(await former.try({ miner: ann, records, transactions: stamped, header: { nonce: 9n } })).toMatchObject({ rule: 'unknown-record' })
  expect(await world.try({ miner: ann, records, transactions: stamped, header: { nonce: 9n } })).toMatchObject({ rule: 'stamped-excess' })
  expect(await world.try({ miner: ann, records, transactions: [bad], header: { nonce: 9n } })).toMatchObject({ rule: 'block-nonce' })
  expect(await world.try({ miner: ann, records, transactions: [await world.message(ann), bad] })).toMatchObject({ rule: 'tx-nonce', index: 1 })
  expect(await world.try({ miner: ann, records, transactions: [await world.message(ann)] })).toMatchObject({ rule: 'record-encoding', index: 0 })
})

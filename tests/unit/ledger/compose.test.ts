import { expect, test } from 'vitest'
import { encode, loadSecp256k1 } from '../../../src/base/index.ts'
import {
  bodyId, childRules, encodeBody, header, localNetwork, signHeader, signTransaction, turnAfter, type Ledger, type Parameters, type Transaction, type UnsignedHeader, type UnsignedTransaction,
} from '../../../src/ledger/index.ts'
import { grow, late, take } from '../../support/branches.ts'
import { keyOf, ledgerInMemory, transact, type Key } from '../../support/mine.ts'

const network: Parameters = { ...localNetwork(1_700_000_000), epoch: 5, activeWindow: 20 }
const signatures = await loadSecp256k1()

/** What a block of `miner` on the head says, at the first time anybody may make one. */
async function drafted(ledger: Ledger, miner: Key): Promise<Omit<UnsignedHeader, 'body'>> {
  const { head, chain, parameters } = ledger
  const { power } = await ledger.account(miner.address, childRules(chain, head, parameters).powerRoot)
  const { mined } = await ledger.account(miner.address)
  const { body: _, ...rest } = turnAfter(chain, head, { publicKey: miner.publicKey, power }, ledger.network, parameters)!.header({ time: head.header.time + parameters.rescue, nonce: mined + 1n, profile: null, body: '00'.repeat(32) })
  return rest
}

function signed(sender: Key, transaction: Transaction, fields: Partial<UnsignedTransaction>): Transaction {
  const { signature: _, ...rest } = transaction
  return signTransaction({ ...rest, ...fields } as UnsignedTransaction, sender.secret, signatures)
}

test('a body has what can be executed, in the order given, and its block is valid', async () => {
  const ledger = await ledgerInMemory(network)
  const [block] = await grow(ledger, 2)
  await grow(ledger, 2)
  const { miner: rich } = block!
  const poor = await keyOf('poor')
  const time = ledger.head.header.time
  const pay = async (sender: Key, amount: number): Promise<Transaction> => await transact(ledger, sender, { op: 1, body: { to: poor.address, amount } }, time)
  const first = await pay(rich, 5)
  const second = signed(rich, await pay(rich, 2), { nonce: first.nonce + 1n })
  const dear = signed(rich, await pay(rich, 2 ** 39), { nonce: second.nonce + 1n })
  const afterDear = signed(rich, await pay(rich, 1), { nonce: dear.nonce + 1n })
  const spent = signed(poor, await pay(poor, 3), {})
  const broke = await pay(await keyOf('broke'), 1)
  const stranger = { ...signed(rich, await pay(rich, 1), { nonce: second.nonce + 1n }), signature: first.signature }
  const draft = await drafted(ledger, rich)
  const body = await ledger.compose(ledger.head.root, { header: draft, candidates: [spent, broke, second, first, second, spent, dear, afterDear, stranger] })
  expect(body.transactions).toEqual([first, second, spent])
  const bytes = encodeBody(body)
  const sealed = encode(header, signHeader({ ...draft, body: bodyId(bytes) }, rich.secret, signatures))
  expect(await ledger.offer(sealed, bytes, late)).toMatchObject({ ok: true })
  expect(ledger.head.header.body).toBe(bodyId(bytes))
})

test('what it composes on is any kept state, and composing changes none', async () => {
  const ledger = await ledgerInMemory(network)
  const [block] = await grow(ledger, 1)
  const { root } = ledger.head
  const payment = await transact(ledger, block!.miner, { op: 1, body: { to: (await keyOf('other')).address, amount: 5 } }, ledger.head.header.time)
  const draft = await drafted(ledger, block!.miner)
  const blocks = await grow(ledger, 1)
  expect((await ledger.compose(root, { header: draft, candidates: [payment] })).transactions).toEqual([payment])
  expect(await ledger.account((await keyOf('other')).address)).toMatchObject({ balance: 0 })
  const beside = await ledgerInMemory(network)
  await take(beside, [block!, ...blocks])
  expect(beside.head.root).toBe(ledger.head.root)
  await expect(ledger.compose('00'.repeat(32), { header: draft, candidates: [] })).rejects.toMatchObject({ code: 'not-found' })
  await expect(ledger.compose(root, { header: { ...draft, nonce: 7n }, candidates: [] })).rejects.toMatchObject({ code: 'bad-input' })
})

test('no more go in than a block takes', async () => {
  const ledger = await ledgerInMemory({ ...network, stampBits: 0, stampedPerBlock: 3 })
  const [block] = await grow(ledger, 1)
  const { miner } = block!
  const time = ledger.head.header.time
  const say = async (nonce: bigint, sender: Key, fields: Partial<UnsignedTransaction> = {}): Promise<Transaction> => signed(sender, await transact(ledger, sender, { op: 2, body: { thread: null, message: '{}', attachment: null } }, time), { nonce, ...fields })
  const draft = await drafted(ledger, miner)
  const paid = await Promise.all(Array.from({ length: 60 }, async (_, i) => await say(BigInt(i + 1), miner)))
  expect((await ledger.compose(ledger.head.root, { header: draft, candidates: paid })).transactions).toEqual(paid.slice(0, 50))
  const stamped = await Promise.all(Array.from({ length: 5 }, async (_, i) => await say(1n, await keyOf(`stamper ${i}`), { fee: 0, stamp: 1n })))
  expect((await ledger.compose(ledger.head.root, { header: draft, candidates: [...stamped, paid[0]!] })).transactions).toEqual([...stamped.slice(0, 3), paid[0]])
})

test('headers, bodies, roots and states are found by their ids', async () => {
  const ledger = await ledgerInMemory(network)
  const [block] = await grow(ledger, 3)
  const { head } = ledger
  expect(await ledger.find(head.header.body)).toEqual(block!.body)
  expect(await ledger.find(head.id)).toEqual(encode(header, head.header))
  const { bytes, state } = { bytes: await ledger.find(head.root), state: ledger.position(head.root)!.state }
  expect(bytes).not.toBeNull()
  expect(await ledger.find(state)).toEqual((await ledger.below(head.root, ['']))[0])
  expect([await ledger.find('00'.repeat(32)), ledger.position('00'.repeat(32))]).toEqual([null, null])
  await expect(ledger.below(head.root, Array.from({ length: 257 }, () => ''))).rejects.toMatchObject({ code: 'too-many' })
  await expect(ledger.below('00'.repeat(32), [''])).rejects.toMatchObject({ code: 'not-found' })
})

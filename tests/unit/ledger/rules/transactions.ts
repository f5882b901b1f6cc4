import { encode } from '../../../../src/base/index.ts'
import { judgeTransactionBytes, transaction, type Transaction, type Verdict } from '../../../../src/ledger/index.ts'
import { linkTo } from '../../../support/dag-cbor.ts'
import { TestChain, crowd, somebody } from '../../../support/ledger.ts'
import { jsonOf, reshaped, type Case, type Cases } from './case.ts'

const [ann, ben, cleo] = [somebody('Ann'), somebody('Ben'), somebody('Cleo')]
const world = await (await TestChain.begin({ people: [ann, ben] })).extend()
const most = 2 ** 40 - 1

const wire = await world.wiring(ann, ben, 1)
const say = await world.message(ann)
const call = await world.profile(ann, '{"TAU":"Ann"}')
const bytesOf = (value: Transaction): Uint8Array => encode(transaction, value)

const inBlock = async (...transactions: readonly Transaction[]): Promise<Verdict<unknown>> => await world.try({ transactions })

/** Members of a transaction as they may be and may not be. */
function shape(limit: string, of: Transaction, good: Readonly<Record<string, unknown>>, bad: Readonly<Record<string, unknown>>): Case {
  return { limit, keeps: () => judgeTransactionBytes(reshaped(bytesOf(of), good)), breaks: () => judgeTransactionBytes(reshaped(bytesOf(of), bad)) }
}

const message = (text: unknown) => ({ body: { thread: null, message: text, attachment: null } })
const amount = (coins: unknown) => ({ body: { to: new Uint8Array(20), amount: coins } })
const receiver = (bytes: number) => ({ body: { to: new Uint8Array(bytes), amount: 1 } })
const attachment = (members: Readonly<Record<string, unknown>>) => ({ body: { thread: null, message: '{}', attachment: { root: linkTo('ab'.repeat(32)), size: 1, cid: new Uint8Array(32), infohash: new Uint8Array(20), ...members } } })

/** A transaction of a time so far from the block's. */
const ofAge = async (seconds: number): Promise<Verdict<unknown>> => {
  const time = world.tip.header.time + 50_000
  return await world.try({ time, transactions: [await world.wiring(ann, ben, 1, { time: time - seconds })] })
}

const withNonce = async (nonce: bigint): Promise<Verdict<unknown>> => {
  const chain = await world.extend({ transactions: [wire] })
  return await chain.try({ transactions: [await chain.wiring(ann, ben, 1, { nonce })] })
}

/** A reply to message `of` Ann, where her first transaction is a message, her second a transfer. */
const reply = async (sender: typeof ann, to: typeof ann, of: bigint): Promise<Verdict<unknown>> => {
  const first = await world.extend({ transactions: [say] })
  const chain = await first.extend({ transactions: [await first.wiring(ann, ben, 1)] })
  return await chain.try({ transactions: [await chain.message(sender, {}, { thread: { address: to.address, nonce: of } })] })
}

const witnessed = async (blocksBack: number): Promise<Verdict<unknown>> => {
  const chain = await world.grow(world.parameters.range + 2)
  const witness = chain.at(chain.tip.header.number + 1 - blocksBack).tip.root
  return await chain.try({ transactions: [await chain.wiring(ann, ben, 1, { witness })] })
}

/** Transfers to somebody who holds so much already. */
const toRich = async (held: number, coins: number): Promise<Verdict<unknown>> => {
  const chain = await TestChain.begin({ reward: 0, allocations: [{ address: ann.address, balance: 1_000, power: 0n }, { address: cleo.address, balance: held, power: 0n }] })
  return await chain.try({ transactions: [await chain.wiring(ann, cleo, coins)] })
}

/** A transfer to oneself by somebody who holds all there can be. */
const toOneself = async (coins: number): Promise<Verdict<unknown>> => {
  const chain = await TestChain.begin({ reward: 0, people: [ann], coins: most })
  return await chain.try({ transactions: [await chain.wiring(ann, ann, coins)] })
}

/** Two fees in one block, with a reward beside them, of people who hold what only a large reward can have made. */
const feesOf = async (first: number, second: number): Promise<Verdict<unknown>> => {
  const chain = await TestChain.begin({ reward: 100, allocations: [ann, ben].map(({ address }) => ({ address, balance: most, power: 0n })) })
  return await chain.try({ transactions: [await chain.message(ann, { fee: first }), await chain.message(ben, { fee: second })] })
}

/** The order of the group: a signature (r, s) has a twin (r, n - s) with the other v. */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

function twin(signature: Uint8Array): Uint8Array {
  const s = order - BigInt(`0x${Buffer.from(signature.subarray(32, 64)).toString('hex')}`)
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex'), Uint8Array.of(1 - (signature[64] ?? 0))])
}

const signedWith = (change: (signature: Uint8Array) => Uint8Array): Case => ({
  limit: '', keeps: async () => await inBlock(wire), breaks: async () => await inBlock({ ...wire, signature: change(wire.signature.slice()) }),
})

const otherwise = await TestChain.begin({ people: [ann, ben], ops: [1, 2] })

export const transactionCases = {
  'tx-encoding': [
    shape('version 1', wire, { version: 1 }, { version: 2 }),
    shape('a network of 8 bytes', wire, { network: new Uint8Array(8) }, { network: new Uint8Array(9) }),
    shape('a sender of 20 bytes', wire, { sender: new Uint8Array(20) }, { sender: new Uint8Array(21) }),
    shape('a nonce of 64 bits', wire, { nonce: 2n ** 64n - 1n }, { nonce: -1 }),
    shape('a time of 32 bits', wire, { time: 2 ** 32 - 1 }, { time: 2 ** 32 }),
    shape('a fee of 40 bits', wire, { fee: most }, { fee: most + 1 }),
    shape('a fee that is no float', wire, { fee: 1 }, { fee: 1.5 }),
    shape('a witness that is a link', wire, { witness: null }, { witness: new Uint8Array(32) }),
    shape('a stamp of 64 bits', say, { stamp: 2n ** 64n - 1n }, { stamp: '1' }),
    shape('a signature of 65 bytes', wire, { signature: new Uint8Array(65) }, { signature: new Uint8Array(64) }),
    shape('every member', wire, {}, { witness: undefined }),
    shape('no other member', wire, {}, { memo: null }),
    shape('a profile of 1,024 bytes', wire, { profile: jsonOf(1024) }, { profile: jsonOf(1025) }),
    shape('a profile of 1,024 bytes, in letters of several', wire, { profile: `{"a":"${'ü'.repeat(508)}"}` }, { profile: `{"a":"${'ü'.repeat(509)}"}` }),
    shape('a profile that is an object', wire, { profile: '{}' }, { profile: '[]' }),
    shape('a profile that is no null in JSON', wire, { profile: null }, { profile: 'null' }),
    shape('a profile that is JSON', wire, { profile: '{"a":1}' }, { profile: '{a:1}' }),
    shape('a profile without a byte order mark', wire, { profile: ' {}' }, { profile: '\ufeff{}' }),
    shape('a message of 1,024 bytes', say, message(jsonOf(1024)), message(jsonOf(1025))),
    shape('a message that is an object', say, message('{}'), message('[{}]')),
    shape('a message that is no null in JSON', say, message('{"a":null}'), message('null')),
    shape('a message at all', say, message('{}'), message(null)),
    shape('a thread of an address and a nonce', say, { body: { thread: { address: new Uint8Array(20), nonce: 0 }, message: '{}', attachment: null } }, { body: { thread: { address: new Uint8Array(20) }, message: '{}', attachment: null } }),
    shape('an attachment of a byte', say, attachment({}), attachment({ size: 0 })),
    shape('an attachment of 64 GiB', say, attachment({ size: 2 ** 36 }), attachment({ size: 2 ** 36 + 1 })),
    shape('an infohash of 20 bytes', say, attachment({}), attachment({ infohash: new Uint8Array(19) })),
    shape('an amount of 1', wire, amount(1), amount(0)),
    shape('an amount of 40 bits', wire, amount(most), amount(most + 1)),
    shape('a receiver of 20 bytes', wire, receiver(20), receiver(19)),
    shape('a receiver of 20 bytes and no more', wire, receiver(20), receiver(21)),
    shape('a receiver of 32 bytes', wire, receiver(32), receiver(31)),
    shape('a receiver of 32 bytes and no more', wire, receiver(32), receiver(33)),
    shape('a box of 32 bytes', call, { body: { profile: '{}', box: new Uint8Array(32) } }, { body: { profile: '{}', box: new Uint8Array(31) } }),
    shape('the body of its operation', say, {}, amount(1)),
    { limit: 'its last byte', keeps: () => judgeTransactionBytes(bytesOf(wire)), breaks: () => judgeTransactionBytes(bytesOf(wire).subarray(0, -1)) },
    { limit: 'no byte after it', keeps: () => judgeTransactionBytes(bytesOf(wire)), breaks: () => judgeTransactionBytes(Buffer.concat([bytesOf(wire), Uint8Array.of(0)])) },
    { limit: 'any byte', keeps: () => judgeTransactionBytes(bytesOf(wire)), breaks: () => judgeTransactionBytes(new Uint8Array()) },
  ],
  'unknown-op': [
    ...[0, 11, 12, 23, 24, 1000, -1].map(op => shape(`operation ${String(op)}`, wire, { op: 1 }, { op })),
    {
      limit: 'an operation the network has',
      keeps: async () => await otherwise.try({ transactions: [await otherwise.message(ann)] }),
      breaks: async () => await otherwise.try({ transactions: [await otherwise.profile(ann, '{}')] }),
    },
  ],
  'tx-network': [{ limit: 'its own network', keeps: async () => await inBlock(wire), breaks: async () => await inBlock(await world.wiring(ann, ben, 1, { network: otherwise.network })) }],
  'tx-early': [{ limit: '15 s ahead', keeps: async () => await ofAge(-15), breaks: async () => await ofAge(-16) }],
  'tx-expired': [{ limit: '43,200 s', keeps: async () => await ofAge(43_200), breaks: async () => await ofAge(43_201) }],
  'tx-fee': [
    { limit: 'the least fee', keeps: async () => await inBlock(await world.wiring(ann, ben, 1, { fee: 10 })), breaks: async () => await inBlock(await world.wiring(ann, ben, 1, { fee: 9 })) },
    {
      limit: 'no fee beside a stamp',
      keeps: async () => await inBlock(world.stamped(say, ann)),
      breaks: async () => await inBlock(await world.message(ann, { fee: 1, stamp: world.stamped(say, ann).stamp })),
    },
    { limit: 'no least fee beside a stamp', keeps: async () => await inBlock(world.stamped(say, ann)), breaks: async () => await inBlock(await world.message(ann, { fee: 10, stamp: 0n })) },
  ],
  'stamp-forbidden': [
    { limit: 'a stamp on a message', keeps: async () => await inBlock(world.stamped(say, ann)), breaks: async () => await inBlock(world.stamped(wire, ann)) },
    { limit: 'a stamp on a profile', keeps: async () => await inBlock(world.stamped(call, ann)), breaks: async () => await inBlock(world.stamped(wire, ann)) },
  ],
  'stamp-weak': [
    { limit: 'so many bits', keeps: async () => await inBlock(world.stamped(say, ann, 6)), breaks: async () => await inBlock(world.stamped(say, ann, 5)) },
    {
      limit: 'a stamp of this transaction',
      keeps: async () => await inBlock(await world.message(ann, { fee: 0, stamp: world.stamped(say, ann).stamp })),
      breaks: async () => await inBlock(await world.message(ann, { fee: 0, stamp: world.stamped(say, ann).stamp, time: say.time - 1 })),
    },
  ],
  'tx-signature': [
    { ...signedWith(twin), limit: 's in the lower half' },
    { ...signedWith(signature => signature.with(64, (signature[64] ?? 0) + 2)), limit: 'v of 0 or 1' },
    { ...signedWith(signature => signature.with(64, 1 - (signature[64] ?? 0))), limit: 'the v it was made with' },
    { ...signedWith(signature => signature.fill(0)), limit: 'a signature at all' },
    { ...signedWith(signature => signature.fill(0xff, 0, 32)), limit: 'an r there is' },
    { limit: 'of its sender', keeps: async () => await inBlock(wire), breaks: async () => await inBlock({ ...wire, sender: ben.address }) },
    { limit: 'by its sender', keeps: async () => await inBlock(wire), breaks: async () => await inBlock(await world.wiring({ ...ann, secret: ben.secret }, ben, 1)) },
    { limit: 'of these words', keeps: async () => await inBlock(wire), breaks: async () => await inBlock({ ...wire, fee: 11 }) },
  ],
  'tx-nonce': [
    { limit: 'not one before', keeps: async () => await withNonce(2n), breaks: async () => await withNonce(1n) },
    { limit: 'not one after', keeps: async () => await withNonce(2n), breaks: async () => await withNonce(3n) },
    { limit: 'not the first', keeps: async () => await withNonce(2n), breaks: async () => await withNonce(0n) },
    { limit: 'once in a block', keeps: async () => await inBlock(wire, await world.wiring(ann, ben, 1, { nonce: 2n })), breaks: async () => await inBlock(wire, wire) },
    { limit: 'in order', keeps: async () => await inBlock(wire, await world.wiring(ann, ben, 1, { nonce: 2n })), breaks: async () => await inBlock(await world.wiring(ann, ben, 1, { nonce: 2n }), wire) },
    { limit: '1 of an unknown account', keeps: async () => await inBlock(world.stamped(await world.message(cleo), cleo)), breaks: async () => await inBlock(world.stamped(await world.message(cleo, { nonce: 0n }), cleo)) },
  ],
  'tx-witness': [
    { limit: 'a root of the mutable range', keeps: async () => await witnessed(20), breaks: async () => await witnessed(21) },
    { limit: 'a root of this chain', keeps: async () => await inBlock(await world.wiring(ann, ben, 1, { witness: world.tip.root })), breaks: async () => await inBlock(await world.wiring(ann, ben, 1, { witness: 'ab'.repeat(32) })) },
    {
      limit: 'a root of this side of a fork',
      keeps: async () => await inBlock(await world.wiring(ann, ben, 1, { witness: world.at(0).tip.root })),
      breaks: async () => await inBlock(await world.wiring(ann, ben, 1, { witness: (await world.at(0).extend({ miner: ben })).tip.root })),
    },
  ],
  'tx-balance': [
    { limit: 'amount and fee', keeps: async () => await inBlock(await world.wiring(ann, ben, 999_990)), breaks: async () => await inBlock(await world.wiring(ann, ben, 999_991)) },
    { limit: 'amount and fee, to oneself', keeps: async () => await inBlock(await world.wiring(ann, ann, 999_990)), breaks: async () => await inBlock(await world.wiring(ann, ann, 999_991)) },
    { limit: 'a fee alone', keeps: async () => await inBlock(await world.message(ann, { fee: 1_000_000 })), breaks: async () => await inBlock(await world.message(ann, { fee: 1_000_001 })) },
    { limit: 'of one who has nothing', keeps: async () => await inBlock(world.stamped(await world.message(cleo), cleo)), breaks: async () => await inBlock(await world.message(cleo)) },
    {
      limit: 'what came in the same block, and not later',
      keeps: async () => await inBlock(await world.wiring(ann, cleo, 50), await world.wiring(cleo, ben, 40)),
      breaks: async () => await inBlock(await world.wiring(cleo, ben, 40), await world.wiring(ann, cleo, 50)),
    },
    { limit: 'what a block brings, in the next one', keeps: async () => await (await world.extend({ miner: cleo })).try({ transactions: [await world.message(cleo)] }), breaks: async () => await world.try({ miner: cleo, transactions: [await world.message(cleo)] }) },
  ],
  'amount-range': [
    { limit: 'what a receiver may hold', keeps: async () => await toRich(most - 5, 5), breaks: async () => await toRich(most - 5, 6) },
    {
      limit: 'what a Factoid address may hold',
      keeps: async () => await toFactoid(most - 100), breaks: async () => await toFactoid(most - 99),
    },
    { limit: 'what one holds already may be more than half of it', keeps: async () => await toOneself(most - 10), breaks: async () => await toRich(most - 5, 6) },
    { limit: 'what a miner may hold', keeps: async () => await minedBy(most - 1_000), breaks: async () => await minedBy(most - 999) },
    { limit: 'what the next miner may be paid', keeps: async () => await feesOf(most - 200, 100), breaks: async () => await feesOf(most - 200, 101) },
  ],
  'thread-unknown': [
    { limit: 'a message there is', keeps: async () => await reply(ben, ann, 1n), breaks: async () => await reply(ben, ann, 3n) },
    { limit: 'a message, not a transfer', keeps: async () => await reply(ben, ann, 1n), breaks: async () => await reply(ben, ann, 2n) },
    { limit: 'one of somebody', keeps: async () => await reply(ben, ann, 1n), breaks: async () => await reply(ben, cleo, 1n) },
    { limit: 'its own nonce', keeps: async () => await reply(ann, ann, 3n), breaks: async () => await reply(ann, ann, 4n) },
    { limit: 'its own nonce, not that of a transfer', keeps: async () => await reply(ann, ann, 1n), breaks: async () => await reply(ann, ann, 2n) },
    {
      limit: 'said before, if in the same block',
      keeps: async () => await inBlock(say, await world.message(ben, {}, { thread: { address: ann.address, nonce: 1n } })),
      breaks: async () => await inBlock(await world.message(ben, {}, { thread: { address: ann.address, nonce: 1n } }), say),
    },
  ],
} satisfies Cases

/** A block by somebody who holds so much, on a network whose reward is 1,000. */
async function minedBy(held: number): Promise<Verdict<unknown>> {
  const rich = somebody('a rich miner')
  return await (await TestChain.begin({ miner: rich, people: [rich], coins: held })).try({})
}

/** A transfer of so much to a Factoid address that holds 100 already. */
async function toFactoid(coins: number): Promise<Verdict<unknown>> {
  const [first, second] = crowd('rich', 2)
  if (first === undefined || second === undefined) throw new Error('nobody')
  const to = 'fa'.repeat(32)
  const begun = await TestChain.begin({ reward: 0, allocations: [{ address: first.address, balance: 110, power: 0n }, { address: second.address, balance: most, power: 0n }] })
  const chain = await begun.extend({ transactions: [await begun.wiring(first, to, 100)] })
  return await chain.try({ transactions: [await chain.wiring(second, to, coins)] })
}

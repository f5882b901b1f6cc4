import * as fc from 'fast-check'
import { encodeBody, signTransaction, type Body, type Header, type Parameters, type Transaction, type UnsignedTransaction } from '../../../src/ledger/index.ts'
import { crowd, signatures, type TestChain, type Block, type Draft, type Somebody } from '../../support/ledger.ts'

/** Random lives of small ledgers: what people want, told without knowing the state, and how that becomes blocks on a chain. */
export const people = crowd('model', 6)
const factoids = ['00'.repeat(32), 'fa'.repeat(32)]
const most = 2 ** 40 - 1

const index = fc.nat({ max: people.length - 1 })
/** Null three times of four. */
const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value })
/** One of these, as often as it says. */
const often = <T>(...choices: readonly (readonly [number, T])[]): fc.Arbitrary<T> => fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })))
const json = fc.oneof(
  fc.constantFrom('{}', '{"TAU":"x"}', '{"__proto__":{"relay":["/a"]}}', '{"relay":"/a"}', ' {"relay":[]} '),
  fc.array(fc.oneof(fc.constantFrom('/dns/a', '', '\ud800', '\ufeff/dns/a', 'ü'.repeat(129), 'x'.repeat(256)), fc.string({ unit: 'grapheme', maxLength: 12 }), fc.nat()), { maxLength: 10 })
    .map(relay => JSON.stringify({ relay })).filter(text => Buffer.byteLength(text) <= 1024),
)

const wish = fc.record({
  sender: index,
  op: fc.constantFrom(1, 1, 1, 2, 2, 7),
  to: fc.oneof(index, fc.nat({ max: 1 }).map(i => -1 - i)),
  /** A share of what the sender has, or an amount. */
  share: often([3, 0], [2, 0.0001], [2, 0.1], [1, 0.5], [1, 1]),
  amount: often([9, 1], [9, 2], [1, 1_000], [1, most]),
  fee: often([6, 0], [2, 1], [1, 500]),
  stamped: often([7, false], [1, true]),
  age: often([9, 0], [1, -15], [1, 43_200]),
  witness: rarely(often([20, 0], [4, 1], [2, 3], [1, 8])),
  profile: rarely(json),
  text: json,
  /** How many transactions before, whose: null opens a thread. */
  thread: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.record({ of: index, back: fc.nat({ max: 3 }) }) }),
  box: rarely(fc.constantFrom('0b'.repeat(32), 'f0'.repeat(32))),
  attached: fc.boolean(),
})
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never

/** One place of a block that is not as it should be, before or after it is signed. */
const flaw = fc.oneof(
  fc.record({ of: fc.constant('header' as const), signed: fc.boolean(), field: fc.constantFrom('network', 'number', 'time', 'previousRoot', 'powerRoot', 'baseTarget', 'difficulty', 'generation', 'miner', 'nonce', 'profile', 'body', 'signature'), by: fc.constantFrom(-1, 1, 7) }),
  fc.record({ of: fc.constant('transaction' as const), signed: fc.boolean(), field: fc.constantFrom('network', 'sender', 'nonce', 'time', 'fee', 'witness', 'stamp', 'profile', 'body', 'signature'), by: fc.constantFrom(-1, 1, 20), which: fc.nat({ max: 9 }) }),
  fc.record({ of: fc.constant('list' as const), how: fc.constantFrom('drop', 'double', 'swap', 'record'), which: fc.nat({ max: 9 }) }),
  fc.record({ of: fc.constant('bytes' as const), at: fc.nat({ max: 4000 }), by: fc.integer({ min: 1, max: 255 }) }),
)
type Flaw = typeof flaw extends fc.Arbitrary<infer T> ? T : never

const plan = fc.record({
  miner: index,
  /** Seconds after the rescue, or the miner's own turn. */
  late: fc.constantFrom(null, 0, 1, 100, 40_000),
  profile: rarely(json),
  wishes: fc.array(wish, { maxLength: 6 }),
  flaw: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: flaw }),
})
export type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

const network: fc.Arbitrary<Partial<Parameters>> = fc.record({
  /** With a rescue of 60 s: always too slow, about as it should be, too quick. */
  blockTime: fc.constantFrom(10, 60, 100),
  minimumPower: often([3, 1], [1, 0]), reward: often([3, 0], [3, 1_000], [1, 2 ** 38]), powerSenders: fc.constantFrom(1, 3, 8), stampedPerBlock: often([1, 0], [2, 1], [4, 8]), epoch: fc.constantFrom(1, 2, 3),
  range: often([1, 1], [2, 3], [4, 20]), minimumFee: fc.constantFrom(1, 10), stampBits: fc.constantFrom(0, 4), ops: often([7, [1, 2, 7]], [1, [1, 2]]),
  allocations: fc.tuple(...people.map(({ address }) => fc.record({ address: fc.constant(address), balance: often([1, 0], [1, 30], [9, 1_000_000], [1, most - 5], [1, most]), power: often([1, 0n], [3, 1n], [1, 40n]) }))),
})

export const life = fc.record({ network, plans: fc.array(plan, { minLength: 1, maxLength: 8 }) })

const person = (i: number): Somebody => {
  const found = people[i]
  if (found === undefined) throw new Error('nobody')
  return found
}

/** What somebody wants, as a transaction that is valid as far as the wish goes. */
async function fulfil(chain: TestChain, wanted: Wish, before: readonly Transaction[], time: number): Promise<Transaction> {
  const sender = person(wanted.sender)
  const own = before.filter(each => each.sender === sender.address)
  const { balance, nonce: at } = await chain.state.account(sender)
  const nonce = at + BigInt(own.length) + 1n
  const fee = chain.parameters.minimumFee + wanted.fee
  const left = own.reduce((rest, each) => rest - each.fee - (each.op === 1 ? each.body.amount : 0), balance) - fee
  const fields = { nonce, fee, time: Math.max(0, time - wanted.age), profile: wanted.profile, witness: wanted.witness === null ? null : chain.at(Math.max(0, chain.tip.header.number - wanted.witness)).tip.root }
  const made = await make(chain, wanted, sender, Math.max(1, wanted.share === 0 ? wanted.amount : Math.floor(left * wanted.share)), fields)
  return wanted.stamped && wanted.op !== 1 ? chain.stamped(made, sender) : made
}

async function make(chain: TestChain, { op, to, text, box, thread, attached }: Wish, sender: Somebody, amount: number, fields: Partial<UnsignedTransaction>): Promise<Transaction> {
  if (op === 1) return await chain.wiring(sender, to < 0 ? factoids[-1 - to] ?? '' : person(to), amount, fields)
  if (op === 7) return await chain.profile(sender, text, fields, box)
  const of = thread === null ? null : person(thread.of)
  return await chain.message(sender, fields, {
    message: text,
    thread: of === null || thread === null ? null : { address: of.address, nonce: BigInt.asUintN(64, (await chain.state.account(of)).nonce + 1n - BigInt(thread.back)) },
    attachment: attached ? { root: 'aa'.repeat(32), size: 5, cid: 'bb'.repeat(32), infohash: 'cc'.repeat(20) } : null,
  })
}

/** The next block of a chain, as planned. */
export async function blockOf(chain: TestChain, { miner: i, late, profile, wishes, flaw: wrong }: Plan): Promise<Block> {
  const miner = person(i)
  const time = late === null ? 'deadline' : chain.tip.header.time + chain.parameters.rescue + late
  const at = (await chain.block({ miner, time })).header.time
  const transactions: Transaction[] = []
  for (const wanted of wishes) transactions.push(await fulfil(chain, wanted, transactions, at))
  if (wrong === null) return await chain.block({ miner, time, profile, transactions })
  if (wrong.of === 'header') return await withHeader(chain, { miner, time, profile, transactions }, wrong)
  const body: Body = { transactions: wrong.of === 'transaction' ? spoilt(transactions, wrong) : wrong.of === 'list' ? rearranged(transactions, wrong) : transactions, records: wrong.of === 'list' && wrong.how === 'record' ? [Uint8Array.of(7)] : [], attachments: [] }
  const bytes = encodeBody(body)
  if (wrong.of === 'bytes') bytes[wrong.at % bytes.length] = (bytes[wrong.at % bytes.length] ?? 0) ^ wrong.by
  return await chain.block({ miner, time, profile, body: bytes })
}

async function withHeader(chain: TestChain, draft: Draft, { signed, field, by }: Extract<Flaw, { of: 'header' }>): Promise<Block> {
  const good = await chain.block(draft)
  const changed = { [field]: off(field, good.header[field], by) } as Partial<Header>
  if (signed || field === 'signature') return { ...good, header: { ...good.header, ...changed } }
  return await chain.block({ ...draft, header: changed })
}

function spoilt(transactions: readonly Transaction[], { signed, field, by, which }: Extract<Flaw, { of: 'transaction' }>): readonly Transaction[] {
  const at = which % Math.max(1, transactions.length)
  const good = transactions[at]
  if (good === undefined) return transactions
  const body = good.op === 1 ? { ...good.body, amount: Math.max(1, Math.min(most, good.body.amount + by)) } : good.op === 2 ? { ...good.body, message: '{"other":1}' } : { ...good.body, box: 'aa'.repeat(32) }
  const changed = { ...good, [field]: field === 'body' ? body : off(field, good[field], by) } as Transaction
  if (signed || field === 'signature') return transactions.with(at, changed)
  const { signature: _, ...unsigned } = changed
  const sender = people.find(({ address }) => address === good.sender)
  return sender === undefined ? transactions : transactions.with(at, signTransaction(unsigned, sender.secret, signatures))
}

function rearranged(transactions: readonly Transaction[], { how, which }: Extract<Flaw, { of: 'list' }>): readonly Transaction[] {
  const at = which % Math.max(1, transactions.length)
  const here = transactions[at]
  if (here === undefined || how === 'record') return transactions
  if (how === 'drop') return transactions.toSpliced(at, 1)
  if (how === 'double') return transactions.toSpliced(at, 0, here)
  return [here, ...transactions.toSpliced(at, 1)]
}

/** Something else of the same shape. */
function off(field: string, value: unknown, by: number): unknown {
  if (typeof value === 'number') return Math.max(0, value + by)
  if (typeof value === 'bigint' || field === 'stamp') return BigInt.asUintN(64, (value as bigint | null ?? 0n) + BigInt(by))
  if (value instanceof Uint8Array) return value.map((byte, i) => i === (by + value.length) % value.length ? byte ^ 1 : byte)
  if (field === 'profile') return '{"spoilt":true}'
  if (field === 'sender' || field === 'miner') return person(by === 1 ? 0 : 3).address
  const text = value as string | null ?? '0'.repeat(64)
  return `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`
}

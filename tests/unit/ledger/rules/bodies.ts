import { concat, decodeCbor, encode, encodeCbor, sha256, toHex, utf8 } from '../../../../src/base/index.ts'
import { bodyId, judgeBodyBytes, ops, transaction, type Transaction, type Verdict } from '../../../../src/ledger/index.ts'
import { TestChain, crowd, must, somebody } from '../../../support/ledger.ts'
import { reshaped, type Case, type Cases } from './case.ts'

const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const people = crowd('sailor', 51)
const world = await (await TestChain.begin({ people: [ann, ben, ...people] })).extend()
const former = await TestChain.begin({ ops: [1, 2, 7] })
const transactions = await Promise.all(people.map(async sailor => await world.message(sailor)))
const stamped = await Promise.all(people.slice(0, 9).map(async sailor => world.stamped(await world.message(sailor), sailor)))
const wire = await world.wiring(ann, ben, 1)

const judged = (bytes: Uint8Array): Verdict<unknown> => judgeBodyBytes(bytes, bodyId(bytes))

/** A body of these items, however many there are. */
function made(items: readonly Transaction[], members: Readonly<Record<string, unknown>> = {}): Uint8Array<ArrayBuffer> {
  return encodeCbor({ transactions: items.map(item => must(decodeCbor(encode(transaction, item)))), records: [], attachments: [], ...members })
}

function shape(limit: string, good: Uint8Array, bad: Uint8Array): Case {
  return { limit, keeps: () => judged(good), breaks: () => judged(bad) }
}

/** Records that bring a body to so many bytes. */
function sized(bytes: number): Uint8Array<ArrayBuffer> {
  const records = Array.from({ length: 51 }, () => new Uint8Array(10_100))
  const rest = bytes - made([], { records: [...records, new Uint8Array(256)] }).length + 256
  return made([], { records: [...records, new Uint8Array(rest)] })
}

const record = new Uint8Array([1])
const operation = (op: number): Uint8Array => made([], { transactions: [must(decodeCbor(encode(transaction, wire))), must(decodeCbor(reshaped(encode(transaction, wire), { op })))] })

/** A block while transfers bring their receivers so many coins too many. */
async function falseCoins(coins: number): Promise<Verdict<unknown>> {
  const wiring: { apply: typeof ops[1]['apply'] } = ops[1]
  const { apply } = wiring
  wiring.apply = async (body, context) => { await apply({ ...body, amount: body.amount + coins }, context) }
  try { return await world.try({ transactions: [await world.wiring(ann, ben, 5)] }) } finally { wiring.apply = apply }
}

export const bodyCases = {
  'body-encoding': [
    shape('50 transactions', made(transactions.slice(0, 50)), made(transactions)),
    shape('64 records', made([], { records: Array.from({ length: 64 }, () => record) }), made([], { records: Array.from({ length: 65 }, () => record) })),
    shape('records of a byte', made([], { records: [record] }), made([], { records: [new Uint8Array()] })),
    shape('records of 10,275 bytes', made([], { records: [new Uint8Array(10_275)] }), made([], { records: [new Uint8Array(10_276)] })),
    shape('512 KiB', sized(512 * 1024), sized(512 * 1024 + 1)),
    shape('log entries of their shape', made([]), made([], { attachments: [{}] })),
    shape('every member', made([]), encodeCbor({ transactions: [], records: [] })),
    shape('no other member', made([]), made([], { extra: 0 })),
    shape('its last byte', made([]), made([]).subarray(0, -1)),
    shape('no byte after it', made([]), concat(made([]), Uint8Array.of(0))),
    shape('transactions of their shape', made([wire]), made([], { transactions: [must(decodeCbor(reshaped(encode(transaction, wire), { fee: -1 })))] })),
    {
      limit: 'in a block',
      keeps: async () => await world.try({ body: made(transactions.slice(0, 50)) }),
      breaks: async () => await world.try({ body: made(transactions) }),
    },
  ],
  'body-mismatch': [
    { limit: 'the bytes its header names', keeps: () => judgeBodyBytes(made([wire]), bodyId(made([wire]))), breaks: () => judgeBodyBytes(made([]), bodyId(made([wire]))) },
    { limit: 'whatever else is wrong with other bytes', keeps: () => judgeBodyBytes(made([]), toHex(sha256(made([])))), breaks: () => judgeBodyBytes(new Uint8Array(512 * 1024 + 1), bodyId(made([]))) },
    { limit: 'in a block', keeps: async () => await world.judge(await world.block()), breaks: async () => await world.judge({ ...await world.block(), body: utf8('another body') }) },
  ],
  'unknown-op': [0, 11, 12, 24].map(op => shape(`operation ${String(op)} in a body`, operation(1), operation(op))),
  'block-nonce': [
    { limit: 'one more than it has mined', keeps: async () => await world.try({}), breaks: async () => await world.try({ header: { nonce: 1n } }) },
    { limit: 'no more than that', keeps: async () => await world.try({}), breaks: async () => await world.try({ header: { nonce: 3n } }) },
    { limit: '1 for the first', keeps: async () => await world.try({ miner: ann }), breaks: async () => await world.try({ miner: ann, header: { nonce: 0n } }) },
    { limit: 'blocks, not transactions', keeps: async () => await (await world.extend({ transactions: [wire] })).try({ miner: ann }), breaks: async () => await (await world.extend({ transactions: [wire] })).try({ miner: ann, header: { nonce: 2n } }) },
  ],
  'stamped-excess': [
    { limit: '8 stamped ones', keeps: async () => await world.try({ transactions: stamped.slice(0, 8) }), breaks: async () => await world.try({ transactions: stamped }) },
    { limit: '8 stamped ones among others', keeps: async () => await world.try({ transactions: [...transactions.slice(10, 40), ...stamped.slice(0, 8)] }), breaks: async () => await world.try({ transactions: [...transactions.slice(10, 40), ...stamped] }) },
  ],
  'unknown-record': [{ limit: 'none on networks of before', keeps: async () => await former.try({}), breaks: async () => await former.try({ records: [record] }) }],
  'books': [1, -1].map(coins => ({ limit: `as many coins as before and the reward, not ${String(coins)} more`, keeps: async () => await falseCoins(0), breaks: async () => await falseCoins(coins) })),
} satisfies Cases

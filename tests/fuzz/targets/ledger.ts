import { decodeCbor, encode, equalBytes, limits, utf8, type Codec } from '../../../src/base/index.ts'
import {
  body, bodyId, genesisOf, header, judgeBodyBytes, judgeHeaderBytes, judgeReceiptBytes, judgeStatementBytes, judgeTransaction, judgeTransactionBytes, localNetwork, parameters, parametersFromJson, parametersToJson, receipt, signHeader,
  signReceipt, signStatement, statement, transaction, type Body, type Header, type Parameters, type Receipt, type Transaction, type Verdict,
} from '../../../src/ledger/index.ts'
import { TestChain, signatures, somebody } from '../../support/ledger.ts'
import type { Chance } from '../chance.ts'
import { textOf } from '../text.ts'
import type { Target, Verdict as Answer } from '../types.ts'
import { varyValue } from '../vary-value.ts'
import { encodedOr } from './frames.ts'

const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const link = 'ab'.repeat(32)

async function transactions(): Promise<readonly Transaction[]> {
  const chain = await TestChain.begin({ people: [ann, ben] })
  const attachment = { root: link, size: 2 ** 36, cid: link, infohash: 'cd'.repeat(20) }
  return [
    await chain.wiring(ann, ben, 5), await chain.wiring(ann, link, 2 ** 40 - 1, { nonce: 2n ** 64n - 1n, witness: link }), chain.stamped(await chain.message(ann), ann),
    await chain.message(ben, { profile: '{"relay":["/dns/a"]}' }, { thread: { address: ann.address, nonce: 1n }, message: '{"a":[{"b":"\\ud800"}]}', attachment }), await chain.profile(ann, '{"TAU":"Ann"}', {}, link),
  ]
}

const heads = [[0x1b, 0, 0, 0, 0, 0, 0, 0, 1], [0x1b, 0, 0, 1, 0, 0, 0, 0, 0], [0x1b, 255, 255, 255, 255, 255, 255, 255, 255], [0x9b, 0, 0, 0, 0, 0, 255, 255, 255], [0x5a, 255, 255, 255, 255], [0xf6], [0xd8, 0x2a, 0x58, 0x25, 0, 1, 0x71, 0x12, 0x20], [0x62, 0x6f, 0x70], [0xac], [0xad], [0xf9, 0x3c, 0]].map(bytes => Uint8Array.from(bytes))
export const words = [...heads, utf8('{}'), utf8('[]'), utf8('{"__proto__":[]}'), utf8('\ufeff{}'), utf8('{"relay":[')]
const odd = [new Uint8Array(20), new Uint8Array(32), new Uint8Array(65), 2n ** 63n, 2n ** 64n - 1n, 2 ** 40, 24, '{}', 'null', `${'['.repeat(512)}${']'.repeat(512)}`, '{"a":1e999}']

/** Half of them DAG-CBOR still, with something else in one place. */
export function varyCbor(base: Uint8Array, chance: Chance, mutate: (bytes: Uint8Array) => Uint8Array, others: readonly unknown[] = odd): Uint8Array {
  const judged = decodeCbor(base)
  return judged.ok && chance.once(2) ? encodedOr(varyValue(judged.value, chance, others), mutate(base)) : mutate(base)
}

/** The rule that is broken, or `accepted` where what was read is written as these very bytes. */
function answer<T>(verdict: Verdict<T>, codec: Codec<T>, bytes: Uint8Array): Answer {
  if (!verdict.ok) return verdict.rule
  if (!equalBytes(encode(codec, verdict.value), bytes)) throw new Error('accepted in another form than its own')
  return 'accepted'
}

/** A transaction of anybody, judged as far as it can be without a state. */
export const ledgerTransaction: Target = {
  name: 'ledger-transaction',
  corpus: async () => (await transactions()).map(value => encode(transaction, value)),
  dictionary: words,
  vary: (base, chance, mutate) => varyCbor(base, chance, mutate),
  run(bytes) {
    const read = judgeTransactionBytes(bytes)
    if (read.ok) judgeTransaction(read.value, read.value.time, { network: read.value.network, parameters: { ...localNetwork(0), stampBits: 0 }, signatures })
    return answer(read, transaction, bytes)
  },
}

async function headers(): Promise<readonly Header[]> {
  const genesis = genesisOf(localNetwork(1_800_000_000)).header
  return [genesis, (await (await TestChain.begin()).block({ profile: '{"relay":[]}' })).header, signHeader({ ...genesis, previousRoot: link, powerRoot: link, difficulty: 2n ** 64n - 1n, number: 2 ** 32 - 1 }, ann.secret, signatures)]
}

export const ledgerHeader: Target = {
  name: 'ledger-header',
  corpus: async () => (await headers()).map(value => encode(header, value)),
  dictionary: words,
  vary: (base, chance, mutate) => varyCbor(base, chance, mutate),
  run: bytes => answer(judgeHeaderBytes(bytes), header, bytes),
}

function receipts(): readonly Receipt[] {
  return [10, 100].map(percent => signReceipt({ server: ben.address, serverNonce: 3n, visitor: ann.address, attachment: link, percent, charge: BigInt(percent), time: 1_800_000_000 }, '0123456789abcdef', ann.secret, signatures))
}

/** What visitors sign, for any server. */
export const ledgerReceipt: Target = {
  name: 'ledger-receipt',
  corpus: () => receipts().map(value => encode(receipt, value)),
  dictionary: words,
  vary: varyCbor,
  run: bytes => answer(judgeReceiptBytes(bytes, '0123456789abcdef', signatures), receipt, bytes),
}

async function bodies(): Promise<readonly Body[]> {
  const some = await transactions()
  const record = new Uint8Array(limits.recordBytes)
  return [{ transactions: [], records: [], attachments: [] }, { transactions: some, records: [record.subarray(0, 1)], attachments: receipts().slice(0, 1) }, { transactions: Array.from({ length: 50 }, (_, i) => some[i % some.length] as Transaction), records: [record, record], attachments: receipts() }]
}

export const ledgerBody: Target = {
  name: 'ledger-body',
  corpus: async () => (await bodies()).map(value => encode(body, value)),
  dictionary: words,
  maxBytes: limits.bodyBytes + 1,
  vary: (base, chance, mutate) => varyCbor(base, chance, mutate),
  run: bytes => answer(judgeBodyBytes(bytes, bodyId(bytes)), body, bytes),
}

/** Statements, of any network. */
export const ledgerStatement: Target = {
  name: 'ledger-statement',
  corpus: () => [signStatement({ network: '0123456789abcdef', miner: ann.address, root: link, number: 7, safe: link, time: 1_800_000_000 }, ann.secret, signatures)].map(value => encode(statement, value)),
  dictionary: words,
  vary: (base, chance, mutate) => varyCbor(base, chance, mutate),
  run: bytes => answer(judgeStatementBytes(bytes, '0123456789abcdef', signatures), statement, bytes),
}

const network: Parameters = { ...localNetwork(1_800_000_000), allocations: [{ address: ann.address, balance: 5, power: 7n }, { address: ben.address, balance: 2 ** 39, power: 0n }] }

/** The ledger of a network file. */
export const ledgerParameters: Target = {
  name: 'ledger-parameters',
  corpus: () => [network, localNetwork(0), { ...network, allocations: Array.from({ length: 300 }, (_, i) => ({ address: somebody(String(i)).address, balance: i, power: 1n })) }].map(value => utf8(JSON.stringify(parametersToJson(value)))),
  dictionary: ['"__proto__":', '{"__proto__":{"name":"x"}}', '"power":"', '"0"', '1e999', '-0', '1.5', '[]', '{}', '""', 'null', '"ops":[', '"allocations":[', '18446744073709551615', '549755813888', ann.address],
  vary(base, chance, mutate) {
    if (chance.once(3)) return mutate(base)
    return utf8(JSON.stringify(varyValue(JSON.parse(textOf(base)), chance, [ann.address, '18446744073709551615', '007', -0, 2 ** 40, [1, 1], [6], { address: ann.address, balance: 1, power: '1' }])) ?? 'null')
  },
  run(bytes) {
    let file: unknown
    try { file = JSON.parse(textOf(bytes)) } catch { return 'network-file' }
    const judged = parametersFromJson(file)
    if (!judged.ok) return judged.code
    const again = parametersFromJson(JSON.parse(JSON.stringify(parametersToJson(judged.value))))
    if (!again.ok || !equalBytes(encode(parameters, again.value), encode(parameters, judged.value))) throw new Error('parameters that are others once they are written')
    genesisOf(judged.value)
    return 'accepted'
  },
}

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { addressOfKey, decode, decodeCbor, encode, fromUtf8, toHex } from '../../../src/base/index.ts'
import {
  blockId, body, bodyId, genesisOf, hasRecords, header, localNetwork, mainNetwork, minerKey, networkIdOf, networkOf, ops, parameters, parametersDigest, parametersFromJson, parametersToJson, rootOf, signHeader, signTransaction, transaction,
  transactionDigest, transactionId, type Body, type Header, type Transaction,
} from '../../../src/ledger/index.ts'
import { encodePlain, hex, plainBody, plainHeader, plainParameters, plainTransaction } from '../../support/dag-cbor.ts'
import { must, signatures, somebody } from '../../support/ledger.ts'
import { libraryTrie } from '../../support/trie.ts'

/**
 * Bytes that stay what they are: whoever changes one of them makes another network. Each is written by our codecs and by `@ipld/dag-cbor` alike; the genesis
 * roots are those of the `ipld-hashmap` package, too.
 */
interface Golden<T> { readonly value: T, readonly bytes: string, readonly id: string }

const read = (name: string): unknown => JSON.parse(readFileSync(`tests/fixtures/ledger/${name}.json`, 'utf8'))
const ann = somebody('Ann')

/** As JSON has it: 64-bit numbers are decimal text, bytes hex. */
function transactionOf(value: Transaction): Transaction { return revived(value) as Transaction }

function revived(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map(each => revived(each, name))
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, revived(member, key)]))
  if (typeof value !== 'string') return value
  if (name === 'nonce' || name === 'stamp') return BigInt(value)
  return ['signature', 'enc', 'ct', 'secret', 'bytes', 'path'].includes(name) ? new Uint8Array(hex(value)) : value
}

function headerOf(value: Header): Header {
  const of = (number: unknown): bigint => BigInt(number as string)
  return { ...value, baseTarget: of(value.baseTarget), difficulty: of(value.difficulty), nonce: of(value.nonce), generation: new Uint8Array(hex(value.generation as unknown as string)), signature: new Uint8Array(hex(value.signature as unknown as string)) }
}

const transactions = read('transactions') as Readonly<Record<string, Golden<Transaction>>>

test('every operation has a golden transaction', () => {
  expect(new Set(Object.values(transactions).map(({ value }) => value.op))).toEqual(new Set(Object.values(ops).map(({ code }) => code)))
})

test.each(Object.entries(transactions))('transaction: %s', (_, { value: json, bytes, id }) => {
  const value = transactionOf(json)
  expect(toHex(encode(transaction, value))).toBe(bytes)
  expect(toHex(encodePlain(plainTransaction(value)))).toBe(bytes)
  expect(toHex(encodePlain(must(decodeCbor(hex(bytes)))))).toBe(bytes)
  expect(decode(transaction, hex(bytes))).toEqual({ ok: true, value })
  expect(transactionId(value)).toBe(id)
  const key = signatures.recover(transactionDigest(value), value.signature)
  expect(key === null ? null : addressOfKey(key)).toBe(value.sender)
  const { signature: _signature, ...unsigned } = value
  expect(signTransaction(unsigned, ann.secret, signatures)).toEqual(value)
})

test('a block', () => {
  const block = read('block') as { readonly header: Golden<Header>, readonly body: Omit<Golden<Body>, 'value'> & { readonly transactions: readonly string[] } }
  const value = headerOf(block.header.value)
  expect(toHex(encode(header, value))).toBe(block.header.bytes)
  expect(toHex(encodePlain(plainHeader(value)))).toBe(block.header.bytes)
  expect(toHex(encodePlain(must(decodeCbor(hex(block.header.bytes)))))).toBe(block.header.bytes)
  expect(decode(header, hex(block.header.bytes))).toEqual({ ok: true, value })
  expect(blockId(value)).toBe(block.header.id)
  expect(minerKey(value, signatures)).not.toBeNull()
  const { signature: _, ...unsigned } = value
  expect(signHeader(unsigned, ann.secret, signatures)).toEqual(value)

  const content: Body = { transactions: block.body.transactions.map(name => transactionOf((transactions[name] as Golden<Transaction>).value)), records: [Uint8Array.of(1, 2, 3)], attachments: [] }
  expect(toHex(encode(body, content))).toBe(block.body.bytes)
  expect(toHex(encodePlain(plainBody(content)))).toBe(block.body.bytes)
  expect(decode(body, hex(block.body.bytes))).toEqual({ ok: true, value: content })
  expect(bodyId(hex(block.body.bytes))).toBe(block.body.id)
  expect(value.body).toBe(block.body.id)
})

interface GoldenNetwork { readonly parameters: Record<string, unknown>, readonly bytes: string, readonly digest: string, readonly header: string, readonly state: string, readonly root: string, readonly network: string }

test('networks of before have no records, those of now have', () => {
  const networks = Object.entries(read('networks') as Readonly<Record<string, GoldenNetwork>>).map(([name, { parameters: of }]) => [name, hasRecords(must(parametersFromJson(of)))])
  expect(Object.fromEntries(networks)).toEqual({ local: true, main: true, 'local of records': true, 'main of records': true, 'local of uploads': false, 'main of uploads': false, 'local of messages': false, 'main of messages': false })
})

test.each(Object.entries(read('networks') as Readonly<Record<string, GoldenNetwork>>))('the network called %s', async (name, golden) => {
  const network = must(parametersFromJson(golden.parameters))
  expect(parametersToJson(network)).toEqual(golden.parameters)
  expect(name.startsWith(network.name)).toBe(true)
  if (name === 'local') expect(localNetwork(network.time)).toEqual(network)
  if (name === 'main') expect(mainNetwork({ time: network.time, founders: network.allocations })).toEqual({ ok: true, value: network })
  expect(toHex(encode(parameters, network))).toBe(golden.bytes)
  expect(toHex(encodePlain(plainParameters(network)))).toBe(golden.bytes)
  expect(toHex(parametersDigest(network))).toBe(golden.digest)
  const genesis = genesisOf(network)
  expect(toHex(encode(header, genesis.header))).toBe(golden.header)
  expect(toHex(encodePlain(plainHeader(genesis.header)))).toBe(golden.header)

  const { map } = await libraryTrie()
  for (const { key, value } of genesis.state) await map.set(fromUtf8(key) ?? '', must(decodeCbor(value ?? new Uint8Array())))
  expect(toHex(map.cid.multihash.digest)).toBe(golden.state)
  const { root } = rootOf(genesis.header, hex(golden.state))
  expect([root, networkIdOf(root), await networkOf(network)]).toEqual([golden.root, golden.network, golden.network])
})

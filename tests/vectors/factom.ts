import { sha512 } from '@noble/hashes/sha2.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { join } from 'node:path'
import { fromHex, toHex } from '../../src/base/index.ts'
import {
  chainIdHash, chainIdOf, chainCredits, commitWeld, decodeChainCommit, decodeCoinbase, decodeEntry, decodeEntryCommit, decodeFactoid, decodeFirstEntry, decodeVarint, encodeChainCommit, encodeEntry,
  encodeEntryCommit, encodeFactoid, encodeVarint, entryCredits, entryHash, factoidLedger, factoidTxid, feeOf, feePaid, formatAddress, fullHash, judgeChainReveal, judgeEntryReveal, judgeFactoid,
  judgeRecord, parseAddress, rcdHashOf, recordFaults, type FactomAddressKind, type FactoidTransaction, type Reading,
} from '../../src/records/index.ts'
import { upstreamMisses } from './factom-upstream.ts'
import { isObject, outcomesOf, pick, readJson } from './json-files.ts'
import type { Shape } from './types.ts'
import { missOf, type Vector } from './vector.ts'

const sections = ['meta', 'varint', 'chainIds', 'entries', 'entryCommits', 'addresses'] as const

/** Vectors of Factom's items, made by its library, with what the strict rules refuse. */
export const factom: Shape = {
  name: 'Factom',
  claim: async ({ names, path }) => await pick(path, names, value => sections.every(key => key in value)),
  async check({ path }, claimed) {
    const outcomes = await Promise.all(claimed.map(async file => {
      const whole = await readJson(join(path, file))
      const part = (name: string): readonly unknown[] => isObject(whole) && Array.isArray(whole[name]) ? whole[name] : []
      const misses = (name: string, check: (vector: Vector) => void) => part(name).map((raw, i) => missOf(`${name} ${i}`, raw, check))
      return outcomesOf(file, [
        ...misses('varint', varint), ...misses('chainIds', chainId), ...misses('entries', entry), ...misses('entryCommits', entryCommit), ...misses('chainCommits', chainCommit),
        ...misses('factoidTransactions', factoid), ...misses('addresses', address), ...misses('rawAddresses', rawAddress), ...misses('invalid', invalid),
        ...upstreamMisses(isObject(whole) ? whole['upstream'] : undefined),
      ])
    }))
    return outcomes.flat()
  },
}

function varint(vector: Vector): void {
  const value = BigInt(vector.text('value'))
  const bytes = vector.bytes('bytes')
  vector.same('bytes', toHex(encodeVarint(value)), toHex(bytes))
  vector.same('value', String(vector.read(decodeVarint(bytes))), String(value))
  vector.maybe('length', bytes.length)
}

function chainId(vector: Vector): void { vector.same('chainId', chainIdOf(vector.byteList('segments')), vector.text('chainId')) }

function entry(vector: Vector): void {
  const value = { chainId: vector.text('chainId'), extIds: vector.byteList('extIds'), content: vector.bytes('content') }
  const bytes = vector.bytes('marshal')
  const emptyExtIds = value.extIds.some(extId => extId.length === 0)
  if (emptyExtIds) vector.refused(decodeEntry(bytes), 'extid-zero-length')
  vector.same('marshal', toHex(encodeEntry(value, { emptyExtIds })), toHex(bytes))
  const read = vector.read(decodeEntry(bytes, { emptyExtIds }))
  vector.same('parts', toHex(encodeEntry(read, { emptyExtIds })), toHex(bytes))
  vector.same('extIds', read.extIds.map(toHex).join(), value.extIds.map(toHex).join())
  vector.same('entryHash', entryHash(bytes), vector.text('entryHash'))
  vector.maybe('sha512', toHex(sha512(bytes)))
  vector.maybe('size', bytes.length)
  vector.maybe('payloadSize', bytes.length - 35)
  vector.maybe('extIdsSize', bytes.length - 35 - value.content.length)
  vector.maybe('ecCostSpec', entryCredits(bytes.length))
}

function entryCommit(vector: Vector): void {
  const bytes = vector.bytes('commit')
  if (isUnpaid(vector, 1)) return vector.refused(decodeEntryCommit(bytes), 'commit-credits')
  const commit = vector.read(decodeEntryCommit(bytes))
  vector.same('commit', toHex(encodeEntryCommit(commit)), toHex(bytes))
  for (const name of ['entryHash', 'publicKey', 'signature', 'timestamp', 'credits'] as const) vector.maybe(name, commit[name])
  ledgerOf(vector, bytes, 40)
  signer(vector)
}

function chainCommit(vector: Vector): void {
  const bytes = vector.bytes('commit')
  if (isUnpaid(vector, 11)) return vector.refused(decodeChainCommit(bytes), 'chain-commit-credits')
  const commit = vector.read(decodeChainCommit(bytes))
  vector.same('commit', toHex(encodeChainCommit(commit)), toHex(bytes))
  for (const name of ['entryHash', 'chainIdHash', 'weld', 'publicKey', 'signature', 'timestamp', 'credits'] as const) vector.maybe(name, commit[name])
  ledgerOf(vector, bytes, 104)
  signer(vector)
  if (!vector.has('reveal')) return
  const reveal = vector.bytes('reveal')
  if (vector.has('extIds') && vector.textList('extIds').includes('')) return vector.refused(judgeChainReveal(commit, reveal), 'extid-zero-length')
  const first = vector.read(judgeChainReveal(commit, reveal))
  vector.maybe('chainId', first.chainId)
  vector.same('credits', commit.credits, chainCredits + entryCredits(reveal.length))
  vector.same('chainIdHash', commit.chainIdHash, chainIdHash(reveal.subarray(1, 33)))
  vector.same('weld', commit.weld, commitWeld(fromHex(entryHash(reveal))!, reveal.subarray(1, 33)))
}

/** The library takes nothing for an empty entry, and so makes commits that are none. */
function isUnpaid(vector: Vector, least: number): boolean { return vector.has('credits') && Number(vector.text('credits')) < least }

/** What both kinds of commit have. */
function ledgerOf(vector: Vector, bytes: Uint8Array, length: number): void {
  vector.maybe('ledger', toHex(bytes.subarray(0, length)))
  vector.maybe('txid', fullHash(bytes.subarray(0, length)))
  vector.maybe('fullHash', fullHash(bytes))
  const item = vector.read(judgeRecord(bytes))
  vector.same('kind', item.kind, length === 40 ? 'entry-commit' : 'chain-commit')
}

/** That the seed makes the key and the address that are said. */
function signer(vector: Vector): void {
  if (!vector.has('seed')) return
  const seed = vector.bytes('seed')
  vector.maybe('publicKey', toHex(ed25519.getPublicKey(seed)))
  vector.maybe('Es', formatAddress('Es', seed))
}

function factoid(vector: Vector): void {
  const bytes = vector.bytes('marshal')
  const amounts = (name: string, kind: FactomAddressKind) => vector.list(name).map(part => ({ amount: BigInt(part.text('amount')), address: payloadOf(part, kind) }))
  const inputs = amounts('inputs', 'FA')
  const rcds = vector.textList('rcds')
  const signatures = vector.textList('signatures')
  const said: FactoidTransaction = {
    timestamp: Number(vector.text('timestamp')), inputs, outputs: amounts('factoidOutputs', 'FA'), purchases: amounts('ecOutputs', 'EC'),
    seals: signatures.map((signature, i) => ({ publicKey: (rcds[i] ?? '').slice(2), signature })),
  }
  if (vector.has('requiredFeeError') || bytes.length > 10_240) {
    return vector.refused(decodeFactoid(bytes), 'tx-too-big')
  }
  if (inputs.length > 0 && feePaid(said) < 0n) return vector.refused(decodeFactoid(bytes), 'tx-outputs-exceed-inputs')
  vector.same('ledger', toHex(factoidLedger(said)), vector.text('ledger'))
  vector.same('marshal', toHex(encodeFactoid(said)), toHex(bytes))
  const read = vector.read(inputs.length === 0 ? decodeCoinbase(bytes) : decodeFactoid(bytes))
  vector.same('parts', toHex(encodeFactoid(read)), toHex(bytes))
  vector.maybe('txid', factoidTxid(bytes, read))
  vector.maybe('fullHash', fullHash(bytes))
  vector.maybe('size', bytes.length)
  vector.maybe('feesPaid', feePaid(read))
  vector.maybe('requiredFeeEC', feeOf(read, bytes.length))
  vector.maybe('feeSufficientAtRate1000', judgeFactoid(bytes, 1000n).ok)
}

function payloadOf(vector: Vector, kind: FactomAddressKind): string {
  const parsed = vector.read(parseAddress(vector.text(kind)))
  vector.same('kind', parsed.kind, kind)
  return toHex(parsed.payload)
}

function address(vector: Vector): void {
  const seed = vector.bytes('seed')
  const publicKey = ed25519.getPublicKey(seed)
  vector.maybe('publicKey', toHex(publicKey))
  vector.maybe('rcd1', `01${toHex(publicKey)}`)
  vector.maybe('rcdHash', toHex(rcdHashOf(publicKey)))
  for (const [kind, payload] of [['Fs', seed], ['Es', seed], ['FA', rcdHashOf(publicKey)], ['EC', publicKey]] as const) addressOf(vector, kind, payload)
}

function rawAddress(vector: Vector): void { for (const kind of ['FA', 'Fs', 'EC', 'Es'] as const) addressOf(vector, kind, vector.bytes('payload')) }

function addressOf(vector: Vector, kind: FactomAddressKind, payload: Uint8Array): void {
  vector.maybe(kind, formatAddress(kind, payload))
  if (vector.has(kind)) vector.same(kind, payloadOf(vector, kind), toHex(payload))
}

function invalid(vector: Vector): void {
  const bytes = (): Uint8Array => vector.bytes('bytes')
  const judges: Readonly<Record<string, () => Reading<unknown>>> = {
    varint: () => decodeVarint(bytes()),
    entry: () => decodeEntry(bytes()),
    'first-entry': () => decodeFirstEntry(bytes()),
    'entry-commit': () => decodeEntryCommit(bytes()),
    'chain-commit': () => decodeChainCommit(bytes()),
    'entry-reveal': () => after(decodeEntryCommit(vector.bytes('commit')), commit => judgeEntryReveal(commit, bytes())),
    'chain-reveal': () => after(decodeChainCommit(vector.bytes('commit')), commit => judgeChainReveal(commit, bytes())),
    tx: () => decodeFactoid(bytes()),
    'tx-fee': () => judgeFactoid(bytes(), BigInt(vector.text('rate'))),
    'tx-coinbase': () => decodeCoinbase(bytes()),
    address: () => parseAddress(vector.text('address')),
  }
  const judge = judges[vector.text('kind')]
  if (judge === undefined) throw new Error(`an item of kind ${vector.text('kind')}, which is not known`)
  vector.refused(judge(), vector.text('expect'), recordFaults, alike)
}

/** Faults that are one thing under two names: a transaction cut off within an amount; a key that is written wrongly and of small order as well. */
const alike: Readonly<Record<string, string>> = { 'tx-truncated': 'varint-truncated', 'pubkey-noncanonical': 'pubkey-small-order' }

function after<T>(first: Reading<T>, then: (value: T) => Reading<unknown>): Reading<unknown> { return first.ok ? then(first.value) : first }

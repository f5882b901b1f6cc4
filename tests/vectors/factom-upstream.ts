import { equalBytes, fromHex, toHex } from '../../src/base/index.ts'
import {
  adminBlockNames, chainIdOf, decodeAdminBlock, decodeChainCommit, decodeCoinbase, decodeCreditBlock, decodeDirectoryBlock, decodeEntry, decodeEntryBlock, decodeEntryCommit, decodeFactoid,
  decodeFactoidBlock, decodeVarint, encodeAdminBlock, encodeCreditBlock, encodeCreditBlockHeader, encodeDirectoryBlock, encodeDirectoryBlockHeader, encodeEntryBlock, encodeEntryBlockHeader,
  encodeFactoidBlock, encodeVarint, commitWeld, entryHash, factoidBlockNames, factoidLedgerRoot, factoidTxid, fullHash, judgeFactomReceipt, keyMR, parseAddress, formatAddress, rcdHashOf,
} from '../../src/records/index.ts'
import { ed25519 } from '@noble/curves/ed25519.js'
import { isObject } from './json-files.ts'
import { missOf, type Vector } from './vector.ts'

/** How each list of what was taken from Factom's own tests is checked. */
const checks: Readonly<Record<string, (vector: Vector) => void>> = {
  varint(vector) {
    vector.same('bytes', toHex(encodeVarint(BigInt(vector.text('value')))), vector.text('bytes'))
    vector.same('value', String(vector.read(decodeVarint(vector.bytes('bytes')))), vector.text('value'))
  },
  chainIds(vector) { vector.same('chainId', chainIdOf(vector.byteList('segments')), vector.text('chainId')) },
  entries(vector) {
    const bytes = vector.bytes('marshal')
    vector.read(decodeEntry(bytes, { emptyExtIds: true }))
    vector.maybe('entryHash', entryHash(bytes))
    vector.maybe('weld', commitWeld(fromHex(entryHash(bytes))!, bytes.subarray(1, 33)))
  },
  entryCommits: commit(40),
  chainCommits: commit(104),
  factoidTransactions(vector) {
    const bytes = vector.bytes('marshal')
    const read = vector.read(bytes[7] === 0 ? decodeCoinbase(bytes) : decodeFactoid(bytes)) // the number of inputs
    vector.maybe('txid', factoidTxid(bytes, read))
    vector.maybe('fullHash', fullHash(bytes))
  },
  bip44Yellow(vector) {
    const seed = vector.bytes('seed')
    const publicKey = ed25519.getPublicKey(seed)
    for (const [kind, payload] of [['Fs', seed], ['Es', seed], ['FA', rcdHashOf(publicKey)], ['EC', publicKey]] as const) vector.maybe(kind, formatAddress(kind, payload))
  },
  entryBlocks(vector) {
    const bytes = vector.bytes('raw')
    const { header, items } = vector.read(decodeEntryBlock(bytes))
    block(vector, bytes, encodeEntryBlock({ header, items }), keyMR(encodeEntryBlockHeader(header), header.bodyMR), fullHash(bytes))
    parsed(vector, { chainId: header.chainId, ebSequence: header.sequence, dbHeight: header.height, entryCount: header.count })
  },
  directoryBlocks(vector) {
    const bytes = vector.bytes('raw')
    const { header, entries } = vector.read(decodeDirectoryBlock(bytes))
    block(vector, bytes, encodeDirectoryBlock({ header, entries }), keyMR(encodeDirectoryBlockHeader(header), header.bodyMR), fullHash(bytes))
    parsed(vector, { version: 0, networkId: header.networkId, timestampMinutes: header.minutes, dbHeight: header.height, blockCount: header.count })
  },
  factoidBlocks(vector) {
    const bytes = vector.bytes('raw')
    const read = vector.read(decodeFactoidBlock(bytes))
    const names = factoidBlockNames(read)
    block(vector, bytes, encodeFactoidBlock(read), names.keyMR, names.ledgerKeyMR)
    parsed(vector, { dbHeight: read.header.height, exchRate: read.header.rate, txCount: read.header.transactions, markers: read.minutes.length, ledgerMR: factoidLedgerRoot(read) })
  },
  entryCreditBlocks(vector) {
    const bytes = vector.bytes('raw')
    const read = vector.read(decodeCreditBlock(bytes))
    block(vector, bytes, encodeCreditBlock(read), fullHash(encodeCreditBlockHeader(read.header)), fullHash(bytes))
    parsed(vector, { dbHeight: read.header.height, objects: read.header.objects })
  },
  adminBlocks(vector) {
    const bytes = vector.bytes('raw')
    const read = vector.read(decodeAdminBlock(bytes))
    const names = adminBlockNames(bytes)
    block(vector, bytes, encodeAdminBlock(read), names.lookupHash, names.backReferenceHash)
  },
  receipts(vector) { vector.read(judgeFactomReceipt(vector.raw)) },
}

/** One text for each vector, empty where it is hit. What has no check here is left out. */
export function upstreamMisses(upstream: unknown): readonly string[] {
  if (!isObject(upstream)) return []
  const lists = Object.entries(checks).flatMap(([name, check]) => {
    const vectors: unknown = upstream[name]
    return Array.isArray(vectors) ? vectors.map((raw, i) => missOf(`upstream ${name} ${i}`, raw, check)) : []
  })
  const ranges = isObject(upstream['addressRanges']) ? Object.entries(upstream['addressRanges']).map(([kind, ends]) => missOf(`upstream addressRanges ${kind}`, { ends }, range(kind))) : []
  return [...lists, ...ranges]
}

function commit(ledger: number): (vector: Vector) => void {
  return vector => {
    const bytes = vector.bytes('commit')
    const read = ledger === 40 ? vector.read(decodeEntryCommit(bytes)) : vector.read(decodeChainCommit(bytes))
    vector.maybe('entryHash', read.entryHash)
    vector.maybe('txid', fullHash(bytes.subarray(0, ledger)))
    vector.maybe('fullHash', fullHash(bytes))
    if (vector.has('time')) vector.same('time', `${new Date(read.timestamp).toISOString().slice(0, 19).replace('T', ' ')}Z`, vector.text('time'))
  }
}

function block(vector: Vector, bytes: Uint8Array, again: Uint8Array, key: string, hash: string): void {
  if (!equalBytes(bytes, again)) throw new Error('written in another way than it was read')
  vector.maybe('keyMR', key)
  vector.maybe('hash', hash)
}

function parsed(vector: Vector, found: Readonly<Record<string, string | number | bigint>>): void {
  if (!vector.has('parsed')) return
  const said = vector.part('parsed')
  for (const [name, value] of Object.entries(found)) said.maybe(name, value)
}

/** First and last address of a kind: of 32 zero bytes and of 32 bytes ff. */
function range(kind: string): (vector: Vector) => void {
  return vector => {
    const [first = '', last = ''] = vector.textList('ends')
    for (const [text, byte] of [[first, 0], [last, 255]] as const) {
      const address = vector.read(parseAddress(text))
      vector.same('kind', address.kind, kind)
      vector.same('payload', toHex(address.payload), toHex(new Uint8Array(32).fill(byte)))
    }
  }
}

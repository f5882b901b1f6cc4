import { addressOfBytes, encode, sha256, toHex, utf8 } from '../../src/base/index.ts'
import { header } from '../../src/ledger/header.ts'
import { keyBytes, keys, stateRoot } from '../../src/state/index.ts'
import {
  encodeDirectoryBlock, encodeDirectoryBlockHeader, encodeEntryBlock, encodeEntryBlockHeader, entryHash, factomNetworks, fullHash, keyMR, makeDirectoryBlock, makeEntryBlock, minuteMarker, receiptKey, systemChains,
  type ReceiptParts, type ReceiptPosition,
} from '../../src/records/index.ts'
import { chainNamed, entryOf, firstEntryOf } from './records.ts'
import { KeptTrie } from './trie.ts'

/* A receipt as a peer makes it, of a small chain in a small state. */

const none = '0'.repeat(64)
export const network = '0102030405060708'

/** Entries of the chain "test", the first one first. */
export const chainEntries = [firstEntryOf('test', { content: 'one' }), entryOf(chainNamed('test'), { extIds: ['tag'], content: 'two' }), entryOf(chainNamed('test'), { content: 'three' })] as const
const hashes = chainEntries.map(entryHash)

export const entryBlock = makeEntryBlock({ chainId: chainNamed('test'), prevKeyMR: none, prevFullHash: none, sequence: 0, height: 4 }, [...hashes, minuteMarker(1)])
export const entryBlockKey = keyMR(encodeEntryBlockHeader(entryBlock.header), entryBlock.header.bodyMR)
const system = Object.values(systemChains).map(chainId => ({ chainId, keyMR: none }))
export const directoryBlock = makeDirectoryBlock({ networkId: factomNetworks.local, prevKeyMR: none, prevFullHash: none, minutes: 29_000_000, height: 4 }, [...system, { chainId: chainNamed('test'), keyMR: entryBlockKey }])
export const directoryBlockKey = keyMR(encodeDirectoryBlockHeader(directoryBlock.header), directoryBlock.header.bodyMR)

/** A header of the ledger, as far as a receipt is read for it. */
export function headerOf(number: number, previousRoot: string | null, of = network): Uint8Array {
  const bytes = (length: number) => new Uint8Array(length)
  return encode(header, {
    version: 1, network: of, number, time: 1_700_000_000 + number, previousRoot, powerRoot: null, baseTarget: 1n, difficulty: 1n, generation: bytes(32), miner: addressOfBytes(bytes(20)), nonce: 1n, profile: null,
    body: none, signature: bytes(65),
  })
}

/** The root a block of this header and this state have. */
export function rootAt(position: ReceiptPosition): string { return toHex(sha256(encode(stateRoot, { block: toHex(sha256(position.header)), state: position.state }))) }

export interface Wanted { readonly index?: number, readonly keys?: readonly string[], readonly later?: number, readonly rows?: Readonly<Record<string, string>> }

/** The parts of a receipt of an entry of the chain. `keys`: what is proved beside its place; `later`: blocks on top; `rows`: KeyMRs that the state has instead. */
export async function receiptParts({ index = 1, keys: more = [], later = 0, rows = {} }: Wanted = {}): Promise<ReceiptParts & { readonly roots: readonly string[] }> {
  const chain = chainNamed('test')
  const trie = new KeptTrie()
  await trie.trie.update([
    ...hashes.map((hash, i) => ({ key: keyBytes(keys.chainEntry(chain, i)), value: encode(keys.chainEntry(chain, i).codec, hash) })),
    { key: keyBytes(keys.chain(chain)), value: encode(keys.chain(chain).codec, { first: hashes[0]!, head: hashes[2]!, count: 3, block: 12, sequence: 0, keyMR: rows['chain'] ?? entryBlockKey, fullHash: fullHash(encodeEntryBlock(entryBlock)) }) },
    { key: keyBytes(keys.directory), value: encode(keys.directory.codec, { height: 4, keyMR: rows['directory'] ?? directoryBlockKey, fullHash: fullHash(encodeDirectoryBlock(directoryBlock)), block: 12 }) },
    ...Array.from({ length: 200 }, (_, i) => ({ key: utf8(`account/${i}`), value: Uint8Array.of(1) })),
  ])
  trie.commit()
  const state = toHex(trie.trie.root.digest)
  const names = [receiptKey(chain, index), ...more]
  const proof = { header: headerOf(12, 'ab'.repeat(32)), state, keys: names, nodes: await trie.trie.prove(names.map(name => utf8(name))) }
  const positions: ReceiptPosition[] = [proof]
  for (let i = 0; i < later; i++) positions.push({ header: headerOf(13 + i, rootAt(positions.at(-1)!)), state: toHex(sha256(utf8(`state ${i}`))) })
  return {
    network, entry: chainEntries[index]!, index, blocks: { entryBlock: encodeEntryBlock(entryBlock), directoryBlock: encodeDirectoryBlock(directoryBlock) }, proof, headers: positions.slice(1), roots: positions.map(rootAt),
  }
}

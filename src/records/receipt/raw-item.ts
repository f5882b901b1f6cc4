import { fromHex, toHex } from '../../base/index.ts'
import { formatAddress } from '../address.ts'
import { adminBlockNames, decodeAdminBlock } from '../admin-block.ts'
import { decodeCreditBlock, encodeCreditBlockHeader } from '../credit-block.ts'
import { decodeDirectoryBlock, encodeDirectoryBlockHeader, systemChains, type DirectoryBlock } from '../directory-block.ts'
import { chainIdOf, decodeEntry, type FactomEntry } from '../entry.ts'
import { decodeEntryBlock, encodeEntryBlockHeader, keyMR, type EntryBlock } from '../entry-block.ts'
import { decodeFactoidBlock, factoidBlockNames } from '../factoid-block.ts'
import { entryHash, fullHash } from '../hashes.ts'
import { judgeRecord } from '../judge-record.ts'
import { say, type Saying } from './sayings.ts'

/** What raw bytes turned out to be, with every hash that names it, in Factom's words. */
export type RawItem = EntryPart | EntryBlockPart | DirectoryBlockPart | PaidPart | SystemBlockPart

interface Named<Name extends string> { readonly names: Readonly<Record<Name, string>> }

export interface EntryPart extends Named<'entryhash' | 'chainid'> { readonly kind: 'entry', readonly entry: FactomEntry, readonly bytes: Uint8Array }
export interface EntryBlockPart extends Named<'bodymr' | 'keymr' | 'fullhash'> { readonly kind: 'entry block', readonly block: EntryBlock }
export interface DirectoryBlockPart extends Named<'bodymr' | 'keymr' | 'dbhash'> { readonly kind: 'directory block', readonly block: DirectoryBlock }
/** `committed`: hash of the entry that a commit pays for. */
export interface PaidPart extends Named<string> { readonly kind: 'commit' | 'factoid transaction', readonly says: Saying, readonly committed: string | null }
export interface SystemBlockPart extends Named<string> { readonly kind: 'admin block' | 'entry credit block' | 'factoid block' }

/** What the bytes are, or why they are nothing that Factom has. */
export function rawItem(bytes: Uint8Array): RawItem | string {
  switch (toHex(bytes.subarray(0, 32))) {
    case systemChains.admin: return adminItem(bytes)
    case systemChains.entryCredit: return creditItem(bytes)
    case systemChains.factoid: return factoidItem(bytes)
    default: return directoryItem(bytes) ?? recordItem(bytes) ?? entryBlockItem(bytes)
  }
}

function adminItem(bytes: Uint8Array): RawItem | string {
  const judged = decodeAdminBlock(bytes)
  if (!judged.ok) return judged.reason
  const { lookupHash, backReferenceHash } = adminBlockNames(bytes)
  return { kind: 'admin block', names: { lookuphash: lookupHash, backreferencehash: backReferenceHash } }
}

function creditItem(bytes: Uint8Array): RawItem | string {
  const judged = decodeCreditBlock(bytes)
  return judged.ok ? { kind: 'entry credit block', names: { bodyhash: judged.value.header.bodyHash, headerhash: fullHash(encodeCreditBlockHeader(judged.value.header)), fullhash: fullHash(bytes) } } : judged.reason
}

function factoidItem(bytes: Uint8Array): RawItem | string {
  const judged = decodeFactoidBlock(bytes)
  if (!judged.ok) return judged.reason
  const { keyMR: key, ledgerKeyMR } = factoidBlockNames(judged.value)
  return { kind: 'factoid block', names: { bodymr: judged.value.header.bodyMR, keymr: key, ledgerkeymr: ledgerKeyMR } }
}

function directoryItem(bytes: Uint8Array): RawItem | null {
  const judged = decodeDirectoryBlock(bytes)
  if (!judged.ok) return null
  const { header } = judged.value
  return { kind: 'directory block', block: judged.value, names: { bodymr: header.bodyMR, keymr: keyMR(encodeDirectoryBlockHeader(header), header.bodyMR), dbhash: fullHash(bytes) } }
}

function entryBlockItem(bytes: Uint8Array): RawItem | string {
  const judged = decodeEntryBlock(bytes)
  if (!judged.ok) return `nothing that Factom has; as an Entry Block: ${judged.reason}`
  const { header } = judged.value
  return { kind: 'entry block', block: judged.value, names: { bodymr: header.bodyMR, keymr: keyMR(encodeEntryBlockHeader(header), header.bodyMR), fullhash: fullHash(bytes) } }
}

function recordItem(bytes: Uint8Array): RawItem | null {
  const old = decodeEntry(bytes, { emptyExtIds: true }) // as there are in old blocks
  const judged = judgeRecord(bytes)
  if (!judged.ok) return old.ok ? entryOf(old.value, bytes) : null
  const item = judged.value
  if (item.kind === 'entry') return entryOf(item.entry, bytes)
  if (item.kind === 'factoid') return { kind: 'factoid transaction', names: { txid: item.txid, fullhash: fullHash(bytes) }, says: say('factoid', item.transaction.inputs.length), committed: null }
  const { publicKey, entryHash: committed, credits } = item.commit
  return { kind: 'commit', names: { txid: item.txid, fullhash: fullHash(bytes), entryhash: committed }, says: say('commit', credits, formatAddress('EC', fromHex(publicKey)!), committed), committed }
}

export function entryOf(entry: FactomEntry, bytes: Uint8Array): EntryPart {
  return { kind: 'entry', entry, bytes, names: { entryhash: entryHash(bytes), chainid: entry.chainId } }
}

/** Whether an entry may be the first of its chain. */
export function beginsChain({ chainId, extIds }: FactomEntry): boolean { return chainIdOf(extIds) === chainId }

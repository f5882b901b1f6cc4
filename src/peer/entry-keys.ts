import { limits, toHex } from '../base/index.ts'
import type { ChainId, EntryHash } from './record-api.ts'

/*
 * Keys of what this device has of entries, in the ledger store's table of records. Numbers are hexadecimal of a fixed length, so that keys that begin alike lie in the order
 * of their numbers: of a chain by index, of everything else by block. A copy of an entry is named by its place, and by that alone: rows that find it end in it.
 */

/** Where a copy of an entry stands. `time`: of its block in seconds since 1970, 0 where nobody here knows. */
export interface CopyPlace { readonly number: number, readonly time: number, readonly chain: ChainId, readonly index: number }

/** Under `copyKey`. `payer`: the key that paid, null where this device did not see it. `size`: null where its bytes are not here. */
export interface CopyRow { readonly hash: EntryHash, readonly payer: string | null, readonly size: number | null }

/** Under `blockKey`: a block that put entries into chains, by the root after it. */
export interface RecordedBlock { readonly root: string, readonly directory: Uint8Array }

/** Why an entry is kept: the person recorded it, or asked for it. */
export type KeptReason = 'written' | 'wanted'

/** All keys that begin with a prefix: no key has a character behind `~`. */
export function within(prefix: string): readonly [from: string, end: string] { return [prefix, `${prefix}\u007f`] }

const u32 = (value: number): string => value.toString(16).padStart(8, '0')
const seconds = (value: number): string => value.toString(16).padStart(10, '0')

/** Of a copy, in the order of blocks. */
export function refOf({ number, time, chain, index }: CopyPlace): string { return `${u32(number)}${seconds(time)}${chain}${u32(index)}` }

export const refChars = 8 + 10 + 64 + 8

/** The copy whose name a key ends in. */
export function placeOfRef(key: string): CopyPlace {
  const ref = key.slice(-refChars)
  return { number: Number.parseInt(ref.slice(0, 8), 16), time: Number.parseInt(ref.slice(8, 18), 16), chain: ref.slice(18, 82), index: Number.parseInt(ref.slice(82), 16) }
}

export const stateKey = 'state'
export const pinKey = (chain: ChainId): string => `pin/${chain}`
export const keptKey = (hash: EntryHash): string => `kept/${hash}`
/** Blocks that recorded something, and their Entry Blocks by chain. */
export const blockPrefix = 'block/'
export const blockKey = (number: number): string => `${blockPrefix}${u32(number)}`
export const entryBlockPrefix = 'part/'
export const entryBlockKey = (number: number, chain: ChainId): string => `${entryBlockPrefix}${u32(number)}/${chain}`

export const copiesOf = (chain: ChainId): string => `copy/${chain}/`
export const copyAt = (chain: ChainId, index: number): string => `copy/${chain}/${u32(index)}`
export const copyKey = ({ number, time, chain, index }: CopyPlace): string => `copy/${chain}/${u32(index)}${u32(number)}${seconds(time)}`
/** The copy under a `copyKey`. */
export function placeOfCopy(key: string): CopyPlace {
  const [, chain = '', rest = ''] = key.split('/')
  return { chain, index: Number.parseInt(rest.slice(0, 8), 16), number: Number.parseInt(rest.slice(8, 16), 16), time: Number.parseInt(rest.slice(16), 16) }
}

export const hereOf = (chain: ChainId): string => `here/${chain}/`
/** The first of them from an index on. */
export const hereAt = (chain: ChainId, index: number): string => `${hereOf(chain)}${u32(index)}`
export const copiesWith = (hash: EntryHash): string => `hash/${hash}/`
export const whenPrefix = 'when/'
export const whenFrom = (number: number): string => `when/${u32(number)}`
export const payerPrefix = (payer: string): string => `payer/${payer}/`
export const manyPrefix = 'many/'

/** Of an ExtID as much is in the key as `limits.extIdIndexed` bytes; `~` says that it goes on. */
export function extIdKey(value: Uint8Array): string { return `ext/${toHex(value.subarray(0, limits.extIdIndexed))}${value.length > limits.extIdIndexed ? '~' : ''}` }

/** Position of the ExtID that a key tells of. */
export function positionOfKey(key: string): number { return Number.parseInt(key.slice(-refChars - 5, -refChars - 1), 16) }

/** Keys that find a copy, beside its own row. `extIds`: null where its bytes are not here. */
export function findingKeys(place: CopyPlace, { hash, payer }: CopyRow, extIds: readonly Uint8Array[] | null): readonly string[] {
  const ref = refOf(place)
  const keys = [`${whenPrefix}${ref}`, `${copiesWith(hash)}${ref}`]
  if (payer !== null) keys.push(`${payerPrefix(payer)}${ref}`)
  if (extIds === null) return keys
  keys.push(hereAt(place.chain, place.index))
  for (const [i, extId] of extIds.slice(0, limits.extIdsIndexed).entries()) keys.push(`${extIdKey(extId)}/${i.toString(16).padStart(4, '0')}/${ref}`)
  if (extIds.length > limits.extIdsIndexed) keys.push(`${manyPrefix}${ref}`)
  return keys
}

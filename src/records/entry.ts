import { limits, sha256, sha256Flat, toHex } from '../base/index.ts'
import { Unreadable, reading, unsayable, type Reading } from './faults.ts'
import { putHash } from './fields.ts'

/** Version, ChainID and the size of the ExtIDs. */
export const entryHeadBytes = 35
const version = 0

export interface FactomEntry {
  /** 32 bytes in hex. */
  readonly chainId: string
  readonly extIds: readonly Uint8Array[]
  readonly content: Uint8Array
}

/** `emptyExtIds`: takes ExtIDs of no bytes, which the specification forbids and old blocks hold. */
export interface EntryOptions { readonly emptyExtIds?: boolean }

/** The name of the chain whose first entry has these ExtIDs. */
export function chainIdOf(extIds: readonly Uint8Array[]): string { return toHex(sha256(sha256Flat(extIds))) }

/** The entry of these bytes; its parts are views of them. */
export function decodeEntry(bytes: Uint8Array, options: EntryOptions = {}): Reading<FactomEntry> {
  return reading(() => readEntry(bytes, options))
}

/** The same, if it may be the first of its chain: the ChainID is that of its ExtIDs. */
export function decodeFirstEntry(bytes: Uint8Array, options: EntryOptions = {}): Reading<FactomEntry> {
  return reading(() => {
    const entry = readEntry(bytes, options)
    if (chainIdOf(entry.extIds) !== entry.chainId) throw new Unreadable('chainid-mismatch', 'the ChainID is not that of the ExtIDs')
    return entry
  })
}

function readEntry(bytes: Uint8Array, { emptyExtIds = false }: EntryOptions): FactomEntry {
  if (bytes.length < entryHeadBytes) throw new Unreadable('entry-short', `${bytes.length} bytes, of ${entryHeadBytes} at least`)
  if (bytes[0] !== version) throw new Unreadable('entry-version', `version byte ${bytes[0]!}`)
  if (bytes.length > limits.recordBytes) throw new Unreadable('entry-too-big', `${bytes.length} bytes, of ${limits.recordBytes} at most`)
  const end = entryHeadBytes + u16(bytes, entryHeadBytes - 2)
  if (end > bytes.length) throw new Unreadable('extids-size-beyond-payload', `ExtIDs end at byte ${end} of ${bytes.length}`)
  const extIds: Uint8Array[] = []
  for (let at = entryHeadBytes; at < end;) {
    if (end - at < 2) throw new Unreadable('extid-length-truncated', `no room for a length at byte ${at}`)
    const from = at + 2
    at = from + u16(bytes, at)
    if (at === from && !emptyExtIds) throw new Unreadable('extid-zero-length', `an ExtID of no bytes at byte ${from}`)
    if (at > end) throw new Unreadable('extid-overruns-extids-size', `an ExtID ends at byte ${at}, all of them at ${end}`)
    extIds.push(bytes.subarray(from, at))
  }
  return { chainId: toHex(bytes.subarray(1, 33)), extIds, content: bytes.subarray(end) }
}

/** Bytes an entry of these parts takes. */
export function entrySize({ extIds, content }: Pick<FactomEntry, 'extIds' | 'content'>): number {
  return entryHeadBytes + extIds.reduce((sum, extId) => sum + 2 + extId.length, 0) + content.length
}

/** Throws `bad-input` where it cannot be said: too large, an ExtID of no bytes. */
export function encodeEntry({ chainId, extIds, content }: FactomEntry, { emptyExtIds = false }: EntryOptions = {}): Uint8Array<ArrayBuffer> {
  let end = entryHeadBytes
  for (const { length } of extIds) {
    if (length === 0 && !emptyExtIds) throw unsayable('extid-zero-length', 'an ExtID of no bytes')
    end += 2 + length
  }
  const size = end + content.length
  if (size > limits.recordBytes) throw unsayable('entry-too-big', `an entry of ${size} bytes, of ${limits.recordBytes} at most`)
  const bytes = new Uint8Array(size)
  bytes[0] = version
  putHash(bytes, 1, chainId, 'ChainID')
  putU16(bytes, entryHeadBytes - 2, end - entryHeadBytes)
  let at = entryHeadBytes
  for (const extId of extIds) {
    putU16(bytes, at, extId.length)
    bytes.set(extId, at + 2)
    at += 2 + extId.length
  }
  bytes.set(content, end)
  return bytes
}

function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

function u16(bytes: Uint8Array, at: number): number { return bytes[at]! << 8 | bytes[at + 1]! }

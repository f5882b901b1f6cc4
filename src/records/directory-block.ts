import { Unreadable, reading, unsayable, type Reading } from './faults.ts'
import { FieldReader, FieldWriter, hexBytes } from './fields.ts'
import { bodyRoot } from './entry-block.ts'

export interface DirectoryBlockHeader {
  /** 4 bytes in hex: which network. */
  readonly networkId: string
  readonly bodyMR: string
  readonly prevKeyMR: string
  readonly prevFullHash: string
  /** Minutes since 1970. */
  readonly minutes: number
  readonly height: number
  /** Blocks it names. */
  readonly count: number
}

/** A block of a chain, by its KeyMR. */
export interface DirectoryEntry { readonly chainId: string, readonly keyMR: string }
export interface DirectoryBlock { readonly header: DirectoryBlockHeader, readonly entries: readonly DirectoryEntry[] }

const directoryBlockHeadBytes = 113
const version = 0

const systemChain = (last: string): string => `${'00'.repeat(31)}${last}`
/** The chains of Admin, Entry Credit and Factoid Blocks, which every Directory Block names first. */
export const systemChains = { admin: systemChain('0a'), entryCredit: systemChain('0c'), factoid: systemChain('0f') } as const
/** The numbers of Factom's networks. */
export const factomNetworks = { main: 'fa92e5a2', test: 'fa92e5a3', local: 'fa92e5a4' } as const

/** A block that names these; the body's root and the count follow from them. */
export function makeDirectoryBlock(header: Omit<DirectoryBlockHeader, 'bodyMR' | 'count'>, entries: readonly DirectoryEntry[]): DirectoryBlock {
  return { header: { ...header, bodyMR: directoryRoot(entries), count: entries.length }, entries }
}

export function encodeDirectoryBlockHeader({ networkId, bodyMR, prevKeyMR, prevFullHash, minutes, height, count }: DirectoryBlockHeader): Uint8Array<ArrayBuffer> {
  const out = new FieldWriter(directoryBlockHeadBytes)
  out.uint(version, 1, 'version').put(hexBytes(networkId, 4, 'network')).hash(bodyMR, 'body').hash(prevKeyMR, 'previous KeyMR').hash(prevFullHash, 'previous Full Hash')
  return out.uint(minutes, 4, 'minutes').uint(height, 4, 'height').uint(count, 4, 'count').bytes
}

/** Throws `bad-input` where the header counts other entries. Whether it has their root is not looked at: `makeDirectoryBlock` sees to that. */
export function encodeDirectoryBlock({ header, entries }: DirectoryBlock): Uint8Array<ArrayBuffer> {
  if (header.count !== entries.length) throw unsayable('block-count', `${entries.length} entries, not ${header.count}`)
  const out = new FieldWriter(directoryBlockHeadBytes + 64 * entries.length).put(encodeDirectoryBlockHeader(header))
  for (const { chainId, keyMR } of entries) out.hash(chainId, 'ChainID').hash(keyMR, 'KeyMR')
  return out.bytes
}

/** The block of these bytes: the root and the count of the header are those of the body. In which order chains stand is not looked at: old blocks had rules of their own. */
export function decodeDirectoryBlock(bytes: Uint8Array): Reading<DirectoryBlock> {
  return reading(() => {
    const input = new FieldReader(bytes, 'block-truncated')
    const said = input.uint(1)
    if (said !== version) throw new Unreadable('block-version', `version byte ${said}`)
    const header = {
      networkId: input.hex(4), bodyMR: input.hash(), prevKeyMR: input.hash(), prevFullHash: input.hash(),
      minutes: input.uint(4), height: input.uint(4), count: input.uint(4),
    }
    const entries: DirectoryEntry[] = []
    for (let i = 0; i < header.count; i++) entries.push({ chainId: input.hash(), keyMR: input.hash() })
    if (input.left > 0) throw new Unreadable('block-trailing-bytes', `${input.left} bytes after the body`)
    if (directoryRoot(entries) !== header.bodyMR) throw new Unreadable('block-body', 'the body is not the one of the header')
    return { header, entries }
  })
}

function directoryRoot(entries: readonly DirectoryEntry[]): string { return bodyRoot(entries.flatMap(({ chainId, keyMR }) => [chainId, keyMR])) }

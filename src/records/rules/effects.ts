/** An entry that a block put into a chain. */
export interface PlacedEntry {
  /** Its place among the records of the block. */
  readonly record: number
  readonly hash: string
  readonly chain: string
  /** Its place in the chain, from 0; 0 begins it. */
  readonly index: number
  /** Which copy of this entry it is, from 0. */
  readonly copy: number
  /** Entry credits, and the key that paid them. */
  readonly credits: number
  readonly payer: string
  /** What the payment is known by. */
  readonly paid: string
  /** The entry, whole. */
  readonly bytes: Uint8Array
}

/** A commit that a block paid for. */
export interface PaidCommit {
  readonly record: number
  readonly paid: string
  readonly credits: number
  readonly payer: string
  readonly entry: string
  /** Of a chain commit: the hash of the ChainID, which nobody knows before it is revealed. */
  readonly chainHash: string | null
}

export interface MadeEntryBlock { readonly chain: string, readonly sequence: number, readonly keyMR: string, readonly fullHash: string, readonly bytes: Uint8Array<ArrayBuffer> }
export interface MadeDirectoryBlock { readonly height: number, readonly keyMR: string, readonly fullHash: string, readonly bytes: Uint8Array<ArrayBuffer> }

/** What the records of a block did to chains. */
export interface RecordEffects {
  /** In their order. */
  readonly commits: readonly PaidCommit[]
  readonly entries: readonly PlacedEntry[]
  /** Of each chain that got an entry, by ChainID. */
  readonly entryBlocks: readonly MadeEntryBlock[]
  /** Null where no chain got any. */
  readonly directoryBlock: MadeDirectoryBlock | null
}

export const noEffects: RecordEffects = { commits: [], entries: [], entryBlocks: [], directoryBlock: null }

/**
 * Where a store keeps a node: its pack's number times 2^20 plus its index in the pack. Nothing that is hashed holds a place; a peer's store has
 * others for the same nodes.
 */
export type Place = number

export const placesPerPack: number = 2 ** 20

/** A node by its SHA-256, with its place where it is known. */
export interface NodeRef {
  readonly digest: Uint8Array
  readonly place: Place | null
}

/** A node as a store gives it: its encoded bytes, and the places of the nodes it links to, in the order of its links. */
export interface StoredNode {
  readonly bytes: Uint8Array
  readonly children: readonly (Place | null)[]
}

/**
 * Where a trie finds nodes it has not in memory. Answers in the order of the question, null for what it has not. What it gives is checked
 * against the digest by whoever asked, so a store need not be trusted.
 */
export interface NodeStore {
  load(refs: readonly NodeRef[]): Promise<readonly (StoredNode | null)[]>
}

/** One record of new nodes, children before those that link to them. `pack.ts` says how its bytes are laid out. */
export interface Pack {
  readonly number: number
  readonly nodes: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** What a commit has to keep, and what it made superfluous. */
export interface Commit {
  readonly root: NodeRef
  /** Empty where nothing changed. The trie goes on reading their bytes: they may be copied, neither changed nor transferred. */
  readonly packs: readonly Pack[]
  /** Places of nodes that belong to the trie before, and not to the one after. */
  readonly replaced: readonly Place[]
}

/** A key set to a value, or removed. Values are the bytes of one DAG-CBOR item. */
export interface Change {
  readonly key: Uint8Array
  readonly value: Uint8Array | null
}

/** A key with its value. */
export interface Entry {
  readonly key: Uint8Array<ArrayBuffer>
  readonly value: Uint8Array<ArrayBuffer>
}

/** A node as a walk meets it. */
export interface WalkedNode {
  readonly ref: NodeRef
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface HamtShape {
  /** Bits of the key's hash a level takes: 1 to 8. */
  readonly bitWidth: number
  /** Entries a bucket holds before it becomes a node: at least 1. */
  readonly bucketSize: number
}

/** The ledger's: half the proof and half the written bytes of 5 bits. */
export const ledgerShape: HamtShape = { bitWidth: 4, bucketSize: 3 }

import type { ErrorObject } from '../base/index.ts'

/** Where finished files are kept, as people see it. */
export interface StoreState {
  /** Of the bucket; never with what opens it. */
  readonly url: string
  /** Scheme of the URL. `opfs` and `idb` are this browser's own, the only ones that need nobody. */
  readonly driver: 'opfs' | 'idb' | 'file' | 's3' | 'gs' | 'azblob'
  /** Files on their way to another bucket, in bytes; until all are there everything goes on from the one before. */
  readonly moving: { readonly url: string, readonly done: number, readonly total: number } | null
  /** Why it cannot be used now, or why the move waits. `storage-permission`: the browser wants a click (`StoreActs.allow`). */
  readonly problem: ErrorObject | null
}

/** What opens a bucket in the cloud: keys of S3 (or HMAC keys of Google), or a SAS token of Azure. */
export type StoreKeys = { readonly keyId: string, readonly secret: string, readonly session?: string } | { readonly sas: string }

/** What a person does with the place where files are kept. */
export interface StoreActs {
  /**
   * Tries a bucket, and then moves all files there: copied one by one, also after the tab was closed in the middle, then used, then deleted where they were. The same
   * URL again only changes what opens it. Rejects with why it cannot be used: `bad-input`, `store-unreachable`, `store-refused`, `store-missing`, `store-cors`,
   * `storage-permission`, `storage-busy` while another move is under way.
   */
  choose(url: string, keys: StoreKeys | null): Promise<void>
  /** The same back into this browser. */
  chooseOwn(): Promise<void>
  /** Ends a move; what was copied is deleted, and all stays where it is. */
  stop(): Promise<void>
  /** Shows the browser's folder picker, within a click; the URL of a bucket in the folder, null where none was picked. Only where `PeerState.canPickFolder`. */
  pickFolder(): Promise<string | null>
  /** Asks the browser, within a click, for the folder that is the store or is to be; false where it was refused. */
  allow(): Promise<boolean>
  /** Tries a store again that could not be used. */
  retry(): Promise<void>
}

/** What the network worker does of it; what opens a bucket crosses sealed. */
export interface StoreService {
  chooseStore(url: string | null, sealed: SealedKeys | null): Promise<void>
  stopMoving(): Promise<void>
  retryStore(): Promise<void>
}

/** As `SealedKey` of the store. */
export interface SealedKeys { readonly iv: Uint8Array<ArrayBuffer>, readonly ct: Uint8Array<ArrayBuffer> }

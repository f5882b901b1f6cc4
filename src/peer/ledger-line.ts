import type { Address, Judged } from '../base/index.ts'
import type { PublishedFile, UploadKind, UploadName } from '../content/index.ts'
import type { RecordAccount } from '../net/index.ts'
import type { Neighbour } from '../sync/index.ts'
import type { AttachmentName } from './attachment-name.ts'
import type { Duties, HeldReport, KeyCame, UploadEvent } from './duty-api.ts'
import type { ChainId, EntryHash } from './record-api.ts'
import type { LeafAnswer } from './proof-desk.ts'
import type { ReceiptWish, ReceiptWords } from './receipt-desk.ts'

/*
 * The line between the network worker, which has the connections, and the ledger worker, which knows what to ask and to answer: a MessagePort of their
 * own, made by the page that runs both whenever one of them was started anew. Questions and answers cross it as bytes.
 */

/** A file of an upload, as it is found in the swarm. */
export interface FileNamed extends Pick<PublishedFile, 'cid' | 'infohash' | 'size'> { readonly kind: UploadKind, readonly protected: boolean }

/** What the network worker does for the ledger worker. */
export interface NetworkEnd {
  /** Calls `ledger` from now on, in place of whoever was there before. */
  follow(ledger: LedgerEnd): void
  ask(id: string, question: Uint8Array<ArrayBuffer>): Promise<Judged<Uint8Array>>
  /** Receipts of those whom this device gave attachments, as they came: nothing of them is judged. */
  receipts(wish: ReceiptWish): Promise<readonly Uint8Array[]>
  /** Asks a peer for a key of a file. */
  askKeys(id: string, question: Uint8Array<ArrayBuffer>): Promise<Judged<Uint8Array>>
  /** Bytes of a file, also of one that is not here: then only these are fetched, from whoever has it. `not-found` where nobody is. */
  readFile(file: FileNamed, at: number, length: number): Promise<Uint8Array<ArrayBuffer>>
  /** Shows that a leaf of a file this account keeps is here; see `LeafAnswer`. */
  proveLeaf(upload: UploadName, file: PublishedFile, leaf: number): Promise<LeafAnswer>
  /** Asks a keeper for a piece of a file; see `PieceProbe.ask`. */
  probe(keeper: Address, file: PublishedFile): Promise<boolean | null>
  /** Entries of records from whoever has them, each what its hash says, in the order they were asked for and without those that nobody gave; at most `limits.entriesAsked`. */
  fetchEntries(hashes: readonly EntryHash[]): Promise<readonly Uint8Array<ArrayBuffer>[]>
  /** Whether the file of a volume of a chain is here; makes it of the volume and shares it; the volume, from here or from whoever has it, whatever is in it. */
  hasVolume(chain: ChainId, number: number): Promise<boolean>
  shareVolume(chain: ChainId, number: number, volume: Uint8Array<ArrayBuffer>): Promise<void>
  fetchVolume(chain: ChainId, number: number): Promise<Uint8Array<ArrayBuffer> | null>
  /** How many other peers said lately that they have each of these; null where nobody was asked. */
  entryHolders(hashes: readonly EntryHash[]): Promise<readonly (number | null)[]>
  /** Keys that are here: all of them at first, then each that came. Files that lie here locked open with them, and others once they come. */
  keyCame(keys: readonly KeyCame[]): void
  /** It said what is provably false. */
  distrust(id: string): void
  /** What the record of this device says of its person. */
  setAccount(account: RecordAccount | null): void
  /** 8 bytes: of which ledger's network this device is. */
  setNetworkId(id: Uint8Array): Promise<void>
  /** What this device is to hold by the state at the safety root, whole, whenever it became another; null: no ledger is open, or nobody's account is known. */
  setDuties(duties: Duties | null): void
  /** Hints from executed blocks. */
  uploadEvents(events: readonly UploadEvent[]): void
}

/** What the ledger worker does for the network worker. */
export interface LedgerEnd {
  /** Who can be asked by now, told when it changes. `device`: Ed25519 public key of this device. */
  met(neighbours: readonly Neighbour[], device: Uint8Array<ArrayBuffer>): void
  answer(question: Uint8Array, from: string): Promise<Judged<Uint8Array>>
  /** Signs a receipt as the person of this device. */
  receipt(words: ReceiptWords): Promise<Judged<Uint8Array>>
  /** Who holds an attachment, as far as the ledger's logs say. */
  visitors(name: AttachmentName): Promise<readonly Address[]>
  /** The same of questions for keys. */
  answerKeys(question: Uint8Array, from: string): Promise<Judged<Uint8Array>>
  /** Entries of records that lie here, in the order of their hashes. */
  entries(hashes: readonly EntryHash[]): Promise<readonly (Uint8Array | null)[]>
  /** What became of files of uploads; may say again what was said before. */
  held(report: HeldReport): void
}

import type { Address, Cid, ErrorObject } from '../base/index.ts'
import type { Policy, PublishedFile, Rent, UploadKind } from '../content/index.ts'
import type { KeepingActs } from './keeping-api.ts'
import type { SourceFile } from './share-api.ts'
import type { Upload, UploadName, UploadPage, UploadQuery } from './upload-api.ts'

/** What a person wants published. */
export interface PublishOrder {
  readonly files: readonly SourceFile[]
  /** At most 8 pictures; the first is the cover. */
  readonly covers: readonly File[]
  /** `audio`: one track, becomes FLAC and is protected. `image`: one picture, open. `archive`: anything. */
  readonly kind: 'audio' | 'image' | 'archive'
  readonly title: string
  readonly about: string
  readonly tags: readonly string[]
  /** Archives: encrypted or not. */
  readonly protect: boolean
  readonly policy: 'open' | 'public' | 'owner' | { readonly list: readonly Address[] } | { readonly pay: { readonly price: number, readonly share: number } }
  /** Who gives out the key in the person's stead; each must have a box on the ledger. */
  readonly holders: readonly Address[]
  readonly keepers: readonly Address[]
  /** How many keepers; null: volunteers alone. */
  readonly wanted: number | null
  /** Coins for each of them and period, which go into escrow for as long as it stands; absent: none. */
  readonly each?: number
  /** Periods until it ends by itself. */
  readonly until: number
}

/** How far a publish job is: `ShareJob.publish`. Its `wish` on the ledger is the id of the job, so that what became of it is found in `UploadNews.sending`. */
export type PublishStage = 'receiving' | 'transcoding' | 'encrypting' | 'seeding' | 'complete' | 'failed'
export interface PublishProgress { readonly stage: PublishStage, readonly kind: UploadKind }

/** Formats a file is exported to. `copy`: as it is stored, or a member as it is. */
export type ExportFormat = 'copy' | 'flac' | 'wav' | 'mp3' | 'm4a' | 'mp4'

export interface ExportProgress { readonly done: number, readonly total: number, readonly state: 'reading' | 'converting' | 'ready' }

/** Acts of Share, Discover and the page of an upload. */
export interface PublishActs extends Omit<KeepingActs, 'keepHere' | 'setSamaritan'> {
  /** What publishing these would make, or why not; reads the first bytes of each. `kind`: what they look like. */
  plan(files: readonly SourceFile[]): Promise<{ readonly kind: PublishOrder['kind'], readonly title: string, readonly problem: ErrorObject | null }>
  /** Starts a publish job and resolves with its id; its states are in `state.jobs`. */
  publish(order: PublishOrder): Promise<string>
  search(query: UploadQuery): Promise<UploadPage>
  find(name: UploadName): Promise<Upload | null>
  /** `public` stands for that policy with the key, which is on this device. */
  change(name: UploadName, change: { readonly policy?: Policy | 'public', readonly allow?: readonly Address[], readonly deny?: readonly Address[], readonly holders?: readonly Address[], readonly keepers?: readonly Address[], readonly rent?: Rent, readonly until?: number, readonly withdrawn?: true, readonly replacedBy?: Cid }): Promise<void>
  /** Fetches its files. */
  fetch(name: UploadName): Promise<void>
  buy(name: UploadName): Promise<void>
  settle(name: UploadName): Promise<void>
  askKey(name: UploadName): Promise<void>
  stopAsking(name: UploadName): Promise<void>
  /** A picture of the upload of this content, as an address for `<img>`; null where it is not here. Fetches it where `load`. */
  picture(image: Pick<PublishedFile, 'cid' | 'infohash' | 'size'>, load: boolean, of: Cid): Promise<string | null>
  /** Converts a stored file, or a member of an archive, and saves it as an ordinary download; resolves with the name of that, null where it is not known. */
  export(cid: Cid, format: ExportFormat, options: { readonly member: number | null, readonly signal: AbortSignal, readonly onProgress: (progress: ExportProgress) => void }): Promise<string | null>
  /** Lets publishers name this person as a holder; how that stands is in `UploadNews.nameable`. */
  becomeNameable(): Promise<void>
}

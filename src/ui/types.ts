import type { Item, Peer, PeerState, Upload } from '../peer/index.ts'

export type { AttachmentName, Backup, FoundInvite, IdentityState, ImportedKey, Item, JudgedWords, MeteredRule, Peer, PeerState, Rates, Receiver, Search, ShareJob, ShareOptions, SharePlan, SourceFile, StorageState, Theme, TrashItem } from '../peer/index.ts'
export type { BlockPoint, Invite, LedgerAlert, MessagePrice, MiningState, OpenLedger, RestReason, RowProof, Stage, ThreadAttachment, ThreadMessage, ThreadName, ThreadSummary, WalletRow, WalletState } from '../peer/index.ts'
export type { Access, AccessState, ExportFormat, ExportProgress, HoldReason, KeepingFigures, KeepingState, PublishOrder, PublishProgress, PublishStage, Upload, UploadName, UploadNews, UploadQuery, UploadSending } from '../peer/index.ts'
export type { CreditState, FactoidSending, HeldKey, RecordChain, RecordDraft, RecordEntry, RecordFinding, RecordNews, RecordQuery, RecordQuote, RecordSending, RecordStage } from '../peer/index.ts'
export type { KeeperQuery, KeeperStatus, KeepingPick, KeepingTerms, OpenKeeping, Probes, RankedKeeper, Samaritan, UploadKeeper, UploadKeeping } from '../peer/index.ts'
export type { StoreState } from '../peer/index.ts'
export type Cid = Item['cid']
export type Problem = NonNullable<Item['problem']>
export type ErrorCode = Problem['code']
export type Policy = Upload['policy']
export type UploadKind = Upload['kind']
export type PublishedFile = Upload['file']
export type Verdict = NonNullable<Upload['verdict']>
export type Link = Parameters<Peer['get']>[0]
export type Member = NonNullable<Item['members']>[number]
export type Connection = PeerState['connection']
export type Step = Connection['steps'][number]
export type StepReason = NonNullable<Step['reason']>
export type Relay = Connection['relays'][number]

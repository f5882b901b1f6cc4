import type { Item, Peer, PeerState } from '../peer/index.ts'

export type { Backup, FoundInvite, IdentityState, Item, JudgedWords, MeteredRule, Peer, PeerState, Rates, Receiver, Search, ShareJob, ShareOptions, SharePlan, SourceFile, StorageState, Theme, TrashItem } from '../peer/index.ts'
export type { BlockPoint, Invite, LedgerAlert, MessagePrice, MiningState, OpenLedger, RestReason, RowProof, Stage, ThreadAttachment, ThreadMessage, ThreadName, ThreadSummary, WalletRow, WalletState } from '../peer/index.ts'
export type { StoreState } from '../peer/index.ts'
export type Cid = Item['cid']
export type Problem = NonNullable<Item['problem']>
export type ErrorCode = Problem['code']
export type Link = Parameters<Peer['get']>[0]
export type Member = NonNullable<Item['members']>[number]
export type Connection = PeerState['connection']
export type Step = Connection['steps'][number]
export type StepReason = NonNullable<Step['reason']>
export type Relay = Connection['relays'][number]

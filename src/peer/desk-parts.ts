import type { Clock } from '../base/index.ts'
import type { IdentityState, KeyService } from '../keys/index.ts'
import type { Ledger, NetworkId } from '../ledger/index.ts'
import type { LedgerStore } from '../store/index.ts'
import type { HeadMove, Sync, SyncValues } from '../sync/index.ts'
import type { LedgerUpdate } from './ledger-api.ts'
import type { Served } from './tab-rpc.ts'

/** Small values that are kept beside the blocks, by name. Each part has a prefix of its own. */
export interface LedgerValues extends SyncValues {}

/** What the parts of the ledger worker work with, as long as the ledger of one network is open. */
export interface DeskParts {
  readonly ledger: Ledger
  readonly sync: Sync
  readonly store: LedgerStore<LedgerValues>
  readonly network: NetworkId
  readonly clock: Clock
  /** The keys worker, as far as it is there. */
  readonly keys: Served<KeyService>
  /** Whose account it is, as far as it is known. */
  identity(): IdentityState | null
  /** News for all tabs; what was told last is part of what a tab that comes later hears first. */
  tell(news: Omit<LedgerUpdate, 'ledger'>): void
}

/** Something the ledger worker does for one network, from when it is opened until it is closed. */
export interface DeskPart {
  onHead?(move: HeadMove): void
  /** Another identity, or it was locked or unlocked; also told once at the beginning, where one is known. */
  onIdentity?(identity: IdentityState | null): void
  /** Something of `sync.status` changed, a few times a second at most. */
  onStatus?(): void
  close?(): void
}

export type MakePart = (parts: DeskParts) => DeskPart

/** Several as one, told of everything in this order. */
export function together(parts: readonly DeskPart[]): DeskPart {
  return {
    onHead: move => { for (const part of parts) part.onHead?.(move) },
    onIdentity: identity => { for (const part of parts) part.onIdentity?.(identity) },
    onStatus: () => { for (const part of parts) part.onStatus?.() },
    close: () => { for (const part of parts) part.close?.() },
  }
}

import type { Cid } from '../base/index.ts'
import type { IdentityActs } from './identity-api.ts'
import type { ItemActs } from './item-api.ts'
import type { MiningActs } from './ledger-api.ts'
import type { PublishActs } from './publish-api.ts'
import type { RecordActs } from './record-api.ts'
import type { SettingsActs } from './settings-api.ts'
import type { ShareActs } from './share-api.ts'
import type { PeerState } from './state-api.ts'
import type { StoreActs } from './store-api.ts'
import type { ThreadActs } from './thread-api.ts'
import type { WalletActs } from './wallet-api.ts'

/**
 * What pages see of the peer: one object, whose whole state arrives as immutable snapshots. Nothing in `src/ui` knows more. It is the
 * same in every tab of a browser, whichever of them leads.
 */
export interface Peer extends ShareActs, ItemActs, SettingsActs {
  readonly state: PeerState
  /** Calls `listener` after every change; returns how to stop. */
  subscribe(listener: (state: PeerState) => void): () => void

  /** What concerns who the person is; how that stands is in `state.identity`. */
  readonly identity: IdentityActs
  readonly wallet: WalletActs
  readonly threads: ThreadActs
  readonly mining: MiningActs
  readonly publishing: PublishActs
  readonly records: RecordActs
  /** Where finished files are kept; how that stands is in `state.store`. */
  readonly store: StoreActs
  /** The answer to `OpenLedger.alert`: whether to go over to that tip. */
  decideAlert(tip: Cid, take: boolean): Promise<void>
  /** Asks the browser not to clear our storage by itself; its answer is in `state.storage`. */
  persist(): Promise<void>
  /** Loads the version that waits. */
  update(): Promise<void>
  /** Shows the browser's own install dialog; only where `state.installable`. */
  install(): Promise<void>
}

import type { Address } from '../base/index.ts'
import type { KeepingActs } from './keeping-api.ts'

/** What the person decides for this device; how that stands is in the state. */
export interface SettingsActs {
  /** The answer to "May others get these files from you?"; `false` is asked again at the next get. */
  consent(agreed: boolean): Promise<void>
  /** The one switch that stops all giving at once. */
  setSharing(on: boolean): Promise<void>
  setRates(rates: Rates): Promise<void>
  setMetered(rule: MeteredRule): Promise<void>
  /** Whether others may learn from the ledger that this person has attachments. */
  setListed(on: boolean): Promise<void>
  /** No longer uses a relay that a link brought. */
  removeRelay(host: string): Promise<void>
  /** The answer to `state.keeping.removal`: whether those files go to the trash; with false they are pinned. */
  decideRemoval(take: boolean): Promise<void>
  readonly keepHere: KeepingActs['keepHere']
  /** What this device does for others without a promise (`state.samaritan`). */
  readonly setSamaritan: KeepingActs['setSamaritan']
  /** Milliseconds between two looks at what is to be kept, at least `limits.reconcileLeastMs` (`state.looks`). */
  setReconcile(ms: number): Promise<void>
  /** Whether all that is kept is read once a day, to see that the disk still has it. */
  setRechecks(on: boolean): Promise<void>
  /** Pictures of who is followed are shown unasked, and what they publish is found together. Nobody is told. */
  follow(owner: Address, on: boolean): Promise<void>
  setTheme(theme: Theme): Promise<void>
  /** Whether pictures of this publisher are fetched without being asked for; remembered on this device. */
  showPictures(owner: Address, on: boolean): Promise<void>
}

export type Theme = 'system' | 'light' | 'dark'

/** Bytes a second in each direction, null for no limit. */
export interface Rates { readonly up: number | null, readonly down: number | null }

/** On a connection that is paid by the byte: `pause` all giving, or `give` as on any other. */
export type MeteredRule = 'pause' | 'give'

import type { Address, Cid } from '../base/index.ts'
import type { DutyWhy, PersonalReason } from '../content/index.ts'

/**
 * Why a file is held; several may be true of one. `own`, `pinned`: only the person takes it away. `wanted`: fetched. `shared`: given by link. `offered`: its owner asks for keepers. `obliged`: this
 * account accepted. `samaritan`: kept unasked. `attachment`: of a message.
 */
export type HoldReason = PersonalReason | DutyWhy

/** `owner`: for whom, where it is an upload's; then `upload` is the content that upload is named by, another one for its pictures. */
export interface ItemReason { readonly reason: HoldReason, readonly owner: Address | null, readonly upload: Cid | null }

export interface Held { readonly cid: Cid, readonly reasons: readonly ItemReason[] }

/** Files, and the bytes of them. */
export interface Amount { readonly files: number, readonly bytes: number }

/** What this device keeps and may come to keep. A file counts once: as the person's own, else as promised, else as fetched, else as offered. */
export interface KeepingSums {
  readonly own: Amount
  /** Kept because this account accepted. */
  readonly obliged: Amount
  readonly fetched: Amount
  /** Offered to this account and not accepted yet. */
  readonly offered: Amount
  /** Of what is still coming, whatever it is for. */
  readonly reserved: number
  /** What this account pledged to keep, in bytes; null: it is no keeper, or that is not known yet. */
  readonly pledged: number | null
  /** What all of it may grow to by what was pledged. */
  readonly most: number
  /** Whether this device keeps for the account, of whose devices one should. */
  readonly here: boolean
  /** A pass that would take away a great deal waits for the person's word; null where none does. */
  readonly removal: Amount | null
}

/** The same, with what each item is held for. */
export interface KeepingFigures extends KeepingSums { readonly held: readonly Held[] }

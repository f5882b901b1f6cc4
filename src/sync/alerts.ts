import { HoldfastError, type Cid } from '../base/index.ts'
import type { Branch } from '../ledger/index.ts'
import type { SyncAlert } from './api.ts'
import type { Position } from './wire.ts'

/** What there is to decide about, and whose word it is. */
export interface Alerted { readonly from: string, readonly branch: Branch, readonly positions: readonly Position[] }

/** Branches a person declined that are remembered. */
const mostDeclined = 32

/** The one branch that a person has to decide about, and those that were declined. */
export class Alerts {
  #present: { readonly alert: SyncAlert, readonly alerted: Alerted } | null = null
  /** By the first block of the branch: it may grow. */
  readonly #declined = new Set<Cid>()

  constructor(private readonly onChange: () => void) {}

  get alert(): SyncAlert | null { return this.#present?.alert ?? null }
  get branch(): Branch | null { return this.#present?.alerted.branch ?? null }

  raise(alerted: Alerted, why: SyncAlert['why'], forkedAt: number | null): void {
    const { tip } = alerted.branch
    if (this.alert?.tip.root === tip.root || this.#declined.has(firstOf(alerted.branch))) return
    this.#present = { alert: { why, tip, forkedAt }, alerted }
    this.onChange()
  }

  /** `not-found` for a tip that there is nothing to decide about. */
  about(tip: Cid): Alerted {
    if (this.#present?.alert.tip.root !== tip) throw new HoldfastError('not-found', 'nothing to decide about this tip')
    return this.#present.alerted
  }

  decline(): void {
    if (this.branch === null) return
    this.#declined.add(firstOf(this.branch))
    for (const oldest of this.#declined) if (this.#declined.size > mostDeclined) this.#declined.delete(oldest)
    this.calm()
  }

  /** Whether it is about this branch, as far as that goes. */
  isAbout(branch: Branch): boolean { return this.branch !== null && firstOf(this.branch) === firstOf(branch) }

  /** There is nothing to decide. */
  calm(): void {
    if (this.#present === null) return
    this.#present = null
    this.onChange()
  }
}

function firstOf({ links }: Branch): Cid { return links[0]!.root }

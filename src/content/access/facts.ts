import type { Address, Cid } from '../../base/index.ts'
import type { Envelope, Holder, Policy } from '../publication.ts'

/** What one state says of an upload, and of how somebody stands to its key. */
export interface AccessFacts {
  /** Withdrawn, or over. */
  readonly gone: boolean
  readonly policy: Policy
  readonly keyCommit: string | null
  readonly holders: readonly Holder[]
  /** Of that somebody: on the list; what they bought; the box they have on the ledger. */
  readonly member: boolean
  readonly purchase: { readonly box: string, readonly grant: Envelope | null } | null
  readonly box: string | null
}

/** A state, as far as keys depend on it. */
export interface AccessState {
  /** Null where there is no such upload. */
  facts(cid: Cid, owner: Address, who: Address): Promise<AccessFacts | null>
}

/** The two states that decide: nobody is admitted whom one of them refuses. `safe`: at the safety root. */
export interface AccessStates { readonly safe: AccessState, readonly head: AccessState }

/** Whether a state admits somebody to the key. Who has paid stays admitted whatever becomes of the policy. */
export function admits({ policy, member, purchase }: AccessFacts, who: Address, owner: Address): boolean {
  return who === owner || purchase !== null || 'public' in policy || ('list' in policy && member)
}

export function isHolder({ holders }: AccessFacts, who: Address): boolean {
  return holders.some(({ address }) => address === who)
}

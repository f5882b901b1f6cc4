import type { Address } from '../base/index.ts'
import { admits, isHolder, type AccessFacts, type SeekReason } from '../content/index.ts'
import type { Access } from './upload-api.ts'

/** What this device knows of a key beside the ledger. */
export interface KnownKey { readonly here: boolean, readonly wanted: boolean, readonly reason: SeekReason | null, readonly refunded: boolean }

/** How the person stands to a key. */
export function standingOf(facts: AccessFacts, owner: Address, me: Address | null, { here, wanted, reason, refunded }: KnownKey): Pick<Access, 'state' | 'reason'> {
  const { keyCommit, purchase, gone, policy } = facts
  if (keyCommit === null) return { state: 'open', reason: null }
  if (here) return { state: 'here', reason: null }
  if (purchase !== null) return { state: purchase.grant === null ? 'buying' : wanted ? 'waiting' : 'may', reason }
  if (refunded) return { state: 'refunded', reason }
  if (wanted) return { state: 'waiting', reason }
  if (gone) return { state: 'denied', reason: 'withdrawn' }
  if ('public' in policy || me !== null && (admits(facts, me, owner) || isHolder(facts, me))) return { state: 'may', reason }
  return { state: 'pay' in policy ? 'pay' : 'denied', reason }
}

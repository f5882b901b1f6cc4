import type { IdentityState } from '../keys/index.ts'
import type { SyncStatus } from '../sync/index.ts'
import type { MiningState, RestReason } from './ledger-api.ts'

/** All that decides whether this device makes blocks. */
export interface MiningConditions {
  readonly consent: MiningState['consent']
  /** Whether any tab is in sight. */
  readonly visible: boolean
  /** Null where the browser does not tell. */
  readonly charging: boolean | null
  readonly saidCharging: boolean
  readonly metered: boolean
  readonly identity: Pick<IdentityState, 'locked'> | null
  /** A network of people who trust each other: an identity is made where one is needed. */
  readonly trusting: boolean
  readonly sync: Pick<SyncStatus, 'stage' | 'rests'>
}

/** The person's word on making blocks; on a network of people who trust each other it stands for yes until they say no. */
export function consentOf(said: 'agreed' | 'declined' | null, trusting: boolean): MiningState['consent'] {
  return said ?? (trusting ? 'agreed' : 'unasked')
}

/** Why no blocks are made: the first reason there is. */
export function restOf(conditions: MiningConditions): RestReason | null {
  const { rests } = conditions.sync
  return ownRest(conditions) ?? (rests === 'resting' ? null : rests) // resting: for want of us alone
}

/** The reasons that are not the peer's: those of the person, the machine and the identity. */
export function ownRest({ consent, visible, charging, saidCharging, metered, identity, trusting, sync }: MiningConditions): RestReason | null {
  if (consent !== 'agreed') return consent
  if (!visible) return 'hidden'
  if (charging === false) return 'battery'
  if (charging === null && !saidCharging) return 'unknown-power'
  if (metered) return 'metered'
  if (identity === null) return trusting && sync.stage !== 'following' ? 'beginning' : 'no-identity'
  return identity.locked ? 'locked' : null
}

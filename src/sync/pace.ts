import type { Parameters } from '../ledger/index.ts'

/** How often and how long, in seconds; all of it local, none of it validity. */
export interface Pace {
  /** Between two questions; varied by half in both directions. */
  readonly pull: number
  /** Between two votes on the safety root. */
  readonly round: number
  /** A statement older than this is signed anew when somebody asks. */
  readonly statement: number
  /** How long before it is due an own block is signed. */
  readonly seal: number
  /** Without any answer for so long a peer takes itself to be alone, and mines. */
  readonly linger: number
}

/** The longest anybody votes before it follows what it has. */
export const votingMost = 300
/** Statements count for the end of a vote while they are younger than this. */
export const freshStatement = 86_400
/** Away for longer than this, one votes anew. */
export const awayLong = 43_200
/** A clock further off than this makes no blocks. */
export const clockLimit = 60
/** A body nobody gives in this time is given up. */
export const bodyPatience = 60
/** Sources a body or state is asked of. */
export const bodySources = 3
/** Slower, where nobody looks. */
export const slowFactor = 10
/** Quicker, in the first minute of a session. */
export const burst = { factor: 3, seconds: 60 } as const

/** Seconds between two times of this device, whose clock may have been set back. */
export function between(now: number, then: number): number { return Math.abs(now - then) }

/** A twentieth of the block time, so that a block is everywhere long before the next; three burst-proof rounds span six block times. */
export function paceOf({ blockTime }: Pick<Parameters, 'blockTime'>): Pace {
  return {
    pull: Math.max(1, blockTime / 20), round: 2 * blockTime, statement: 3 * blockTime,
    seal: Math.max(1, Math.floor(blockTime / 5)), linger: Math.min(60, 2 * blockTime),
  }
}

import { HoldfastError, type Clock, type ErrorObject } from '../base/index.ts'
import type { KeyService, RecordRequest } from '../keys/index.ts'
import type { Refusal } from '../ledger/index.ts'
import type { Sync } from '../sync/index.ts'

/** Where records wait for a block and are offered from. */
export interface RecordLane {
  submit(bytes: Uint8Array): Promise<Refusal | { readonly ok: true, readonly id: string }>
  withdraw(id: string): Promise<void> | void
  /** Whether somebody else was given it. */
  wasPulled(id: string): boolean
}

/** With what the person's records are signed and offered. */
export interface LaneParts {
  readonly network: string
  readonly sync: Pick<Sync, 'status'>
  readonly lane: RecordLane
  readonly keys: Pick<KeyService, 'signRecords'>
  readonly clock: Clock
}

/** Seconds since 1970. */
export function nowOf({ clock }: Pick<LaneParts, 'clock'>): number { return Math.floor(clock.now() / 1000) }

/** Milliseconds since 1970 as the others' clocks are: windows are told by the time of blocks. */
export function timeOf({ clock, sync }: Pick<LaneParts, 'clock' | 'sync'>): number { return clock.now() - 1000 * (sync.status.clockAhead ?? 0) }

/** Signs these, in their order; `problem` where the key of one was taken off this device. Throws what may pass, as `locked`. */
export async function signed({ keys, network }: Pick<LaneParts, 'keys' | 'network'>, requests: readonly RecordRequest[]): Promise<{ readonly all: readonly Uint8Array[] } | { readonly problem: ErrorObject }> {
  try { return { all: await keys.signRecords(network, requests) } } catch (error) {
    const problem = HoldfastError.from(error).toObject()
    if (problem.code !== 'not-own') throw error
    return { problem }
  }
}

import { deviceLimits } from './limits/device.ts'
import { fileLimits } from './limits/files.ts'
import { ledgerLimits } from './limits/ledger.ts'
import type { Limit } from './limits/limit.ts'
import { peerLimits } from './limits/peers.ts'
import { relayLimits } from './limits/relay.ts'

/**
 * Every limit of the peer and the relay: a number, its unit and the reason for it. `docs/LIMITS.md` is made from this table.
 */
const table = { ...fileLimits, ...ledgerLimits, ...peerLimits, ...deviceLimits, ...relayLimits }

export type LimitName = keyof typeof table

/** The numbers alone, for code. */
export const limits = Object.fromEntries(Object.entries(table).map(([name, { value }]) => [name, value])) as Readonly<Record<LimitName, number>>

/** The whole table, for the documentation. */
export const limitTable: Readonly<Record<LimitName, Limit>> = table

import { localNetwork, type Allocation, type Parameters } from '../../../src/ledger/index.ts'
import { beginning } from '../network-of.ts'

/** What one run is of. */
export interface Settings {
  /** People with a device each. */
  readonly peers: number
  readonly hours: number
  readonly seed: number
  /** Blocks between two settlings of a keeper. The main network has 2,016, a week; everybody's weeks here are as long as this. */
  readonly period: number
}

/** Blocks of a period where nobody says how many: 400 hours, in blocks of 300 s, are 28 of them, half a year of the main network's weeks. */
export const usualPeriod = 168

/** Below this an evening has not even a few blocks. */
export const leastPeriod = 84

/** Coins of all people together: what main begins with, where there are few. */
const allCoins = 1_000_000_000_000

/** Fees and pace of the main network; its epoch, window and range scaled as its period is. Power is with the miners alone, so that coins of keepers are those of keeping. */
export function parametersOf({ peers, period }: Settings, people: readonly string[], miners: readonly string[]): Parameters {
  const balance = Math.min(1_000_000_000, Math.floor(allCoins / Math.max(1, peers)))
  const allocations: Allocation[] = [...people.map(address => ({ address, balance, power: 0n })), ...miners.map(address => ({ address, balance: 0, power: 1_000n }))]
  const epoch = 48
  return {
    ...localNetwork(beginning), name: 'keepers', allocations, blockTime: 300, rescue: 1_800, epoch, activeWindow: 7 * epoch, range: 7 * epoch, minimumPower: 0, reward: 0, minimumFee: 1_000,
    keeperPeriod: period, keeperBond: Math.min(100_000_000, Math.floor(balance / 4)), keeperBondPerGiB: 1_000_000, ops: [1, 2, 3, 4, 5, 6, 7],
  }
}

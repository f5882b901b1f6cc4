import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/**
 * Twelve hidden blocks, the most that difficulty decides, from below the safety root of most: who has such a root stays, is told, and goes on making blocks; who has none yet goes over and comes
 * back. All of them once waited for a person to decide, and the network stood still; later, whoever came to the end of the shorter side by difficulty left it again by support, over and over.
 */
export const leavesSafe: Scenario = {
  ...usual, name: 'leaves-safe', network: 'scaled', hours: 44, groups: [always(20)], privateBranch: { power: 60_000, keys: 8, from: 39, shown: 39.8, most: 12 }, expect: { meanInterval: [280, 360], deepestAtMost: 6 },
}

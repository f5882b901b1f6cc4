import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/** The same keys with half an hour: a fork that is not deep is decided by difficulty, and theirs has more. */
export const shortFork: Scenario = {
  ...usual, name: 'short-fork', network: 'scaled', hours: 42, groups: [always(20)], privateBranch: { power: 60_000, keys: 8, from: 39, shown: 39.4, most: 12 }, expect: { privateTaken: true, deepestAtMost: 12 },
}

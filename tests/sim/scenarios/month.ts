import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/** Thirty days in which nothing makes anybody vote anew: blocks come and k follows them past the end of the range. C2. */
export const month: Scenario = { ...usual, name: 'month', hours: 720, groups: [always(5)], transfers: 0.5, expect: { meanInterval: [270, 340], safeMovesWithin: 3, deepestAtMost: 6 } }

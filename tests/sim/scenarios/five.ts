import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/** The shortest block time there may be. H5. */
export const five: Scenario = { ...usual, name: 'five', network: 'five', hours: 1.5, groups: [always(4)], latency: [1, 5], transfers: 200, tail: 30, expect: { meanInterval: [3.5, 7], safeMovesWithin: 0.2, deepestAtMost: 8 } }

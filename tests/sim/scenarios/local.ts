import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/** A block in ten seconds. */
export const local: Scenario = { ...usual, name: 'local', network: 'local', hours: 2, groups: [always(5)], latency: [1, 5], transfers: 200, tail: 30, expect: { meanInterval: [8, 13], safeMovesWithin: 0.2, deepestAtMost: 6 } }

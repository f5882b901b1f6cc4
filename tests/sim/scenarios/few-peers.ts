import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/** Two people. C3. */
export const fewPeers: Scenario = { ...usual, name: 'few-peers', hours: 24, groups: [always(2)], expect: { safeMovesWithin: 3, deepestAtMost: 4 } }

import type { Scenario } from '../scenario.ts'
import { anchors, usual } from './usual.ts'

/** Two hundred tabs, each open for twenty minutes a day, and an anchor: nothing deep is undone, k moves every day. C3, C7. */
export const tabs: Scenario = {
  ...usual, name: 'tabs', hours: 168, groups: [{ name: 'twenty minutes a day', count: 200, power: 500, habit: { is: 'daily', ms: 20 * 60_000 } }, { ...anchors, count: 1, relays: [0, 1, 2] }],
  tail: 12, expect: { deepestAtMost: 12, safeMovesWithin: 24 },
}

import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/** Everybody is away for three days: who comes back makes no blocks of the time that passed. H4. */
export const pause: Scenario = {
  ...usual, name: 'pause', hours: 90, groups: [always(20)], pause: { from: 10, to: 82 }, expect: { afterPauseAtMost: 5, deepestAtMost: 3 },
}

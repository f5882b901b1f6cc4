import type { Scenario } from '../scenario.ts'
import { always, anchors, usual } from './usual.ts'

/** Keys with three times the power that is awake, unseen for as long as anybody looks back, show two hours of blocks they made at once: nobody follows them. C6. */
export const dormant: Scenario = {
  ...usual, name: 'dormant', network: 'scaled', hours: 44, groups: [always(20), anchors], privateBranch: { power: 60_000, keys: 8, from: 39, shown: 41 }, expect: { privateTaken: false },
}

import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/** Two fifths are cut off for a day, in which neither side has two thirds: afterwards there is one head. */
export const partition: Scenario = {
  ...usual, name: 'partition', hours: 36, groups: [always(20)], partitions: [{ from: 4, to: 28, shares: [0.6, 0.4] }], expect: { meanInterval: [280, 500] },
}

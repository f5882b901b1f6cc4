import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/** Halves for a day: one side wins by support, the other one's transactions come again. */
export const evenPartition: Scenario = { ...usual, name: 'even-partition', hours: 36, groups: [always(20)], partitions: [{ from: 4, to: 28, shares: [0.5, 0.5] }] }

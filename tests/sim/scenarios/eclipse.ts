import type { Scenario } from '../scenario.ts'
import { always, usual } from './usual.ts'

/** A newcomer whose relay shows it liars alone: it has no k of theirs, and finds the network when somebody honest is to be seen. M11. */
export const eclipse: Scenario = {
  ...usual, name: 'eclipse', hours: 12, relays: 4,
  groups: [
    { name: 'forger', count: 3, power: 1_000, habit: { is: 'always' }, lies: 'forge', relays: [0, 3] }, { name: 'withholder', count: 2, power: 1_000, habit: { is: 'always' }, lies: 'withhold', relays: [1, 3] },
    { name: 'sybil', count: 2, power: 0, habit: { is: 'always' }, lies: 'sybil', relays: [2, 3], mines: false },
    { name: 'eclipsed', count: 2, power: 0, habit: { is: 'joins', at: 4 }, relays: [0, 3], eclipsedUntil: 8 }, always(12),
  ],
}

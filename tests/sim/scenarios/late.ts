import type { Scenario } from '../scenario.ts'
import { always, anchors, usual } from './usual.ts'

/** Somebody new comes when the chain is longer than anybody keeps: it begins in the middle, and is at the head like everybody else. */
export const late: Scenario = {
  ...usual, name: 'late', network: 'five', hours: 3.2, latency: [1, 5], transfers: 20, tail: 30,
  groups: [always(3), { ...anchors, count: 1, relays: [0, 1, 2] }, { name: 'late', count: 1, power: 0, habit: { is: 'joins', at: 3 } }, { name: 'late and light', count: 1, power: 0, habit: { is: 'joins', at: 3 }, mode: 'headers' }],
}

import type { Group } from '../scenario.ts'

/** What a scenario is where it says nothing else. */
export const usual = {
  network: 'main', relays: 3, latency: [25, 200], loss: 0, partitions: [], relaysDown: [], transfers: 1, messages: 0, diskMs: 0, tail: 18, realKeys: false, memo: true, encoded: false,
} as const

export const anchors: Group = { name: 'anchor', count: 3, power: 0, habit: { is: 'always' }, mines: false, isAnchor: true }

export function always(count: number, more: Partial<Group> = {}): Group {
  return { name: 'always there', count, power: 1_000, habit: { is: 'always' }, ...more }
}

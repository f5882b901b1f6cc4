import { Chance } from './engine/chance.ts'
import type { Fault } from './faults.ts'
import { networks, type Group, type NetworkName, type Scenario } from './scenario.ts'

const hour = 3_600_000
/** Of more peers than this only so many have power, if nobody wants more: what each knows of all others makes a run slow, and large. */
const mostVoters = 250

/** A network of so many peers with these faults: the same for the same numbers. */
export function compose({ peers, hours, seed, faults, network = 'main', voters = mostVoters }: { readonly peers: number, readonly hours: number, readonly seed: number, readonly faults: ReadonlySet<Fault>, readonly network?: NetworkName, readonly voters?: number }): Scenario {
  const chance = new Chance(seed, 'compose')
  const has = (fault: Fault): boolean => faults.has(fault)
  const part = (share: number): number => Math.max(1, Math.round(peers * share))
  const liars = (['equivocate', 'withhold', 'forge', 'grind'] as const).filter(has)
  const hostile = peers >= 10 ? liars : liars.slice(0, 1)
  const power = 1_000
  const eclipser = has('eclipse') || has('relays') ? 4 : 3
  const lives = {
    ...has('kills') ? { killedEvery: 8 } : {}, ...has('sleep') ? { sleepsEvery: 4 } : {}, ...has('wipe') ? { wipedEvery: 200 } : {},
  }
  const groups: Group[] = []
  // Each kind of liar has a twentieth of the power, so all of them together have less than a third.
  for (const lie of hostile) groups.push({ name: lie, count: part(0.04), power, habit: { is: 'always' }, lies: lie })
  if (has('sybil')) groups.push({ name: 'sybil', count: part(0.02), power: 0, habit: { is: 'always' }, lies: 'sybil', mines: false })
  if (has('spam')) groups.push({ name: 'spam', count: Math.min(3, part(0.02)), power: 0, habit: { is: 'always' }, lies: 'spam', mines: false })
  if (has('skew')) {
    groups.push({ name: '10 s ahead', count: part(0.02), power, habit: { is: 'always' }, skew: 10_000 }, { name: '10 s behind', count: part(0.02), power, habit: { is: 'always' }, skew: -10_000 })
    if (peers >= 20) groups.push({ name: 'a minute ahead', count: part(0.01), power, habit: { is: 'always' }, skew: 60_000 }, { name: '12 hours ahead', count: part(0.002), power, habit: { is: 'always' }, skew: 12 * hour })
  }
  if (has('eclipse')) groups.push({ name: 'eclipsed', count: part(0.01), power: 0, habit: { is: 'joins', at: hours * 0.3 }, relays: [0, eclipser - 1], eclipsedUntil: hours * 0.6 })
  if (has('churn')) groups.push({ name: 'newcomer', count: part(0.03), power: 0, habit: { is: 'joins', at: hours * 0.5 } })
  const left = Math.max(1, peers - groups.reduce((sum, { count }) => sum + count, 0))
  if (has('churn')) {
    const [always, daily] = [Math.ceil(left * 0.15), Math.floor(left * 0.45)]
    groups.push(
      { name: 'always there', count: always, power, zipf: false, habit: { is: 'always' }, ...lives },
      { name: 'eight hours a day', count: daily, power, habit: { is: 'daily', ms: 8 * hour }, ...lives },
      { name: 'twenty minutes a day', count: Math.max(0, left - always - daily), power, habit: { is: 'daily', ms: hour / 3 }, ...lives },
    )
  } else groups.push({ name: 'always there', count: left, power, habit: { is: 'always' }, ...lives })
  groups.push({ name: 'anchor', count: 3, power: 0, habit: { is: 'always' }, mines: false, isAnchor: true })
  const middle = hours * chance.between(0.35, 0.5)
  return {
    name: [...faults].join(',') || 'none', network, hours, groups: groups.flatMap(group => split(group, voters / peers)), relays: eclipser,
    latency: has('delay') ? [100, 2_000] : [25, 200],
    loss: has('loss') ? 0.05 : 0,
    partitions: has('partition') ? [{ from: middle, to: middle + Math.min(6, hours / 5), shares: [0.6, 0.4] }] : [],
    relaysDown: has('relays') ? [{ relay: 0, from: hours * 0.2, to: hours * 0.3 }, { relay: 1, from: hours * 0.6, to: hours * 0.65 }] : [],
    transfers: 2, messages: 2, recorders: { count: 3, entries: 36 }, diskMs: has('kills') ? 20 : 0,
    ...has('private') ? { privateBranch: { power: Math.round(power * Math.min(peers, voters) * 0.08), keys: 5, from: hours * 0.4, shown: hours * 0.4 + Math.min(2, hours / 8) } } : {},
    tail: Math.min(18, Math.ceil(hours * 3_600 / networks[network].blockTime / 3)), realKeys: false, memo: true, encoded: false,
  }
}

/** Some of a group keep their power. */
function split(group: Group, share: number): readonly Group[] {
  if (share >= 1 || group.power === 0) return [group]
  const count = Math.ceil(group.count * share)
  return [{ ...group, count }, { ...group, name: `${group.name}, without power`, count: group.count - count, power: 0, mines: false }]
}

import type { Chance } from '../engine/chance.ts'

/** How the network is between two peers at a time. */
export interface Weather {
  /** Milliseconds, one way. */
  latency(chance: Chance): number
  /** Whether a question with its answer gets lost. */
  loses(now: number, chance: Chance): boolean
  /** Peers of different groups do not reach each other. */
  group(peer: number, now: number): number
  /** Whether a relay works. */
  relayUp(relay: number, now: number): boolean
  /** From when on nothing of this hinders anybody. */
  readonly clears: number
}

export interface WeatherPlan {
  /** One way, milliseconds. */
  readonly latency: readonly [number, number]
  /** Once in how many: 0.02 is once in fifty. */
  readonly loss: number
  readonly partitions: readonly Partition[]
  readonly relaysDown: readonly RelayDown[]
  /** From when on nothing is lost any more, ms since 1970. */
  readonly lossEnds: number
}

/** Peers below `share` of all, by number, on one side. */
export interface Partition { readonly from: number, readonly to: number, side(peer: number): number }
export interface RelayDown { readonly relay: number, readonly from: number, readonly to: number }

export function weatherOf({ latency: [least, most], loss, partitions, relaysDown, lossEnds }: WeatherPlan): Weather {
  return {
    latency: chance => chance.between(least, most),
    loses: (now, chance) => loss > 0 && now < lossEnds && chance.once(loss),
    group(peer, now) {
      let group = 0
      for (const { from, to, side } of partitions) group = 8 * group + (now >= from && now < to ? side(peer) : 0)
      return group
    },
    relayUp: (relay, now) => !relaysDown.some(down => down.relay === relay && now >= down.from && now < down.to),
    clears: Math.max(0, loss > 0 ? lossEnds : 0, ...partitions.map(({ to }) => to), ...relaysDown.map(({ to }) => to)),
  }
}

import type { Habit } from './people/presence.ts'

/** Numbers of a network, where they are not those of the main one. */
export interface NetworkNumbers { readonly blockTime: number, readonly epoch: number, readonly activeWindow: number, readonly rescue: number, readonly reward: number, readonly minimumPower: number }

export const networks = {
  main: { blockTime: 300, epoch: 288, activeWindow: 2_016, rescue: 1_800, reward: 0, minimumPower: 0 },
  /** The main one with a sixth of its epoch and window: what takes weeks there takes days. */
  scaled: { blockTime: 300, epoch: 48, activeWindow: 336, rescue: 1_800, reward: 0, minimumPower: 0 },
  local: { blockTime: 10, epoch: 36, activeWindow: 252, rescue: 60, reward: 1_000, minimumPower: 0 },
  /** The shortest block time there may be. */
  five: { blockTime: 5, epoch: 36, activeWindow: 252, rescue: 30, reward: 1_000, minimumPower: 0 },
  /** The same, where all trust each other: somebody without any power makes blocks as well, and with no power at the beginning whoever made blocks has a say. */
  home: { blockTime: 5, epoch: 36, activeWindow: 252, rescue: 30, reward: 1_000, minimumPower: 1 },
} as const satisfies Record<string, NetworkNumbers>

export type NetworkName = keyof typeof networks

/** How a dishonest group lies. */
export type Lie = 'equivocate' | 'withhold' | 'forge' | 'grind' | 'sybil' | 'spam'

/** Some people who are alike. */
export interface Group {
  readonly name: string
  readonly count: number
  /** Of each of them at genesis; `zipf` gives the n-th of the group 1/n of what is said. */
  readonly power: number
  readonly zipf?: boolean
  readonly habit: Habit
  /** Null: honest. */
  readonly lies?: Lie
  readonly mode?: 'full' | 'headers'
  readonly mines?: boolean
  readonly isAnchor?: boolean
  /** Clock, ms ahead. */
  readonly skew?: number
  /** The relays each is at; by lot, if not said. */
  readonly relays?: readonly number[]
  /** Shown liars only, until then (hours since the beginning). */
  readonly eclipsedUntil?: number
  readonly killedEvery?: number
  readonly wipedEvery?: number
  readonly sleepsEvery?: number
}

/** A branch mined in secret, from deadlines of keys nobody has seen, and shown later. */
export interface PrivateBranch {
  /** Power of its keys at genesis. */
  readonly power: number
  readonly keys: number
  /** Hours since the beginning at which it leaves the honest chain, and at which it is shown. */
  readonly from: number
  readonly shown: number
  /** Blocks it ends after; with as many as it can have by then, if not said. */
  readonly most?: number
}

/** All hours are since the beginning. */
export interface Scenario {
  readonly name: string
  readonly network: NetworkName
  readonly hours: number
  readonly groups: readonly Group[]
  /** Relays; the one after the last belongs to whoever eclipses. */
  readonly relays: number
  readonly latency: readonly [number, number]
  readonly loss: number
  readonly partitions: readonly { readonly from: number, readonly to: number, readonly shares: readonly number[] }[]
  /** Safety roots of two sides may be in conflict: a partition is as long as the active window. It is shorter in a young network, which has no more blocks. */
  readonly conflicts?: boolean
  readonly relaysDown: readonly { readonly relay: number, readonly from: number, readonly to: number }[]
  /** Nobody at all is there. */
  readonly pause?: { readonly from: number, readonly to: number }
  /** Of each person who has coins, a day. */
  readonly transfers: number
  readonly messages: number
  /** People who are always there and record: how many of them, and entries of each a day. */
  readonly recorders?: { readonly count: number, readonly entries: number }
  readonly diskMs: number
  readonly privateBranch?: PrivateBranch
  /** At the end nothing goes wrong and all are there, for so many block times. */
  readonly tail: number
  /** Real signatures; cheap ones if not. */
  readonly realKeys: boolean
  /** What all peers find out once is found out once; each for itself if not. */
  readonly memo: boolean
  /** Frames are written and read. */
  readonly encoded: boolean
  readonly expect?: Expectations
}

/** What has to come out beside the invariants. */
export interface Expectations {
  readonly deepestAtMost?: number
  /** The safety root of most peers moves at least once in so many hours, once there is one. */
  readonly safeMovesWithin?: number
  readonly meanInterval?: readonly [number, number]
  /** Blocks in the first minute after the pause. */
  readonly afterPauseAtMost?: number
  readonly agreementAtLeast?: number
  /** Whether the private branch is taken. */
  readonly privateTaken?: boolean
}

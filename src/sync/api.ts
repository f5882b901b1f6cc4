import type { Address, Alarm, Cid, HoldfastError, Judged, Random } from '../base/index.ts'
import type { Chain, Ledger, Link, Receipt, Refusal } from '../ledger/index.ts'
import type { MiningDesk, StateNetwork, SyncMemory, Voter } from './ports.ts'
import type { AnyQuestion, StateAnswer } from './wire.ts'

export interface SyncParts {
  /** Its head is this peer's head. Only this and what it is told through here commits to it. */
  readonly ledger: Ledger
  readonly network: StateNetwork
  readonly memory: SyncMemory
  readonly clock: Alarm
  readonly random: Random
  /** Something of `status` changed. */
  onChange(): void
  /**
   * The head moved, by new blocks alone (`left` is empty) or over to another branch: blocks that are no longer on the chain and those that now are, oldest first. Neither is there where
   * the ledger began anew in the middle of a chain.
   */
  onHead?(move: HeadMove): void
  /** Something failed that is this device's own affair, such as a full disk; the peer goes on. */
  onProblem?(problem: HoldfastError): void
}

export interface HeadMove { readonly left: readonly Link[], readonly joined: readonly Link[] }

/** `full`: executes every block. `headers`: headers and statements alone, on metered lines; states are asked of others, with proofs. */
export type SyncMode = 'full' | 'headers'
/** `slow`: a tenth of the cadence, where nobody looks. */
export type SyncPace = 'quick' | 'slow'

export interface SyncAlert { readonly why: 'too-deep' | 'headers-missing' | 'leaves-safe', readonly tip: Link, readonly forkedAt: number | null }
/** A branch that leaves the head's chain after block `at`, `depth` blocks below the head, as it was judged; `seen` in seconds. */
export interface SyncFork { readonly at: number, readonly depth: number, readonly tip: Cid, readonly taken: boolean, readonly seen: number }

export interface SyncStatus {
  readonly stage: 'beginning' | 'voting' | 'following'
  readonly mode: SyncMode
  /** In `headers` the newest header's block, whose root nobody has named yet; else the ledger's head. */
  readonly head: Link
  /** The safety root, on the ledger's chain: in `headers` it goes no further than that. `voted` is false where none was voted yet or an ancestor stands in for it. */
  readonly safe: Link
  readonly voted: boolean
  /** Blocks of the best branch whose bodies are still wanted. */
  readonly behind: number
  readonly votes: { readonly members: number, readonly heard: number, readonly weight: number }
  /** 0 to 1. */
  readonly support: number
  readonly answering: { readonly peers: number, readonly relays: number }
  readonly alert: SyncAlert | null
  readonly forks: readonly SyncFork[]
  /** Seconds, null where too few said. */
  readonly clockAhead: number | null
  /** Why this peer's answers and turns make no blocks, as far as that is for this room to say; null where nothing stands in the way. */
  readonly rests: 'beginning' | 'clock' | 'too-young' | 'behind' | 'no-identity' | 'resting' | null
  /** When the next own block is due, seconds since 1970. */
  readonly due: number | null
}

/**
 * A peer of the network: it searches, votes, follows and answers, from `start` to `stop`. The same in a worker, beside a relay and in the simulator.
 */
export interface Sync {
  readonly status: SyncStatus
  /** The blocks at hand that lead to the head, in `headers` too. */
  readonly chain: Chain
  /** What a miner's loop asks; blocks are drafted only while `setMining(true)`. */
  readonly desk: MiningDesk
  start(): void
  stop(): Promise<void>
  /** Procedure A: what somebody gets who asks. From local data alone. */
  answer(question: AnyQuestion, from: string): Promise<Judged<StateAnswer>>
  /** Whose statements and blocks; null for a peer without a say. */
  setVoter(voter: Voter | null): void
  setMode(mode: SyncMode): void
  setPace(pace: SyncPace): void
  /** Whether presence allows blocks to be made. */
  setMining(on: boolean): void
  /** Connections came back or the page is in sight again: ask at once. */
  nudge(): void
  /** Takes an own signed transaction into the pool and offers it until it is in a settled block, also after a restart. */
  submit(transaction: Uint8Array): Promise<Refusal | { readonly ok: true, readonly id: Cid }>
  /** Takes a judged receipt of a visitor of this device for its next block that has room. Forgotten at the end of the session. */
  log(receipt: Receipt): void
  /** Takes it back, where no block has it; others may have it all the same. */
  withdraw(id: Cid): Promise<void>
  /** Whether somebody else was given an own transaction or record that waits here. */
  wasPulled(id: Cid): boolean
  /**
   * Takes an own record into the pool and offers it once something pays for it, until it is taken back or its window is over: whatever becomes of the blocks that have it, and until the end of the session. `id`:
   * SHA-256 of its bytes. Refused where it breaks a rule for good; one that waits for credits, its commit or its chain is taken.
   */
  submitRecord(bytes: Uint8Array): Promise<Refusal | { readonly ok: true, readonly id: string }>
  /** Offers it no longer; others may have it all the same. */
  withdrawRecord(id: string): void
  /** Own transactions that wait, in the order of their nonces, encoded. */
  waiting(address: Address): readonly Uint8Array[]
  /** The person's word on the alert. */
  decide(tip: Cid, take: boolean): Promise<void>
  /** Values a state has under these keys, from this device where it holds the state, else proved by others; null where nobody can. The root must be on a known chain. */
  read(names: readonly string[], root?: Cid): Promise<{ readonly root: Cid, readonly values: readonly (Uint8Array | null)[] } | null>
  /** A header, body or object by content id, from here or from others; null where nobody has it. */
  fetch(cid: Cid): Promise<Uint8Array | null>
}

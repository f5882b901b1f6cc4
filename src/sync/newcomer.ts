import type { Random } from '../base/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { Following } from './following.ts'
import type { StateNetwork } from './ports.ts'
import type { Position } from './wire.ts'

export interface NewcomerParts {
  readonly ledger: Ledger
  readonly network: StateNetwork
  readonly random: Random
  /** Seconds. */
  now(): number
  onChange(): void
}

/** Branches that were found longer than the range: from one of them a peer that is new, or was away too long, begins. */
export class Newcomer {
  readonly #found = new Map<string, readonly Position[]>()

  constructor(private readonly parts: NewcomerParts) {}

  get waiting(): boolean { return this.#found.size > 0 }

  note(from: string, positions: readonly Position[]): void { this.#found.set(from, positions) }

  async begin(_following: Following, _signal: AbortSignal): Promise<void> { this.#found.clear() }
}

import type { ErrorCode } from '../../src/base/index.ts'
import type { Rule } from '../../src/ledger/index.ts'
import type { RecordFault } from '../../src/records/index.ts'
import type { Chance } from './chance.ts'

/** What a decoder made of an input: the ledger's refuse by the rule that is broken. `ignored`: it answers with nothing at all, as a server does that owes nobody an answer. */
export type Verdict = 'accepted' | 'ignored' | ErrorCode | Rule | RecordFault

/** Something that reads bytes of others. One file a target, listed in `targets/index.ts`. */
export interface Target {
  readonly name: string
  /** Inputs as a friend would send them; the first at least must be accepted. */
  corpus(): Promise<readonly Uint8Array[]> | readonly Uint8Array[]
  /** Byte strings that mean something to the decoder, put in here and there. */
  readonly dictionary?: readonly (string | Uint8Array)[]
  /** How many inputs of others take as long as one of this, 1 where it is not said; where a number of inputs is asked for, it gets as many fewer. */
  readonly cost?: number
  /** Longest input, 64 KiB where it is not said. */
  readonly maxBytes?: number
  /**
   * How an input is made where plain damage would not get past a checksum: calls `mutate` and mends what it wants, or builds something of its own. It
   * must follow from its arguments alone.
   */
  vary?(base: Uint8Array, chance: Chance, mutate: (bytes: Uint8Array) => Uint8Array): Promise<Uint8Array> | Uint8Array
  /**
   * Decodes. May throw a `HoldfastError` where the decoder does; anything else it throws is a crash, and so it throws where what was accepted
   * is not what it should be.
   */
  run(bytes: Uint8Array): Promise<Verdict> | Verdict
}

/** What went wrong with one input. `input` is what reproduces it. */
export interface Failure {
  readonly kind: 'crash' | 'hang' | 'memory' | 'leak'
  readonly target: string
  readonly number: number
  readonly message: string
  readonly input: Uint8Array
}

/** What a target did with its inputs. */
export interface Tally {
  inputs: number
  accepted: number
  /** Refused inputs by code. */
  readonly refused: Record<string, number>
  /** Inputs that took longer than their size excuses. */
  slow: number
  slowestMs: number
}

import { HoldfastError, limits, type Alarm } from '../base/index.ts'
import { findStamp, type UnsignedTransaction } from '../ledger/index.ts'

/** Tries a millisecond that a slow machine makes; what this one makes is known after the first slice. */
const slowest = 100

/**
 * Finds stamps on this thread, a slice at a time, with a turn for everybody else in between. A worker of its own would find them a tenth sooner, and would
 * have to load the ledger's code first, which takes longer than that.
 */
export class StampSearch {
  #rate = slowest
  #measured = false

  constructor(private readonly clock: Alarm) {}

  /** The stamp of a transaction; rejected as soon as `signal` aborts. */
  async find(unsigned: UnsignedTransaction, bits: number, signal: AbortSignal): Promise<bigint> {
    for (let from = 0n; ;) {
      await this.clock.sleep(0, signal)
      if (signal.aborted) throw new HoldfastError('aborted', 'the search for a stamp was ended')
      const start = from
      const { stamp, tries } = this.#slice(most => findStamp(unsigned, bits, start, most))
      if (stamp !== null) return stamp
      this.#measured = true
      from += BigInt(tries)
    }
  }

  /** Seconds a stamp takes on average. */
  seconds(bits: number): number {
    for (let slices = 0; !this.#measured && slices < firstSlices; slices++) this.#slice(findNone)
    this.#measured = true
    return 2 ** bits / this.#rate / 1000
  }

  /** As many tries as a slice has time for, and how quick they were. */
  #slice(find: (tries: number) => bigint | null): { readonly stamp: bigint | null, readonly tries: number } {
    const tries = Math.min(limits.stampSliceTries, Math.ceil(this.#rate * limits.stampSliceMs))
    const begin = this.clock.now()
    const stamp = find(tries)
    if (stamp === null) this.#rate = Math.max(slowest, tries / Math.max(this.clock.now() - begin, 1))
    return { stamp, tries }
  }
}

/** The first are slow, since their code has yet to be compiled. */
const firstSlices = 4
const findNone = (tries: number): bigint | null => findStamp(sample, 64, 0n, tries)

const sample: UnsignedTransaction = {
  version: 1, network: '0000000000000000', op: 2, sender: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', nonce: 1n, time: 0, fee: 0, witness: null, profile: null,
  body: { thread: null, message: '{"text":""}', attachment: null }, stamp: null,
}

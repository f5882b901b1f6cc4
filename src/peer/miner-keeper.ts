import type { LedgerSeat } from './ledger-api.ts'
import type { MinerService } from './miner-service.ts'
import { hand, type Remote } from './rpc.ts'
import { keepWorker } from './worker-life.ts'
import { minerWorkerLock } from './worker-locks.ts'

/** One that could not be kept alive is tried again after this. */
const againMs = 60_000

/** Runs the miner worker exactly as long as blocks may be made. It lives on no borrowed time: it is ended in the task in which it is no longer wanted. */
export class MinerKeeper {
  #wanted: AbortController | null = null
  #ledger: Pick<Remote<LedgerSeat>, 'joinMiner'> | null = null

  /** The ledger worker as it is now; null: it is gone, and its miner with it. */
  setLedger(ledger: Pick<Remote<LedgerSeat>, 'joinMiner'> | null): void {
    this.mine(false)
    this.#ledger = ledger
  }

  mine(on: boolean): void {
    if (on === (this.#wanted !== null)) return
    this.#wanted?.abort()
    this.#wanted = null
    if (!on) return
    const wanted = this.#wanted = new AbortController()
    void this.#keep(wanted.signal)
  }

  async #keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#run(signal).catch(() => {}) // it dies again and again: blocks are not all there is
      if (!signal.aborted) await new Promise(done => { setTimeout(done, againMs) })
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    await keepWorker<MinerService>({
      lock: minerWorkerLock,
      start: () => new Worker(new URL('../../workers/miner.ts', import.meta.url), { type: 'module', name: 'miner' }),
      begin: async service => {
        const { port1, port2 } = new MessageChannel()
        await this.#ledger?.joinMiner(hand(port1, [port1]))
        await service.start(hand(port2, [port2]))
      },
      ended: () => { if (!signal.aborted) this.#ledger?.joinMiner(null).catch(() => {}) },
    }, signal)
  }
}

import type { LedgerSeat } from './ledger-api.ts'
import type { NetworkService } from './network-api.ts'
import { hand, type Remote } from './rpc.ts'

type Network = Pick<Remote<NetworkService>, 'joinLedger'>
type Ledger = Pick<Remote<LedgerSeat>, 'joinNetwork'>

/**
 * Gives the network worker and the ledger worker a line to each other whenever both run: a channel of their own, as what is said on a BroadcastChannel is
 * copied to every tab. When one is gone the other hears it, and gets a new line with the next one.
 */
export class Joints {
  #network: Network | null = null
  #ledger: Ledger | null = null

  setNetwork(network: Network | null): void {
    this.#network = network
    if (network === null) this.#ledger?.joinNetwork(null).catch(() => {}) // gone as well
    this.#join()
  }

  setLedger(ledger: Ledger | null): void {
    this.#ledger = ledger
    if (ledger === null) this.#network?.joinLedger(null).catch(() => {}) // gone as well
    this.#join()
  }

  #join(): void {
    if (this.#network === null || this.#ledger === null) return
    const { port1, port2 } = new MessageChannel()
    this.#network.joinLedger(hand(port1, [port1])).catch(() => {}) // whoever is gone is replaced, and joined anew
    this.#ledger.joinNetwork(hand(port2, [port2])).catch(() => {})
  }
}

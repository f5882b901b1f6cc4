import { HoldfastError } from '../base/index.ts'
import { ledgerChannel, type LedgerHost, type LedgerSeat } from './ledger-api.ts'
import { LedgerWorker } from './ledger-worker.ts'
import { serveTabs, type TabServer } from './tab-rpc.ts'

/** What the ledger worker does: the page that leads starts it, then all tabs ask it over `ledgerChannel`. */
export function createLedgerService(): LedgerSeat {
  let worker: LedgerWorker | null = null
  const running = () => {
    if (worker === null) throw new HoldfastError('unsupported', 'the ledger worker has not begun')
    return worker
  }
  return {
    async start(base, { mine }) {
      // The page is asked over a port, and may be gone.
      const host: LedgerHost = { mine: on => { Promise.resolve(mine(on)).catch(() => {}) } }
      let tabs: TabServer | null = null
      worker = await LedgerWorker.open(host, update => { tabs?.tell(update) })
      tabs = serveTabs(ledgerChannel, worker.methods)
      worker.follow(base)
    },
    async joinNetwork(port) { running().line.join(port) },
    async joinMiner(port) { running().mining.join(port) },
  }
}

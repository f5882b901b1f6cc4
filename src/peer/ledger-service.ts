import { HoldfastError, limits } from '../base/index.ts'
import { ledgerOf } from '../net/index.ts'
import { parametersToJson } from '../ledger/index.ts'
import { openDatabase } from '../store/index.ts'
import { ledgerChannel, type LedgerService } from './ledger-api.ts'
import { LedgerDesk } from './ledger-desk.ts'
import { followNetworkFile } from './network-place.ts'
import { serveTabs, type TabServer } from './tab-rpc.ts'

/** What the ledger worker does: the page that leads starts it, then all tabs ask it over `ledgerChannel`. */
export function createLedgerService(): Pick<LedgerService, 'start'> {
  return {
    async start(base) {
      let tabs: TabServer | null = null
      const desk = new LedgerDesk({ now: () => Date.now() }, state => { tabs?.tell(state) })
      const { account, judge, offer, prove } = desk
      tabs = serveTabs(ledgerChannel, { account, judge, offer, prove, state: async () => await desk.state() })
      const database = await openDatabase()
      const memory = {
        load: async () => await database.setting('ledger'),
        save: async (ledger: Readonly<Record<string, unknown>>) => { await database.set('ledger', ledger) },
      }
      const read = (file: unknown): Readonly<Record<string, unknown>> => {
        const parameters = ledgerOf(file)
        if (parameters === null) throw new HoldfastError('network-file', 'the network has no ledger')
        return parametersToJson(parameters)
      }
      let latest: unknown = null
      const use = (json: unknown): void => {
        latest = json
        desk.use(json).catch(() => { // told as the ledger's state
          setTimeout(() => { if (latest === json) use(json) }, limits.ledgerAgainMs)
        })
      }
      void followNetworkFile({ base, read, memory, onProblem: () => {}, signal: new AbortController().signal }, use)
    },
  }
}

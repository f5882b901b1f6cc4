import type { KeyService } from '../keys/index.ts'
import { mineWith, type MiningDesk } from '../sync/index.ts'
import { keysChannel } from './network-api.ts'
import { wrapPort } from './rpc.ts'
import { TabService } from './tab-rpc.ts'
import { workerAlarm } from './worker-alarm.ts'

/** What the miner worker does: the page that leads starts it when blocks may be made, and ends it when they may not. It holds nothing that must survive. */
export interface MinerService {
  /** `ledger` leads to the ledger worker. Resolves at once; blocks are made from now on. */
  start(ledger: MessagePort): Promise<void>
}

export function createMinerService(): MinerService {
  return {
    async start(ledger) {
      const keys = new TabService<KeyService>(keysChannel)
      const desk = wrapPort<MiningDesk>(ledger)
      const sign = async (header: Parameters<MiningDesk['seal']>[0]) => await keys.call.sign('header', header.network, header)
      void mineWith(desk, sign, workerAlarm, new AbortController().signal)
    },
  }
}

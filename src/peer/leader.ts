import type { KeyService } from '../keys/index.ts'
import { servePeerConnections, type PeerConnectionHost } from '../net/index.ts'
import { checkInMedia, inMedia } from './media-work.ts'
import { Joints } from './joints.ts'
import type { LedgerHost, LedgerSeat } from './ledger-api.ts'
import { MinerKeeper } from './miner-keeper.ts'
import type { NetworkHost, NetworkService } from './network-api.ts'
import { hand, offer } from './rpc.ts'
import type { Served } from './tab-rpc.ts'
import { keepWorker } from './worker-life.ts'
import { keysWorkerLock, ledgerWorkerLock, networkWorkerLock } from './worker-locks.ts'

export interface LeaderParts {
  /** Address of the app, without a fragment. */
  readonly base: string
  readonly keys: Served<KeyService>
  /** The network worker runs: it wants to hear how this machine stands. */
  readonly onBegun: () => void
  /** The network worker is gone and is started anew. */
  readonly onEnded: () => void
}

/**
 * Runs the peer for all tabs of this browser until `signal` aborts: the workers that exist once, and the peer connections of the one,
 * which only a page can own. Nothing else is asked of this page: the workers answer all tabs, this one too, by themselves. Rejects when
 * one of them cannot be kept alive.
 */
export async function runPeer({ base, keys, onBegun, onEnded }: LeaderParts, signal: AbortSignal): Promise<void> {
  const failed = new AbortController()
  const over = AbortSignal.any([signal, failed.signal])
  const openKey: NetworkHost['openKey'] = async sealed => await keys.open(sealed)
  const host: NetworkHost = {
    openKey,
    sections: async ({ path, placed }) => (await inMedia(async media => await media.sections(path, placed))).digests,
    openSecret: async sealed => await keys.openSecret(sealed),
    check: async ({ sealed, ...request }) => await checkInMedia({ ...request, ...sealed === null ? {} : { key: await openKey(sealed) } }),
  }
  const joints = new Joints()
  const miner = new MinerKeeper()
  const ledgerHost: LedgerHost = { mine: on => { miner.mine(on) } }
  let connections: PeerConnectionHost | null = null
  const running = Promise.withResolvers<void>()
  over.addEventListener('abort', () => { running.resolve() })
  const network = keepWorker<NetworkService>({
    lock: networkWorkerLock,
    start: () => new Worker(new URL('../../workers/network.ts', import.meta.url), { type: 'module', name: 'network' }),
    async begin(service) {
      const { port1, port2 } = new MessageChannel()
      connections = servePeerConnections(port1)
      await service.start(hand({ rtc: port2, base }, [port2]), offer(host))
      joints.setNetwork(service)
      running.resolve()
      onBegun()
    },
    ended() {
      joints.setNetwork(null)
      connections?.dispose()
      connections = null
      if (!over.aborted) onEnded()
    },
  }, over)
  const secrets = keepWorker<object>({
    lock: keysWorkerLock,
    start: () => new Worker(new URL('../../workers/keys.ts', import.meta.url), { type: 'module', name: 'keys' }),
    begin: async () => {}, // it serves as soon as it lives
  }, over)
  // What people came for first: the ledger takes its share of the processors once files can be shared and fetched.
  const ledger = running.promise.then(async () => await keepWorker<LedgerSeat>({
    lock: ledgerWorkerLock,
    start: () => new Worker(new URL('../../workers/ledger.ts', import.meta.url), { type: 'module', name: 'ledger' }),
    async begin(service) {
      miner.setLedger(service)
      await service.start(base, offer(ledgerHost))
      joints.setLedger(service)
    },
    ended() {
      miner.setLedger(null)
      joints.setLedger(null)
    },
  }, over))
  try {
    await Promise.all([network, secrets, ledger])
  } finally { failed.abort() }
}

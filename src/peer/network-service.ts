import { HoldfastError, limits } from '../base/index.ts'
import { installPeerConnections } from '../net/index.ts'
import { checkSamaritan, followed } from './choices.ts'
import { networkChannel, type NetworkService } from './network-api.ts'
import { NetworkWorker } from './network-worker.ts'
import { serveTabs } from './tab-rpc.ts'

/**
 * What the network worker does for everybody: the page that leads starts it; then all tabs, that one too, and the service worker ask it over
 * `networkChannel`, as soon as what is held is known.
 */
export function createNetworkService(): NetworkService {
  let worker: NetworkWorker | null = null
  const running = () => {
    if (worker === null) throw new HoldfastError('unsupported', 'the network worker has not begun')
    return worker
  }
  const methods: Omit<NetworkService, 'start' | 'joinLedger'> = {
    nudge: async standing => { running().nudge(standing) },
    snapshot: async () => running().updates.snapshot(),
    openJob: async job => { await running().jobDesk.begin(job) },
    tellJob: async (id, progress) => { running().jobs.tell(id, progress) },
    failJob: async (id, problem) => { await running().jobDesk.end(id, HoldfastError.fromObject(problem)) },
    dropJob: async id => { await running().jobDesk.end(id, null) },
    cancelJob: async id => { running().updates.cancel(id) },
    place: async (job, packed) => { await running().jobDesk.place(job, packed) },
    placePart: async (job, packed) => { await running().published.placePart(job, packed) },
    readyJob: async (job, ready) => { await running().published.readyJob(job, ready) },
    readyOf: async job => running().jobs.get(job)?.publish?.ready ?? null,
    endPublish: async job => { await running().published.endPublish(job) },
    makeRoom: async bytes => await running().transfers.trash.makeRoom(bytes),
    open: async link => { await running().linkDesk.open(link) },
    recall: async () => { await running().linkDesk.recall() },
    search: async cid => { running().searches.start(cid) },
    endSearch: async cid => { running().searches.stop(cid) },
    get: async (link, options) => { await running().linkDesk.get(link, options) },
    beginAttachments: async files => { await running().attached.starts.begin(files) },
    pause: async cid => { await running().transfers.pause(cid) },
    resume: async cid => { await running().linkDesk.resume(cid) },
    give: async (cid, on) => { await running().transfers.give(cid, on) },
    setFindable: async (cid, on) => { await running().transfers.setFindable(cid, on) },
    verify: async cid => { await running().transfers.verify(cid) },
    unpackAnyway: async cid => { await running().transfers.unpackAnyway(cid) },
    remove: async cid => { await running().remove(cid) },
    restore: async cid => { await running().transfers.restore(cid) },
    discard: async cid => { await running().transfers.trash.discard(cid) },
    pin: async (cid, on) => { await running().transfers.pin(cid, on) },
    block: async cid => { await running().blockDesk.block(cid) },
    blockOwner: async owner => { await running().blockDesk.blockOwner(owner) },
    importBlocklist: async text => await running().blockDesk.importBlocklist(text),
    clearBlocklist: async () => { await running().blockDesk.clearBlocklist() },
    consent: async answer => { await running().settings.set('consent', answer) },
    setSharing: async on => { await running().settings.set('sharing', on) },
    setRates: async rates => { await running().settings.set('rates', rates) },
    setMetered: async rule => { await running().settings.set('metered', rule) },
    setListed: async on => { await running().settings.set('listed', on) },
    removeRelay: async host => { await running().linkDesk.removeRelay(host) },
    decideRemoval: async take => { await running().reconciler.decide(take) },
    keepHere: async (on, now = false) => { await running().keepHere(on, now) },
    setSamaritan: async choices => { await running().settings.set('samaritan', checkSamaritan(choices)) },
    setReconcile: async ms => { await running().settings.set('reconcile-ms', Math.max(limits.reconcileLeastMs, ms)) },
    setRechecks: async on => { await running().settings.set('rechecks', on) },
    follow: async (owner, on) => { await running().settings.set('follows', followed(running().settings.current.follows, owner, on)) },
    compare: async upload => { running().reconciler.compare(upload) },
    chooseStore: async (url, sealed) => { await running().store.chooseStore(url, sealed) },
    stopMoving: async () => { await running().store.stopMoving() },
    retryStore: async () => { await running().store.retryStore() },
    frames: async () => ({ sent: running().frames.sent, last: running().frames.last }),
    describe: async cid => running().reads.describe(cid),
    sections: async cid => await running().attached.named(cid),
    read: async (cid, at, length) => await running().reads.read(cid, at, length),
  }
  return {
    ...methods,
    start: async ({ rtc, base }, host) => {
      installPeerConnections(rtc)
      let tabs: ReturnType<typeof serveTabs> | null = null
      worker = await NetworkWorker.open(base, host, update => { tabs?.tell(update) })
      tabs = serveTabs(networkChannel, methods)
    },
    joinLedger: async port => { running().state.join(port) },
  }
}

import type { Link } from '../../../src/ledger/index.ts'
import type { Sync, SyncStatus } from '../../../src/sync/index.ts'

/** A peer that says of itself what a test wants, and notes what it is told. */
export function scriptedSync(link: Link, change: Partial<SyncStatus> = {}): Sync & { status: SyncStatus, readonly told: string[] } {
  const told: string[] = []
  const unasked = async (): Promise<never> => await Promise.reject(new Error('not part of this test'))
  return {
    told,
    status: {
      stage: 'following', mode: 'full', head: link, safe: link, voted: false, behind: 0, votes: { members: 0, heard: 0, weight: 0 }, support: 0, answering: { peers: 0, relays: 0 },
      alert: null, forks: [], clockAhead: null, rests: 'resting', due: null, ...change,
    },
    chain: { record: () => null },
    desk: { turn: async () => await Promise.resolve({ parent: link.root, sealAt: 7 }), changed: unasked, draft: unasked, seal: unasked },
    start() { told.push('start') },
    async stop() { told.push('stop') },
    setVoter(voter) { told.push(`voter ${voter?.address ?? 'none'}`) },
    setMode(mode) { told.push(mode) },
    setPace(pace) { told.push(pace) },
    setMining(on) { told.push(on ? 'mining' : 'not mining') },
    nudge() { told.push('nudge') },
    answer: unasked, submitRecord: unasked, withdrawRecord() { told.push('withdraw a record') }, submit: unasked, withdraw: unasked, waiting: () => [], log(receipt) { told.push(`receipt of ${receipt.visitor}`) }, wasPulled: () => false, decide: unasked, read: unasked, fetch: unasked,
  }
}

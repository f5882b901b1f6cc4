import type { PeerState } from '../../src/peer/index.ts'
import { cidOf } from './scripted-peer.ts'
import { checking, full, getting, got, job, paused, failed, running, shared, single, stuck, waiting } from './ui-states.ts'

/** A view of the whole app: where it is, what the peer shows, and files that are about to be shared. */
export interface View { readonly hash: string, readonly state: PeerState, readonly files?: number, readonly refusal?: true }

const item = (one: PeerState['items'][number]): View => ({ hash: `#/item/${one.cid}`, state: { ...running, items: [one], canPick: true } })
export const linkText = `#/get/${cidOf('a')}?i=${'c1'.repeat(20)}&s=385000000&t=z&n=Low%20Pressure&c=0badcafe`

export const views: Readonly<Record<string, View>> = {
  'share-empty': { hash: '#/share', state: running },
  'share-full': { hash: '#/share', state: full },
  'share-setup': { hash: '#/share', state: running, files: 3 },
  'share-refused': { hash: '#/share', state: running, files: 30, refusal: true },
  'share-jobs': { hash: '#/share', state: { ...full, jobs: [job, { ...job, id: 'job-2', title: 'Letters', state: 'failed', rate: 0, left: null, problem: { code: 'file-unreadable', message: 'x', data: { path: 'letters/three.txt' } } }] } },
  'share-ready': item(shared),
  'get-home': { hash: '#/get', state: full },
  'get-before': { hash: linkText, state: running },
  'get-bad': { hash: '#/get/abc', state: running },
  'get-waiting': item(waiting),
  'get-running': item(getting),
  'get-paused': item(paused),
  'get-checking': item(checking),
  'get-failed': item(failed),
  'get-done': item(got),
  'get-single': item(single),
  'library-empty': { hash: '#/library', state: running },
  'library': { hash: '#/library', state: full },
  'network': { hash: '#/network', state: full },
  'network-stuck': { hash: '#/network', state: { ...running, connection: stuck } },
  'settings': { hash: '#/settings', state: { ...full, updateReady: true, installable: true } },
  'item-gone': { hash: `#/item/${cidOf('0')}`, state: running },
  'elsewhere': { hash: '#/share', state: { ...running, phase: 'elsewhere' } },
  'unsupported': { hash: '#/share', state: { ...running, phase: 'unsupported', missing: 'storage' } },
  'broken': { hash: '#/share', state: { ...running, phase: 'broken', failure: { code: 'storage-busy', message: 'locked', data: {} } } },
  'starting': { hash: '#/share', state: { ...running, phase: 'starting', connection: { ...stuck, steps: [] } } },
  'offline': { hash: '#/library', state: { ...full, connection: { ...stuck, online: false } } },
}

import { addressOfBytes, sha256, toHex, utf8 } from '../../src/base/index.ts'
import type { Duties, Duty, HeldFile, PublishedFile, View } from '../../src/content/index.ts'

/* Uploads and what is held of them, for tests of reconciliation. */

export const network = '00000000000000aa'
export const [alice, bob, carol] = ['a', 'b', 'c'].map(name => addressOfBytes(sha256(utf8(name)).slice(0, 20))) as [string, string, string]

export function cidOf(name: string): string { return toHex(sha256(utf8(name))) }

export function fileOf(name: string, size = 1000): PublishedFile {
  return { cid: cidOf(name), size, infohash: cidOf(`${name} torrent`).slice(0, 40), audit: cidOf(`${name} audit`) }
}

export function dutyOf(name: string, { owner = alice, size = 1000, images = [], ...rest }: Partial<Omit<Duty, 'files'>> & { readonly size?: number, readonly images?: readonly string[] } = {}): Duty {
  return { cid: cidOf(name), owner, kind: 'audio', protected: true, title: name, files: [fileOf(name, size), ...images.map(image => fileOf(image, 10))], keyCommit: '0'.repeat(64), waits: false, ...rest }
}

export function dutiesAt(safe: number, lists: Partial<Duties> = {}): Duties {
  return { network, fresh: true, safe, epoch: 36, range: 252, obliged: [], offered: [], pledge: { pledged: 1e9, public: false }, waiting: [], ...lists }
}

export function heldOf(name: string, change: Partial<HeldFile> & { readonly owner?: string } = {}): HeldFile {
  const { owner = alice, ...rest } = change
  const { cid, size, infohash, audit } = fileOf(name)
  return { cid, size, infohash, status: 'SEEDING', paused: false, problem: null, reasons: [], facts: { audit, dissem: [owner], sound: true }, ...rest }
}

export function viewOf(have: readonly HeldFile[], change: Partial<View> = {}): View {
  return { network, duties: null, hints: [], fetched: [], have: new Map(have.map(row => [row.cid, row])), newest: 0, may: () => true, retry: () => false, stalled: () => false, released: new Set(), ...change }
}

import { transfer, wrap, type Remote } from 'comlink'
import WebTorrent from 'webtorrent/dist/webtorrent.min.js'
import { inject } from 'vitest'
import { servePeerConnections } from '../../../src/net/index.ts'
import type { CanonicalFile } from './canonical.ts'
import type { SwarmLab } from './swarm.worker.ts'

/** A swarm of ours in a worker of its own, with storage of its own. */
export interface LabPeer { readonly lab: Remote<SwarmLab>, readonly folder: string, readonly worker: Worker, end(): void }

/** `room`: bytes that can be written before the disk is full. */
export interface LabOptions { readonly folder?: string, readonly trackers?: readonly string[], readonly stun?: readonly string[], readonly room?: number, readonly relays?: readonly string[] }

export async function labPeer({ folder = `swarm-${crypto.randomUUID()}`, trackers = [inject('tracker')], stun = [], room = Infinity, relays = [] }: LabOptions = {}): Promise<LabPeer> {
  const worker = new Worker(new URL('./swarm.worker.ts', import.meta.url), { type: 'module' })
  const lab = wrap<SwarmLab>(worker)
  const { port1, port2 } = new MessageChannel()
  const host = servePeerConnections(port1)
  await lab.start(transfer(port2, [port2]), folder, trackers, stun, room, relays)
  return { lab, folder, worker, end() { worker.terminate(); host.dispose() } }
}

/** A peer of ours that gives `file`. */
export async function seedOf(file: CanonicalFile, options?: LabOptions): Promise<LabPeer> {
  const peer = await labPeer(options)
  await peer.lab.put(keyOf(file), file.bytes)
  await peer.lab.seed(seeded(file))
  return peer
}

export const keyOf = ({ cid }: CanonicalFile) => `archives/${cid.slice(0, 2)}/${cid.slice(2, 4)}/${cid}.tgz`
export const pathOf = ({ cid }: CanonicalFile) => `tmp/downloads/${cid}`
export const seeded = (file: CanonicalFile) => ({ cid: file.cid, kind: 'z' as const, size: file.bytes.length, infohash: file.infohash, info: file.info, key: keyOf(file) })
export const wanted = (file: CanonicalFile) => ({
  cid: file.cid, kind: 'z' as const, size: file.bytes.length, infohash: file.infohash, info: null, bitfield: null, path: pathOf(file), give: true,
})

/** WebTorrent as its users know it: its own browser bundle with its own settings, but for the tracker and STUN. */
export interface StockTorrent {
  readonly infoHash: string
  readonly done: boolean
  readonly received: number
  readonly uploaded: number
  readonly progress: number
  readonly wires: { readonly peerChoking: boolean, readonly ut_metadata: { metadata: Uint8Array }, readonly peerId: string }[]
  readonly store: { get(index: number, range: { readonly length: number }, done: (error: null, bytes: Uint8Array) => void): void }
  readonly files: { arrayBuffer(): Promise<ArrayBuffer> }[]
  on(event: string, listener: (...values: never[]) => void): void
}
export interface StockClient {
  add(id: string, options: object): StockTorrent
  seed(input: File, options: object, done: (torrent: StockTorrent) => void): StockTorrent
  destroy(done: () => void): void
}

export function stockClient(options: object = {}): StockClient {
  const Client = WebTorrent as unknown as new (options: object) => StockClient
  return new Client({ tracker: { rtcConfig: { iceServers: [] } }, ...options })
}

export function magnet({ infohash, name }: CanonicalFile): string {
  return `magnet:?xt=urn:btih:${infohash}&dn=${name}&tr=${encodeURIComponent(inject('tracker'))}`
}

export function stockSeed(client: StockClient, { bytes, name, pieceLength }: CanonicalFile): Promise<StockTorrent> {
  return new Promise(resolve => { client.seed(new File([bytes], name), { name, pieceLength, announce: [inject('tracker')] }, resolve) })
}

export async function switchTracker(to: 'start' | 'stop'): Promise<void> {
  await fetch(`${inject('trackerSwitch')}/${to}`, { method: 'POST' })
}

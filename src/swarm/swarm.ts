// oxlint-disable-next-line typescript/triple-slash-reference -- ambient: the programs of workers and tests meet it only here
/// <reference path="./webtorrent.d.ts" />
import { HoldfastError, limits, type Infohash } from '../base/index.ts'
import { Announcer } from './announcer.ts'
import { LinkedPeers } from './linked-peers.ts'
import { PieceCache } from './piece-cache.ts'
import { Rendezvous } from './rendezvous.ts'
import { inspect } from './inspect.ts'
import { peerConnections } from './rtc.ts'
import { SwarmTorrent, type TorrentHost } from './torrent.ts'
import { WebSeeds } from './web-seeds.ts'
import type { Swarm, SwarmOptions, TorrentStatus } from './types.ts'

/** How often it looks whether a download that finds nobody should let another one try. */
const turnMs = 1000

/** Beyond this no info dictionary could describe the pieces. */
const mostBytes = limits.pieceBytesMax * Math.floor(limits.infoBytes / 20)

/**
 * The BitTorrent client of this device. `RTCPeerConnection` must exist when it starts: in a worker, the stand-in for the page's.
 * WebTorrent speaks the wire protocol and picks the pieces; meeting others, connections, files and statuses are ours, and of
 * all its discovery (trackers, DHT, LSD, PEX, web seeds) nothing is on.
 */
export async function startSwarm(options: SwarmOptions): Promise<Swarm> {
  // It removes the folder `chunks` at the top of the OPFS when it is loaded, a leftover of its own store: nothing of ours is there.
  const { default: WebTorrent } = await import('webtorrent/dist/webtorrent.min.js')
  const client = new WebTorrent({ dht: false, lsd: false, utPex: false, natUpnp: false, natPmp: false, webSeeds: false, tracker: false })
  const announcer = new Announcer(client.peerId, peerConnections(options.stun))
  announcer.setTrackers(options.trackers)
  const torrents = new Map<Infohash, SwarmTorrent>()
  let giving = true
  let shown: readonly TorrentStatus[] = []
  let soon: ReturnType<typeof setTimeout> | undefined
  let now = false
  const host: TorrentHost = { client, announcer, options, cache: new PieceCache(), webSeeds: new WebSeeds(), giving: () => giving, changed }

  const linked = options.links === null ? null
    : new LinkedPeers(options.links, options.clock, client.peerId, () => [...torrents.values()].flatMap(torrent => torrent.linked ?? []))
  const rendezvous = new Rendezvous(host)

  function changed(atOnce: boolean): void {
    if (!atOnce) soon ??= setTimeout(show, limits.swarmStatusMs)
    else if (!now) {
      now = true
      queueMicrotask(show)
    }
  }

  function show(): void {
    clearTimeout(soon)
    soon = undefined
    now = false
    takeTurns()
    const statuses = [...torrents.values()].map(torrent => torrent.status())
    if (statuses.length !== shown.length || statuses.some((status, index) => status !== shown[index])) options.onChange(shown = Object.freeze(statuses))
    if (statuses.some(({ rateIn, rateOut }) => rateIn + rateOut > 0)) changed(false) // until they are seen to fall to nothing
  }

  /** The longest waiting download gets the next free place; one that finds nobody for long lets others try. */
  function takeTurns(): void {
    const queued = [...torrents.values()].filter(torrent => torrent.queued)
    const active = [...torrents.values()].filter(torrent => torrent.active)
    const idle = active.filter(torrent => torrent.lonelyMs > limits.findingMs)
    for (const torrent of queued) {
      if (active.length >= limits.activeDownloads) {
        const parked = idle.shift()
        if (parked === undefined) return
        active.splice(active.indexOf(parked), 1)
        torrents.delete(parked.infohash)
        torrents.set(parked.infohash, parked)
        parked.park()
      }
      active.push(torrent)
      torrent.fetch()
    }
  }

  const turns = setInterval(() => {
    show()
    linked?.tick()
    for (const torrent of torrents.values()) torrent.tick()
    rendezvous.tick()
  }, turnMs)

  async function drop(infohash: Infohash): Promise<void> {
    const torrent = torrents.get(infohash)
    torrents.delete(infohash)
    changed(true)
    await torrent?.end()
  }

  return {
    drop,
    seed(file) {
      const known = torrents.get(file.infohash)
      const torrent = known ?? new SwarmTorrent(host, file)
      torrents.set(file.infohash, torrent)
      torrent.seed(file)
    },
    fetch(file) {
      const old = torrents.get(file.infohash)
      if (old !== undefined && !old.stopped) return
      if (!(file.size >= 1 && file.size <= mostBytes)) {
        const { infohash, size } = file
        return options.onProblem(infohash, new HoldfastError('bad-input', 'no file of this size can be fetched', { size }))
      }
      torrents.delete(file.infohash)
      torrents.set(file.infohash, new SwarmTorrent(host, file, old?.end()))
      changed(true)
    },
    setGive(infohash, on) { torrents.get(infohash)?.setGive(on) },
    setGiving(on) {
      giving = on
      for (const torrent of torrents.values()) torrent.settle()
    },
    setTrackers(trackers) { announcer.setTrackers(trackers) },
    setWebSeeds(bases) { host.webSeeds.setBases(bases) },
    setRates({ up, down }) {
      client.throttleUpload(rateOf(up))
      client.throttleDownload(rateOf(down))
    },
    async read(infohash, at, length, signal) {
      const torrent = torrents.get(infohash)
      if (torrent === undefined) throw new HoldfastError('not-found', 'not in the swarm')
      return await torrent.read(at, length, signal)
    },
    setOffers(offers) { rendezvous.setOffers(offers) },
    seek(cid, onAnswer) { return rendezvous.seek(cid, onAnswer) },
    async inspect(cid, infohash, signal) { return await inspect(host, cid, infohash, signal) },
    async stop() {
      clearInterval(turns)
      linked?.stop()
      rendezvous.stop()
      await Promise.all([...torrents.keys()].map(drop))
      clearTimeout(soon)
      announcer.stop()
      await new Promise<void>(resolve => { client.destroy(resolve) })
    },
  }
}

/** As WebTorrent takes it: whole bytes a second, -1 for no limit. */
function rateOf(rate: number | null): number {
  return rate === null ? -1 : Math.max(limits.rateLeast, Math.round(rate))
}

import Tracker, { type TrackerSocket } from 'bittorrent-tracker/server'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { RateLimiter, limits, type Clock } from '../base/index.ts'
import { AddressCount, addressKey } from './addresses.ts'
import type { Metrics } from './metrics.ts'
import { judgeTrackerMessage, type TrackerMessage } from './tracker-message.ts'

type Announce = Extract<TrackerMessage, { action: 'announce' }>
type Place = Pick<Announce, 'infohash' | 'peerId'>

/** A tracker socket as we see it. `places`: where it is, by `infohash:peerId`; `leaving`: those of them it left just now. `alive`: something came since the last ping. */
interface Client { readonly socket: TrackerSocket, readonly address: string, readonly places: Map<string, Place>, readonly leaving: Set<string>, alive: boolean }

/**
 * The WebTorrent tracker at `/announce`. bittorrent-tracker keeps the swarms; this stands before it and owns who is in them:
 * it shows the tracker only judged messages, counts the places of every socket and of all together, forgets swarms that
 * are empty, lets nobody speak for a peer id that another open socket holds, and closes dead sockets.
 */
export class TrackerDesk {
  private readonly clients = new Map<TrackerSocket, Client>()
  /** Places taken by infohash; never zero. */
  private readonly swarms = new Map<string, number>()
  private placesTaken = 0
  private readonly tracker = new Tracker({
    http: false,
    udp: false,
    stats: false,
    ws: { noServer: true, maxPayload: limits.socketMessageBytes, maxFragments: 64 },
  })
  private readonly rate: RateLimiter
  private readonly addresses: AddressCount
  private readonly pinging: NodeJS.Timeout
  private sockets = 0

  constructor(private readonly metrics: Metrics, clock: Clock, perAddress: number) {
    this.addresses = new AddressCount(perAddress * limits.trackerAddressPlaces)
    this.rate = new RateLimiter({ burst: limits.trackerBurst, perSecond: limits.trackerPerSecond }, clock, limits.relaySockets)
    this.tracker.on('error', () => { metrics.count('refused_total', 'tracker-error') })
    this.tracker.on('warning', () => { metrics.count('refused_total', 'tracker-warning') })
    this.pinging = setInterval(() => { this.ping() }, limits.socketPingMs)
    this.pinging.unref()
    metrics.gauge('tracker_sockets', () => this.clients.size)
    metrics.gauge('tracker_swarms', () => this.swarms.size)
    metrics.gauge('tracker_peers', () => this.placesTaken)
  }

  /** Makes a WebSocket of an upgraded socket, for whichever path; protocol errors end it and are nobody else's trouble. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (socket: TrackerSocket) => void): void {
    this.tracker.ws.handleUpgrade(request, socket, head, webSocket => {
      webSocket.on('error', () => { this.metrics.count('refused_total', 'websocket-frame') })
      done(webSocket)
    })
  }

  accept(socket: TrackerSocket, request: IncomingMessage): void {
    const client: Client = { socket, address: addressKey(request.socket.remoteAddress ?? ''), places: new Map(), leaving: new Set(), alive: true }
    const key = String(++this.sockets)
    this.clients.set(socket, client)
    socket.upgradeReq = request
    boundBacklog(socket)
    socket.on('pong', () => { client.alive = true })
    socket.on('close', () => { this.left(client) }) // before the tracker's own, which would drop the peer id whoever holds it
    this.tracker.onWebSocketConnection(socket)
    const show = socket.onMessageBound
    if (show === null) return
    socket.off('message', show)
    socket.on('message', (data: Buffer) => {
      client.alive = true
      const cost = 1 + Math.floor(data.length / 16_384)
      if (!this.rate.take(key, cost)) {
        this.metrics.count('refused_total', 'tracker-rate')
        socket.terminate()
        return
      }
      this.take(client, data.toString())
    })
  }

  async stop(): Promise<void> {
    clearInterval(this.pinging)
    for (const socket of this.clients.keys()) socket.close(1001, 'the relay stops')
    await new Promise<void>(done => { this.tracker.close(done) })
  }

  /** Takes one message, or says why not. A failure that names no swarm would make a WebTorrent client drop its socket. */
  private take(client: Client, text: string): void {
    const judged = judgeTrackerMessage(text)
    if (!judged.ok) {
      this.metrics.count('refused_total', 'tracker-garbage')
      client.socket.send(JSON.stringify({ 'failure reason': judged.reason }))
      return
    }
    const message = judged.value
    if (message.action === 'announce') {
      if (message.stopped && !client.places.has(placeKey(message))) return
      const refused = this.place(client, message)
      if (refused !== null) {
        this.metrics.count('refused_total', 'tracker-full')
        client.socket.send(JSON.stringify({ action: 'announce', info_hash: message.infoHash, 'failure reason': refused }))
        return
      }
      client.leaving.delete(placeKey(message))
    }
    this.metrics.count('tracker_messages_total', message.action)
    client.socket.onMessageBound?.(message.text)
    if (message.action !== 'announce' || !message.stopped) return
    client.leaving.add(placeKey(message))
    // The tracker looks its swarm up in a later tick and would make it anew if it were gone by then. Who is back before that stays.
    setImmediate(() => { if (client.leaving.delete(placeKey(message))) this.leave(client, message) })
  }

  /** Finds room in the swarm for who announces: null, or why there is none. */
  private place(client: Client, message: Announce): string | null {
    const { infohash, peerId } = message
    const place = placeKey(message)
    const holder = this.holder(message)
    if (holder !== null && holder !== client) {
      if (holder.address !== client.address) return 'peer_id in use'
      this.leave(holder, message) // the same person again, before the old socket was found dead
    }
    if (client.places.has(place)) return null
    if (client.places.size >= limits.trackerPlaces || this.placesTaken >= limits.trackerPeers) return 'too many peers'
    const taken = this.swarms.get(infohash) ?? 0
    if (taken === 0 && this.swarms.size >= limits.trackerSwarms) return 'too many swarms'
    if (!this.addresses.take(client.address)) return 'too many peers of this address'
    this.swarms.set(infohash, taken + 1)
    this.placesTaken++
    client.places.set(place, { infohash, peerId })
    return null
  }

  private holder({ infohash, peerId }: Place): Client | null {
    const peer = this.tracker.torrents[infohash]?.peers.peek(peerId)
    return peer === undefined ? null : this.clients.get(peer.socket) ?? null
  }

  private leave(client: Client, { infohash, peerId }: Place): void {
    if (!client.places.delete(placeKey({ infohash, peerId }))) return
    this.placesTaken--
    this.addresses.release(client.address)
    if (this.holder({ infohash, peerId }) === client) this.tracker.torrents[infohash]?.announce({ type: 'ws', event: 'stopped', numwant: 0, peer_id: peerId })
    client.socket.infoHashes = client.socket.infoHashes?.filter(one => one !== infohash) ?? null
    const taken = (this.swarms.get(infohash) ?? 1) - 1
    if (taken > 0) {
      this.swarms.set(infohash, taken)
      return
    }
    this.swarms.delete(infohash)
    delete this.tracker.torrents[infohash]
  }

  private left(client: Client): void {
    client.socket.infoHashes = []
    for (const place of client.places.values()) this.leave(client, place)
    this.clients.delete(client.socket)
  }

  private ping(): void {
    for (const client of this.clients.values()) {
      if (!client.alive) {
        this.metrics.count('refused_total', 'socket-dead')
        client.socket.terminate()
        continue
      }
      client.alive = false
      client.socket.ping()
    }
  }
}

function placeKey({ infohash, peerId }: Place): string {
  return `${infohash}:${peerId}`
}

/** Cuts a client that does not read what it is sent, before that fills the memory. */
function boundBacklog(socket: TrackerSocket): void {
  const send = socket.send.bind(socket)
  socket.send = (text, done) => {
    if (socket.bufferedAmount > limits.socketBacklogBytes) socket.terminate()
    else send(text, done)
  }
}

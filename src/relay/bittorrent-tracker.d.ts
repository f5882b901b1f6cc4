/** What the relay uses of bittorrent-tracker 11, which ships no types. `ws` is a `WebSocketServer` of the ws package. */
declare module 'bittorrent-tracker/server' {
  import type { EventEmitter } from 'node:events'
  import type { IncomingMessage } from 'node:http'
  import type { Duplex } from 'node:stream'

  interface TrackerSocket extends EventEmitter {
    readonly bufferedAmount: number
    /** Infohashes, set by the tracker; null once the socket is closed. */
    infoHashes: string[] | null
    /** The tracker's own listener for messages. */
    onMessageBound: ((message: string) => void) | null
    /** The request it came with; the tracker takes address and headers from it and drops it. */
    upgradeReq: unknown
    send(text: string, done?: (error?: Error) => void): void
    ping(): void
    close(code: number, reason?: string): void
    terminate(): void
  }

  interface TrackerSwarm {
    readonly peers: { peek(peerId: string): { readonly socket: TrackerSocket } | undefined }
    announce(params: { type: 'ws', event: 'stopped', numwant: 0, peer_id: string }): void
  }

  interface TrackerOptions {
    http: false
    udp: false
    stats: false
    ws: { noServer: true, maxPayload: number, maxFragments: number }
  }

  export default class Tracker extends EventEmitter {
    constructor(options: TrackerOptions)
    readonly ws: { handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: (socket: TrackerSocket) => void): void }
    readonly torrents: Record<string, TrackerSwarm>
    onWebSocketConnection(socket: TrackerSocket): void
    close(done: () => void): void
  }
}

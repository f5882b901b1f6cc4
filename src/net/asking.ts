import type { Connection, Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { openRequests, type OpenRequestsOptions, type RequestOptions, type Requests } from './requests.ts'

export interface AskingOptions extends Omit<OpenRequestsOptions, 'connect' | 'onFault'> {
  connect(peerId: string, signal: AbortSignal): Promise<Connection>
  onFault(peerId: string): void
}

/** Questions to any peer on any protocol, one stream for both together as long as the peer is connected. */
export class Asking {
  private readonly streams = new Map<string, Requests>()

  constructor(private readonly node: Libp2p, private readonly options: AskingOptions) {}

  async request(peerId: string, protocol: string, value: unknown, options?: RequestOptions): Promise<unknown> {
    const peer = peerIdFromString(peerId)
    const key = `${peerId} ${protocol}`
    const requests = this.streams.get(key) ?? openRequests(this.node, peer, protocol, {
      ...this.options,
      connect: async signal => await this.options.connect(peerId, signal),
      onFault: () => { this.options.onFault(peerId) },
    })
    this.streams.set(key, requests)
    try { return await requests.request(value, options) } finally {
      if (this.node.getConnections(peer).length === 0) this.streams.delete(key) // nobody will tell that it left
    }
  }

  /** The last connection to it closed. */
  forget(peerId: string): void {
    for (const key of this.streams.keys()) if (key.startsWith(`${peerId} `)) this.streams.delete(key)
  }

  stop(): void {
    for (const requests of this.streams.values()) requests.close()
  }
}

import type { Connection, Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { openRequests, type OpenRequestsOptions, type RequestOptions, type Requests } from './requests.ts'

export interface AskingOptions extends Omit<OpenRequestsOptions, 'connect' | 'onFault'> {
  connect(peerId: string, signal: AbortSignal): Promise<Connection>
  onFault(peerId: string): void
}

/** `underWay`: questions, and dials to the peer for them. */
interface Asked { readonly requests: Requests, underWay: number }

/** Questions to any peer on any protocol, one stream for both together as long as the peer is connected. */
export class Asking {
  private readonly streams = new Map<string, Asked>()

  constructor(private readonly node: Libp2p, private readonly options: AskingOptions) {}

  async request(peerId: string, protocol: string, value: unknown, options?: RequestOptions): Promise<unknown> {
    const peer = peerIdFromString(peerId)
    const key = `${peerId} ${protocol}`
    const during = async <T>(task: () => Promise<T>): Promise<T> => {
      asked.underWay++
      try { return await task() } finally {
        asked.underWay--
        if (this.node.getConnections(peer).length === 0) this.drop(key) // nobody will tell that it left
      }
    }
    const asked = this.streams.get(key) ?? {
      underWay: 0,
      requests: openRequests(this.node, peer, protocol, {
        ...this.options,
        connect: async signal => await during(async () => await this.options.connect(peerId, signal)),
        onFault: () => { this.options.onFault(peerId) },
      }),
    }
    this.streams.set(key, asked)
    return await during(async () => await asked.requests.request(value, options))
  }

  /** The last connection to it closed. */
  forget(peerId: string): void {
    for (const key of this.streams.keys()) if (key.startsWith(`${peerId} `)) this.drop(key)
  }

  stop(): void {
    for (const { requests } of this.streams.values()) requests.close()
  }

  /** Not in the middle of something: the next question would open another stream beside that of the one under way. */
  private drop(key: string): void {
    if (this.streams.get(key)?.underWay === 0) this.streams.delete(key)
  }
}

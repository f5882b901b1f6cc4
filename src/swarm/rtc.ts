/** What we need of WebRTC: the browser's own objects on a page, stand-ins for the page's in a worker. */
export interface PeerConnection extends EventTarget {
  readonly connectionState: string
  readonly iceGatheringState: string
  readonly localDescription: { readonly type: string, readonly sdp: string } | null
  createDataChannel(label: string): DataChannel
  createOffer(): Promise<unknown>
  createAnswer(): Promise<unknown>
  setLocalDescription(description: unknown): Promise<void>
  setRemoteDescription(description: Description): Promise<void>
  close(): void
}

export interface DataChannel extends EventTarget {
  binaryType: string
  bufferedAmountLowThreshold: number
  readonly bufferedAmount: number
  readonly readyState: string
  send(bytes: Uint8Array<ArrayBuffer>): void
}

/** Half of a negotiation, as it travels through a tracker. */
export interface Description { readonly type: 'offer' | 'answer', readonly sdp: string }

export type MakePeerConnection = () => PeerConnection

/** Browsers warn from five ICE servers on: each is asked for every connection. */
const mostServers = 4

/** Peer connections that ask the given STUN servers (`stun:host:port`) and nobody else. */
export function peerConnections(stun: readonly string[]): MakePeerConnection {
  const { RTCPeerConnection } = globalThis as unknown as { RTCPeerConnection: new (configuration: object) => PeerConnection }
  const iceServers = stun.slice(0, mostServers).map(urls => ({ urls }))
  return () => new RTCPeerConnection({ iceServers })
}

import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify, identifyPush } from '@libp2p/identify'
import type { ConnectionGater, Libp2p, PeerId, PrivateKey } from '@libp2p/interface'
import { ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { createLibp2p } from 'libp2p'
import { limits } from '../base/index.ts'

export interface Libp2pOptions {
  readonly key: PrivateKey
  readonly gater: ConnectionGater
  /** Whether to ask this peer for a relay slot: anybody can claim to be a relay. */
  isRelay(peer: PeerId): boolean
  /** STUN servers as they are now; none but those of the network. */
  stun(): readonly string[]
}

/** A libp2p node for a tab. WebRTC where the engine has it; @libp2p/webrtc reads the globals as it loads, and loads native code in Node. */
export async function createNode({ key, gater, isRelay, stun }: Libp2pOptions): Promise<Libp2p> {
  const rtcConfiguration = () => ({ iceServers: stun().map(urls => ({ urls })) })
  const webRTC = hasWebRTC() ? [(await import('@libp2p/webrtc')).webRTC({ rtcConfiguration })] : []
  // One search a slot: libp2p asks for one wherever a relay is met, and holds no more than these.
  const searches = Array.from({ length: limits.relaysWanted }, () => '/p2p-circuit')
  return await createLibp2p({
    privateKey: key,
    addresses: { listen: [...searches, ...webRTC.length > 0 ? ['/webrtc'] : []] },
    transports: [
      webSockets(),
      // The library's own filter forgets a relay some time after its connection closed; one that is back sooner would never be asked.
      circuitRelayTransport({ discoveryFilter: { has: peer => !isRelay(peer), add: () => {}, remove: () => {} } }),
      ...webRTC,
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: gater,
    connectionManager: { reconnectRetries: 0, maxIncomingPendingConnections: limits.directPeersMost }, // coming back to relays is the keeper's work
    services: { identify: identify(), identifyPush: identifyPush(), ping: ping() },
  })
}

export function hasWebRTC(): boolean {
  return typeof RTCPeerConnection === 'function'
}

import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify, identifyPush } from '@libp2p/identify'
import type { Connection, Libp2p } from '@libp2p/interface'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { WebRTC } from '@multiformats/multiaddr-matcher'
import { createLibp2p } from 'libp2p'

/**
 * libp2p as its own example of private-to-private WebRTC wires it: everything on the page, dial the relay, wait for an address
 * through it, dial the other by an address that was handed over.
 */
export async function startExample(relay: string): Promise<{ node: Libp2p, address: string }> {
  const node = await createLibp2p({
    addresses: { listen: ['/p2p-circuit', '/webrtc'] },
    transports: [webSockets(), webRTC({ rtcConfiguration: { iceServers: [] } }), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), identifyPush: identifyPush() },
  })
  await node.dial(multiaddr(relay))
  const own = () => node.getMultiaddrs().find(address => WebRTC.matches(address))
  while (own() === undefined) await new Promise(changed => { node.addEventListener('self:peer:update', changed, { once: true }) })
  return { node, address: String(own()) }
}

/** Dials until a direct connection holds; `failed`: how many dials did not before. */
export async function dialDirect(node: Libp2p, address: string): Promise<{ connection: Connection, failed: number }> {
  for (let failed = 0; ; failed++) {
    try {
      const connection = await node.dial(multiaddr(address))
      if (connection.limits !== undefined) throw new TypeError('the dial ended with a relayed connection')
      return { connection, failed }
    } catch (error) {
      if (failed === 4) throw error
    }
  }
}

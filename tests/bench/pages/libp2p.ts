import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify, identifyPush } from '@libp2p/identify'
import { webRTC } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { WebRTC } from '@multiformats/multiaddr-matcher'
import { createLibp2p } from 'libp2p'

/*
 * libp2p as its own example of private-to-private WebRTC wires it: everything on the page, dial the relay, wait for an address
 * through it, dial the other by an address that was handed over.
 */

async function start(relay: string) {
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

const page = {
  /** Resolves with the address to dial, once others can. */
  async listen(relay: string): Promise<string> {
    return (await start(relay)).address
  },
  /** Dials until it holds: ms since the page began, and how many dials failed before. */
  async connect(relay: string, address: string): Promise<{ ms: number, failed: number }> {
    const { node } = await start(relay)
    for (let failed = 0; ; failed++) {
      try {
        const connection = await node.dial(multiaddr(address))
        if (connection.limits !== undefined) throw new TypeError('the dial ended with a relayed connection')
        return { ms: performance.now(), failed }
      } catch (error) {
        if (failed === 4) throw error
      }
    }
  },
}

export type Libp2pPage = typeof page
declare global { var libp2pPage: Libp2pPage }
globalThis.libp2pPage = page

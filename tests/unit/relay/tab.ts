import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { webSockets } from '@libp2p/websockets'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { expect, onTestFinished } from 'vitest'
import type { Relay } from '../../../src/relay/relay.ts'
import { RawWebSocket } from './raw-socket.ts'

Object.assign(globalThis, { WebSocket: RawWebSocket })

/** What a tab runs, without WebRTC: a libp2p node that looks for a slot at the relay. Gone when the test ends. `windowBytes`: what a stream takes unread. */
export async function tab(privateKey?: PrivateKey, windowBytes = 2 ** 24): Promise<Libp2p> {
  const node = await createLibp2p({
    ...privateKey !== undefined && { privateKey },
    addresses: { listen: ['/p2p-circuit'] },
    transports: [webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ streamOptions: { maxStreamWindowSize: windowBytes } })],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  })
  onTestFinished(async () => { await node.stop() })
  return node
}

/** The relay's multiaddr as a page composes it. */
export function addressOf({ port, peerId }: Pick<Relay, 'port' | 'peerId'>): Multiaddr {
  return multiaddr(`/ip4/127.0.0.1/tcp/${port}/ws/p2p/${peerId}`)
}

/** A tab that holds a slot; `prepare` sets up its protocols first. */
export async function reservedTab(relay: Pick<Relay, 'port' | 'peerId'>, privateKey?: PrivateKey, prepare: (node: Libp2p) => Promise<void> = async () => {}, windowBytes?: number): Promise<Libp2p> {
  const node = await tab(privateKey, windowBytes)
  await prepare(node)
  await node.dial(addressOf(relay), { signal: AbortSignal.timeout(5000) })
  await expect.poll(() => node.getMultiaddrs().length, { timeout: 5000, interval: 10 }).toBe(1)
  return node
}

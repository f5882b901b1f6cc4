import '../../../src/relay/node20.ts'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { createNode } from '../../../src/net/libp2p.ts'
import { RawWebSocket } from '../../unit/relay/raw-socket.ts'
import { serveParent } from './child.ts'

/**
 * Many visitors in one process. `tabs`: libp2p nodes as a tab has them, each until it holds a slot of the relay. `circuits`: each second one
 * of them reaches the next through the relay. `sockets`: plain WebSockets which have 32 bytes echoed every ten seconds, as often as libp2p
 * pings. The answer is how many there are: one that could not be made within twenty seconds is left out.
 */
export type TabsOrder =
  | { readonly do: 'tabs', readonly relay: string, readonly count: number }
  | { readonly do: 'circuits', readonly relay: string }
  | { readonly do: 'sockets', readonly url: string, readonly count: number }

Object.assign(globalThis, { WebSocket: RawWebSocket })

const atOnce = 4
const pingMs = 10_000
const nodes: Libp2p[] = []
const circuits: Connection[] = []
const sockets: RawWebSocket[] = []

/** A few at a time: the relay takes a hundred connections a second from one address. */
async function each(count: number, make: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => { while (next < count) await make(next++).catch((error: unknown) => { console.error(`  not made: ${String(error)}`) }) }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

async function openTab(relay: string): Promise<void> {
  const node = await createNode({ key: await generateKeyPair('Ed25519'), gater: {}, isRelay: () => true, stun: () => [] })
  await node.dial(multiaddr(relay), { signal: AbortSignal.timeout(20_000) })
  for (const end = Date.now() + 20_000; node.getMultiaddrs().length === 0;) {
    if (Date.now() > end) throw new Error('no slot')
    await new Promise(done => { setTimeout(done, 20) })
  }
  nodes.push(node)
}

async function openCircuit(relay: string, n: number): Promise<void> {
  const [from, to] = [nodes[2 * n], nodes[2 * n + 1]]
  if (from === undefined || to === undefined) return
  circuits.push(await from.dial(multiaddr(`${relay}/p2p-circuit/p2p/${to.peerId.toString()}`), { signal: AbortSignal.timeout(20_000) }))
}

async function openSocket(url: string): Promise<void> {
  const socket = new RawWebSocket(url)
  await new Promise((done, fail) => {
    socket.addEventListener('open', done)
    socket.addEventListener('error', () => { fail(new Error('no socket')) })
  })
  setInterval(() => { socket.send(new Uint8Array(32)) }, pingMs)
  sockets.push(socket)
}

serveParent(async (order: TabsOrder): Promise<number> => {
  switch (order.do) {
    case 'tabs':
      await each(order.count, async () => { await openTab(order.relay) })
      return nodes.filter(node => node.getMultiaddrs().length > 0).length
    case 'circuits':
      await each(Math.floor(nodes.length / 2), async n => { await openCircuit(order.relay, n) })
      return circuits.filter(({ status }) => status === 'open').length
    case 'sockets':
      await each(order.count, async () => { await openSocket(order.url) })
      return sockets.length
  }
})

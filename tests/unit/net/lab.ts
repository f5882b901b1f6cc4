import '../../../src/relay/node20.ts'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { circuitRelayServer, circuitRelayTransport, type CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { createServer, type AddressInfo } from 'node:net'
import type { Clock, Random } from '../../../src/base/index.ts'
import { RawWebSocket } from '../relay/raw-socket.ts'
import { PeerBook, judgePeers, openRequests, peersProtocol, requestRates, servePeers, serveRequests, startNode, type ConnectionState, type NetNode, type NodeOptions } from '../../../src/net/index.ts'

Object.assign(globalThis, { WebSocket: globalThis.WebSocket ?? RawWebSocket }) // Node 20 has none

export const clock: Clock = { now: () => Date.now() }
export const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }
export const network = 'lab'

/** A circuit relay on a port of its own, which can be killed and started again as the same one. */
export class LabRelay {
  private node: Libp2p<{ relay: CircuitRelayService }> | null = null

  private constructor(readonly seed: Uint8Array, readonly port: number, readonly address: string, private readonly slots: number, private readonly circuitBytes: number) {}

  static async start(number: number, slots = 100, circuitBytes = 2 ** 30): Promise<LabRelay> {
    const seed = new Uint8Array(32).fill(number)
    const peerId = peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', seed))
    const port = await freePort()
    const relay = new LabRelay(seed, port, `/ip4/127.0.0.1/tcp/${String(port)}/ws/p2p/${peerId.toString()}`, slots, circuitBytes)
    await relay.resume()
    return relay
  }

  get reservations(): number {
    return this.node?.services.relay.reservations.size ?? 0
  }

  async resume(): Promise<void> {
    const node = await createLibp2p({
      privateKey: await generateKeyPairFromSeed('Ed25519', this.seed),
      addresses: { listen: [`/ip4/127.0.0.1/tcp/${String(this.port)}/ws`] },
      transports: [webSockets()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionManager: { inboundConnectionThreshold: 1000, maxIncomingPendingConnections: 100 },
      services: { identify: identify(), ping: ping(), relay: circuitRelayServer({ reservations: { maxReservations: this.slots, defaultDataLimit: BigInt(this.circuitBytes) } }) },
    })
    node.addEventListener('peer:disconnect', ({ detail: peer }) => {
      node.services.relay.reservations.get(peer)?.signal.clear()
      node.services.relay.reservations.delete(peer)
    })
    await this.introduce(node)
    this.node = node
  }

  /** Learns who is here by asking, and tells who asks. */
  private async introduce(node: Libp2p): Promise<void> {
    const book = new PeerBook(clock)
    node.addEventListener('peer:identify', ({ detail: { peerId } }) => {
      const asking = openRequests(node, peerId, peersProtocol(network))
      setTimeout(() => {
        void asking.request({ have: 0 }).then(async reply => await judgePeers(reply)).then(judged => {
          if (judged.ok) for (const record of judged.value) book.add(record, peerId.toString())
          return null
        }).catch(() => null)
      }, 300)
    })
    await serveRequests(node, peersProtocol(network), servePeers({ own: () => null, known: () => book.known() }), { rates: requestRates(clock) })
  }

  async kill(): Promise<void> {
    await this.node?.stop()
    this.node = null
  }
}

/** A libp2p node with a slot on the relay that is in nobody's book: it does what a test has it do. */
export async function stranger(relay: LabRelay): Promise<Libp2p> {
  const node = await createLibp2p({
    addresses: { listen: ['/p2p-circuit'] },
    transports: [webSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify(), ping: ping() },
  })
  await node.dial(multiaddr(relay.address))
  await until(() => node.getMultiaddrs().length > 0, 'a slot for the stranger')
  return node
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => { server.close(resolve) })
  return port
}

export interface LabNode { readonly node: NetNode, readonly states: ConnectionState[], readonly records: [string, Uint8Array][], readonly seqs: number[] }

export async function labNode(relays: readonly LabRelay[], number: number, known: readonly Uint8Array[] = [], more: Partial<NodeOptions> = {}): Promise<LabNode> {
  const states: ConnectionState[] = []
  const records: [string, Uint8Array][] = []
  const seqs: number[] = []
  const node = await startNode({
    places: { name: network, relays: relays.map(({ address }) => address), trackers: [], stun: [] },
    seed: new Uint8Array(32).fill(number), clock, random, seq: 0, knownRecords: known,
    onChange: state => { states.push(state) },
    onRecord: (peerId, record) => { records.push([peerId, record]) },
    onSeq: seq => { seqs.push(seq) },
    ...more,
  })
  return { node, states, records, seqs }
}

export async function until(condition: () => boolean, what: string, ms = 20_000): Promise<number> {
  const begin = Date.now()
  while (!condition()) {
    if (Date.now() - begin > ms) throw new Error(`never: ${what}`)
    await new Promise(resolve => { setTimeout(resolve, 20) })
  }
  return Date.now() - begin
}

export const relayState = (node: NetNode, relay: LabRelay) => node.state.relays.find(({ address }) => address === relay.address)?.state
export const stepOf = (node: NetNode, name: string) => node.state.steps.find(step => step.name === name)

import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Neighbour } from '../sync/index.ts'
import type { PeerBook } from './peer-book.ts'
import type { PeerLinks } from './peer-links.ts'
import { relayIdOf } from './peer-record.ts'

interface Surroundings {
  readonly node: Pick<Libp2p, 'getConnections'>
  readonly links: PeerLinks
  readonly book: PeerBook
  /** Peer ids of those we are connected to. */
  readonly relays: readonly string[]
}

/** Everybody who can be asked: relays first, then who is connected, then who is known to be found through a relay. */
export function neighboursOf({ node, links, book, relays }: Surroundings): readonly Neighbour[] {
  const found = new Map<string, Neighbour>(relays.map(id => [id, { id, address: null, relays: [id] }]))
  const add = (id: string, through: readonly string[]) => {
    const record = book.get(id)
    const all = new Set([...record?.relays.map(relayIdOf) ?? [], ...through])
    if (!found.has(id)) found.set(id, { id, address: record?.account?.address ?? null, relays: [...all] })
  }
  for (const { peerId } of links.all({ errands: true })) add(peerId, circuitRelays(node, peerId))
  for (const { peerId, relays: { length } } of book.known()) if (length > 0) add(peerId, [])
  return [...found.values()]
}

/** Relays through which it is connected now. */
function circuitRelays(node: Pick<Libp2p, 'getConnections'>, peerId: string): readonly string[] {
  return node.getConnections(peerIdFromString(peerId)).flatMap(({ remoteAddr, limits }) => limits === undefined ? [] : /\/p2p\/([^/]+)\/p2p-circuit/.exec(remoteAddr.toString())?.[1] ?? [])
}

import type { ConnectionGater } from '@libp2p/interface'
import { isPrivate } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'

/**
 * Which addresses may be dialled. The network's own relays: as they are, over plain ws and at private addresses too, for that is
 * how a relay on the same machine or in the same house is reached. What peers tell of: only relays over TLS at public names or
 * addresses, so that nobody can make this browser knock on doors inside somebody's network.
 */
export function mayDial(address: string, relays: readonly string[]): boolean {
  const [hop = ''] = address.split('/p2p-circuit')
  if (relays.some(relay => hop === relay || hop === relay.replace(/\/p2p\/[^/]+$/, ''))) return true
  return /\/(wss|tls\/ws|tls\/sni\/[^/]+\/ws)(\/|$)/.test(hop) && !isPrivate(multiaddr(hop))
}

/** `blocked`: peers we do not speak with for now. */
export function gater(relays: () => readonly string[], blocked: (peerId: string) => boolean): ConnectionGater {
  return {
    denyDialMultiaddr: address => !mayDial(address.toString(), relays()),
    denyDialPeer: peer => blocked(peer.toString()),
    denyInboundRelayedConnection: (_relay, peer) => blocked(peer.toString()),
    denyInboundUpgradedConnection: peer => blocked(peer.toString()),
  }
}

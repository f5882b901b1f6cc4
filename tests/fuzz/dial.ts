import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { relayIdOf } from '../../src/net/index.ts'

/** Throws what libp2p throws where a relay's address is not one it can dial. */
export function mustDial(address: string): void {
  peerIdFromString(relayIdOf(address))
  multiaddr(`${address}/p2p-circuit`)
}

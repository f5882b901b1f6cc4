import { BlockedPeers } from './blocked-peers.ts'
import type { NetworkPlaces } from './network-file.ts'
import type { NodeOptions } from './node-api.ts'
import { relayIdOf } from './peer-record.ts'

/** What libp2p asks us about while it works: which relays and STUN servers are ours, and with whom we do not speak. */
export class Rules {
  places: NetworkPlaces
  readonly blocked: BlockedPeers

  constructor({ places, clock }: NodeOptions) {
    this.places = places
    this.blocked = new BlockedPeers(clock)
  }

  isRelay(peerId: string): boolean {
    return this.places.relays.some(address => relayIdOf(address) === peerId)
  }

  /** A relay is only asked anew: there is no other way out. */
  isCut(peerId: string): boolean {
    return this.blocked.has(peerId) && !this.isRelay(peerId)
  }
}

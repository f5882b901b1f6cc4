import type { Wire } from 'webtorrent/dist/webtorrent.min.js'
import { limits, type Cid } from '../base/index.ts'
import { judgeRendezvous, rendezvousAnswer, rendezvousOf, type RendezvousAnswer } from '../content/index.ts'
import { Meeting } from './meeting.ts'
import type { SwarmHost } from './membership.ts'
import type { Offer } from './types.ts'

const extensionName = 'holdfast_cid'

interface Place { offer: Offer | null, readonly seekers: Set<(answer: RendezvousAnswer, peerId: string) => void>, meeting: Meeting | null, seeks: boolean }

/**
 * The rendezvous of content ids: what is offered is handed over there to whoever comes, what is sought is asked for. Offers are
 * announced one after the other, as the files themselves matter more, the newest `limits.rendezvousOffers` of them.
 */
export class Rendezvous {
  private readonly places = new Map<Cid, Place>()
  private lastAt = 0

  constructor(private readonly host: SwarmHost) {}

  setOffers(offers: readonly Offer[]): void {
    const kept = new Map(offers.slice(-limits.rendezvousOffers).map(offer => [offer.cid, offer]))
    for (const [cid, place] of this.places) place.offer = kept.get(cid) ?? null
    for (const offer of kept.values()) this.place(offer.cid).offer = offer
    for (const cid of this.places.keys()) this.settle(cid)
  }

  seek(cid: Cid, onAnswer: (answer: RendezvousAnswer, peerId: string) => void): () => void {
    this.place(cid).seekers.add(onAnswer)
    this.settle(cid)
    this.join(cid)
    return () => {
      this.places.get(cid)?.seekers.delete(onAnswer)
      this.settle(cid)
    }
  }

  /** Announces the next offer, when it is time. */
  tick(): void {
    const now = this.host.options.clock.now()
    if (now - this.lastAt < limits.rendezvousPaceMs) return
    for (const [cid, { meeting }] of this.places) {
      if (meeting !== null) continue
      this.lastAt = now
      this.join(cid)
      return
    }
  }

  stop(): void {
    for (const { meeting } of this.places.values()) meeting?.leave()
    this.places.clear()
  }

  private place(cid: Cid): Place {
    const place = this.places.get(cid) ?? { offer: null, seekers: new Set(), meeting: null, seeks: false }
    this.places.set(cid, place)
    return place
  }

  /** Leaves a place where we have no more to do, or where we are now on the other side. */
  private settle(cid: Cid): void {
    const place = this.places.get(cid)
    if (place === undefined) return
    const idle = place.offer === null && place.seekers.size === 0
    if (idle || place.seeks !== place.seekers.size > 0) {
      place.meeting?.leave()
      place.meeting = null
    }
    if (idle) this.places.delete(cid)
  }

  private join(cid: Cid): void {
    const place = this.place(cid)
    if (place.meeting !== null) return
    place.seeks = place.seekers.size > 0
    const meeting: Meeting = place.meeting = new Meeting(this.host, rendezvousOf(cid), place.seeks, {
      onInfo() {}, // no torrent has this infohash
      onError() {},
      onWire: wire => { this.speak(wire, cid, place, meeting) },
    })
  }

  /** Whoever offers says so as soon as the other speaks the extension; whoever seeks ends the wire when it heard. */
  private speak(wire: Wire, cid: Cid, place: Place, meeting: Meeting): void {
    class HoldfastCid {
      declare readonly name: string
      onExtendedHandshake(): void {
        if (place.offer !== null) wire.extended(extensionName, rendezvousAnswer(cid, place.offer))
      }

      onMessage(payload: Uint8Array): void {
        const { peerId } = wire
        const judged = judgeRendezvous(payload, cid)
        meeting.done(peerId)
        wire.destroy()
        if (judged.ok) for (const tell of place.seekers) tell(judged.value, peerId)
      }
    }
    Object.defineProperty(HoldfastCid.prototype, 'name', { value: extensionName })
    wire.use(HoldfastCid)
  }
}

import { limits, toHex, type Infohash } from '../base/index.ts'
import { Dial } from './dial.ts'
import type { Description, MakePeerConnection } from './rtc.ts'
import { announcement, answerMessage, type Announcement, type TrackerMessage } from './tracker-message.ts'
import type { WireSocket } from './wire-socket.ts'

const firstPauseMs = 2000
const pauseGrowth = 1.5
const refreshMs = 500

/** A file of ours as its tracker conversations see it. */
export interface ListedFile {
  readonly infohash: Infohash
  /** Bytes still missing, given and got: what trackers are told. */
  progress(): { readonly left: number, readonly uploaded: number, readonly downloaded: number }
  connections(): number
  /** Those of them who have all of it. */
  keepers(): number
  /** Whether it still wants bytes and nobody connected gives them. */
  lonely(): boolean
  /** Whether a connection to this peer would be of use. */
  wants(peerId: string): boolean
  /** An open connection; `ours` when we made the offer. */
  onSocket(socket: WireSocket, ours: boolean): void
  /** What the trackers say of themselves changed. */
  onTracker(): void
}

/**
 * What one tracker and we say to each other about one file. An announcement carries no offer at first, since every offer is
 * a peer connection: the tracker's answer says how many others there are, and offers are made when some of them are not
 * connected (leechers count for a seed, everybody for a leecher), one for each other, as the tracker hands them out by lot. So
 * a file nobody else has costs no connection, and whoever comes second, seed or leecher, makes the offers at once. Lonely
 * files ask again after two seconds, then ever more slowly up to `limits.announceLonelyMs`; the rest at the tracker's interval,
 * at most `limits.announceMs`.
 */
export class Listing {
  /** Whether the tracker answers; null before its first word. */
  answers: boolean | null = null
  private offers = new Map<string, Dial>()
  private answering = new Set<string>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private pause = firstPauseMs
  private making = 0
  /** An announcement is due in a moment. */
  private soon = false
  private closed = false

  constructor(readonly file: ListedFile, readonly peerId: string, readonly make: MakePeerConnection, readonly send: (message: string) => void) {}

  /** Introduces us; also after every reconnection, as the tracker forgot us with the socket. */
  start(): void {
    this.pause = firstPauseMs
    this.announce('started')
  }

  /** Asks anew in a moment, as the last source went; many may go together. */
  refresh(): void {
    this.pause = firstPauseMs
    this.schedule(refreshMs)
    this.soon = true
  }

  /** Tells that we have it all. */
  completed(): void {
    this.announce('completed')
  }

  down(): void {
    clearTimeout(this.timer)
    this.dropOffers()
    this.heard(false)
  }

  close(): void {
    clearTimeout(this.timer)
    this.closed = true
    this.dropOffers()
    this.send(announcement({ ...this.self(), event: 'stopped', offers: [] }))
  }

  receive(message: TrackerMessage): void {
    switch (message.kind) {
      case 'failure': return this.heard(false)
      case 'counts': return this.onCounts(message)
      case 'offer': return void this.onOffer(message)
      case 'answer': return void this.onAnswer(message)
    }
  }

  private onCounts({ complete, incomplete, intervalMs }: TrackerMessage & { readonly kind: 'counts' }): void {
    this.heard(true)
    this.schedule(Math.max(intervalMs, limits.announceLonelyMs))
    const [others, connections, whole] = [complete + incomplete - 1, this.file.connections(), this.file.progress().left === 0]
    const unmet = whole ? incomplete - (connections - this.file.keepers()) : others - connections
    if (unmet <= 0) return
    const count = Math.min(others, limits.swarmPeers - connections, limits.offersAtOnce) - this.offers.size - this.making
    if (count > 0) void this.offer(count)
  }

  private async offer(count: number): Promise<void> {
    this.making += count
    const dials = await Promise.allSettled(Array.from({ length: count }, () => Dial.offer(this.make)))
    this.making -= count
    const made = dials.flatMap(dial => dial.status === 'fulfilled' ? [dial.value] : []) // the rest: no connection to be had now
    if (this.closed) return made.forEach(dial => { dial.close() })
    const offers = made.map(dial => {
      const id = toHex(crypto.getRandomValues(new Uint8Array(20)))
      this.offers.set(id, dial)
      void this.await(id, dial)
      return { id, description: dial.description }
    })
    if (offers.length > 0) this.send(announcement({ ...this.self(), offers }))
  }

  private async await(id: string, dial: Dial): Promise<void> {
    try {
      this.file.onSocket(await dial.opened, true)
    } catch {
      // nobody took the offer, or there is no way to who did
    } finally { this.offers.delete(id) }
  }

  private async onOffer({ peerId, offerId, description }: { readonly peerId: string, readonly offerId: string, readonly description: Description }): Promise<void> {
    const full = this.file.connections() + this.answering.size >= limits.swarmPeers
    if (full || this.answering.has(peerId) || !this.file.wants(peerId)) return
    this.answering.add(peerId)
    try {
      const dial = await Dial.answer(this.make, peerId, description)
      this.send(answerMessage(this.file.infohash, this.peerId, peerId, offerId, dial.description))
      this.file.onSocket(await dial.opened, false)
    } catch {
      // an offer that leads nowhere: its maker tries again
    } finally { this.answering.delete(peerId) }
  }

  private async onAnswer({ peerId, offerId, description }: { readonly peerId: string, readonly offerId: string, readonly description: Description }): Promise<void> {
    const dial = this.offers.get(offerId)
    if (dial === undefined || dial.peerId !== '') return
    if (this.file.wants(peerId)) await dial.accept(peerId, description).catch(() => {}) // a broken answer closed it
    else dial.close()
  }

  private announce(event?: Announcement['event']): void {
    this.soon = false
    this.send(announcement({ ...this.self(), ...event !== undefined && { event }, offers: [] }))
    this.schedule(limits.announceMs) // should no answer come
  }

  private schedule(intervalMs: number): void {
    if (this.closed || this.soon) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.pause = Math.min(this.pause * pauseGrowth, limits.announceLonelyMs)
      this.announce()
    }, Math.min(intervalMs, limits.announceMs, this.file.lonely() ? this.pause : Infinity))
  }

  private heard(answers: boolean): void {
    if (this.answers === answers) return
    this.answers = answers
    this.file.onTracker()
  }

  private dropOffers(): void {
    for (const dial of this.offers.values()) if (dial.peerId === '') dial.close()
  }

  private self(): Pick<Announcement, 'infohash' | 'peerId' | 'left' | 'uploaded' | 'downloaded'> {
    return { infohash: this.file.infohash, peerId: this.peerId, ...this.file.progress() }
  }
}

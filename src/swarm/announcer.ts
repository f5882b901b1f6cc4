import type { Infohash } from '../base/index.ts'
import { Listing, type ListedFile } from './listing.ts'
import type { MakePeerConnection } from './rtc.ts'
import { TrackerSocket } from './tracker-socket.ts'
import type { TrackerMessage } from './tracker-message.ts'

/**
 * Meets others at the trackers: one socket to each, one listing for each file on each of them. We do this ourselves, as
 * WebTorrent's own tracker client waits up to five minutes before it looks for a tracker again, and makes its offers, five
 * peer connections a time, whether or not anybody is there to take them.
 */
export class Announcer {
  private files = new Map<Infohash, ListedFile>()
  private trackers = new Map<string, { readonly socket: TrackerSocket, readonly listings: Map<Infohash, Listing> }>()

  constructor(readonly peerId: string, readonly make: MakePeerConnection) {}

  add(file: ListedFile): void {
    this.files.set(file.infohash, file)
    for (const url of this.trackers.keys()) this.list(url, file)
  }

  remove(infohash: Infohash): void {
    this.files.delete(infohash)
    for (const { listings } of this.trackers.values()) {
      listings.get(infohash)?.close()
      listings.delete(infohash)
    }
  }

  /** Whether any tracker answers for this file; null before the first word. */
  state(infohash: Infohash): 'ok' | 'unreachable' | null {
    const answers = new Set([...this.trackers.values()].map(({ listings }) => listings.get(infohash)?.answers))
    return answers.has(true) ? 'ok' : answers.has(false) ? 'unreachable' : null
  }

  /** The last source is gone: asks anew. */
  refresh(infohash: Infohash): void {
    this.each(infohash, listing => { listing.refresh() })
  }

  /** We became a source. */
  completed(infohash: Infohash): void {
    this.each(infohash, listing => { listing.completed() })
  }

  setTrackers(urls: readonly string[]): void {
    for (const [url, { socket, listings }] of this.trackers) {
      if (urls.includes(url)) continue
      for (const listing of listings.values()) listing.close()
      socket.close()
      this.trackers.delete(url)
    }
    for (const url of urls) if (!this.trackers.has(url)) this.open(url)
  }

  stop(): void {
    for (const infohash of this.files.keys()) this.remove(infohash)
    this.setTrackers([])
  }

  /** The listings of a file at the trackers that are there. */
  private each(infohash: Infohash, act: (listing: Listing) => void): void {
    for (const { socket, listings } of this.trackers.values()) {
      const listing = listings.get(infohash)
      if (socket.open && listing !== undefined) act(listing)
    }
  }

  private open(url: string): void {
    const listings = new Map<Infohash, Listing>()
    const each = (act: (listing: Listing) => void): void => { for (const listing of listings.values()) act(listing) }
    const receive = (message: TrackerMessage): void => {
      if (message.infohash !== null) listings.get(message.infohash)?.receive(message)
    }
    const socket = new TrackerSocket(url, {
      onOpen: () => { each(listing => { listing.start() }) },
      onDown: () => { each(listing => { listing.down() }) },
      onMessage: receive,
    })
    this.trackers.set(url, { socket, listings })
    for (const file of this.files.values()) this.list(url, file)
  }

  private list(url: string, file: ListedFile): void {
    const tracker = this.trackers.get(url)
    if (tracker === undefined) return
    const listing = new Listing(file, this.peerId, this.make, message => { tracker.socket.send(message) })
    tracker.listings.set(file.infohash, listing)
    if (tracker.socket.open) listing.start()
    else if (tracker.socket.down) listing.down()
  }
}

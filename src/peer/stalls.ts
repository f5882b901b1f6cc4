import { limits, type Cid, type Clock } from '../base/index.ts'
import type { ContentRow } from '../store/index.ts'

interface Stall { readonly infohash: string, readonly received: number, readonly ms: number, readonly at: number, readonly tries: number }

/** For how long nothing came of files for which records name other torrents, too. Forgets with the program. */
export class Stalls {
  readonly #known = new Map<Cid, Stall>()

  constructor(private readonly clock: Clock) {}

  /** Whether there are such files, so that they have to be looked at. */
  get any(): boolean { return this.#known.size > 0 }

  /** How they stand now; those that are not among them are forgotten. */
  look(rows: readonly Pick<ContentRow, 'cid' | 'infohash'>[], received: (cid: Cid) => number, online: boolean): void {
    const now = this.clock.now()
    const before = new Map(this.#known)
    this.#known.clear()
    for (const { cid, infohash } of rows) {
      const [known, came] = [before.get(cid), received(cid)]
      const grew = known !== undefined && known.infohash === infohash && came > known.received
      if (known === undefined || grew) this.#known.set(cid, { infohash, received: came, ms: 0, at: now, tries: 0 })
      else if (known.infohash !== infohash) this.#known.set(cid, { infohash, received: came, ms: 0, at: now, tries: known.tries + 1 })
      else this.#known.set(cid, { ...known, ms: known.ms + (online ? Math.min(now - known.at, 2 * limits.reconcileMs) : 0), at: now }) // a machine that slept looked at nothing
    }
  }

  /** Whether the next torrent is to be tried. What came already is not thrown away for as long as its givers may come back. */
  due(cid: Cid): boolean {
    const stall = this.#known.get(cid)
    if (stall === undefined) return false
    return stall.ms >= (stall.received > 0 ? limits.refetchMostMs : Math.min(limits.otherTorrentMs * 2 ** stall.tries, limits.refetchMostMs))
  }
}

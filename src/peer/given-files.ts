import type { Cid, Infohash } from '../base/index.ts'
import type { ContentSource, GivenFile } from '../net/index.ts'
import type { Offer } from '../swarm/index.ts'
import type { ContentBook } from './content-book.ts'

/** What others may hear of what this device holds: only what is stored whole and given now. `may` says whether that is so of a content at all. */
export class GivenFiles implements ContentSource {
  constructor(private readonly book: ContentBook, private readonly may: (cid: Cid) => boolean) {}

  byCid(cid: Cid): GivenFile | null {
    const row = this.book.get(cid)
    if (row === undefined || row.info === null || row.status !== 'SEEDING' || !row.giving || !this.may(cid)) return null
    return { cid, infohash: row.infohash, info: row.info, findable: row.findable }
  }

  byInfohash(infohash: Infohash): GivenFile | null {
    const cid = this.book.cidOf(infohash)
    return cid === undefined ? null : this.byCid(cid)
  }

  /** What may be found at the rendezvous by its content id alone. */
  offers(): readonly Offer[] {
    return this.book.all().flatMap(cid => {
      const file = this.byCid(cid)
      return file?.findable === true ? [{ cid, infohash: file.infohash, length: this.book.get(cid)?.size ?? 0 }] : []
    })
  }
}

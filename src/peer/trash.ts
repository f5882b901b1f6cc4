import { limits, type Cid, type Clock } from '../base/index.ts'
import type { ContentBook } from './content-book.ts'
import type { TrashItem } from './item-api.ts'

/** What was removed and is still stored: a state of its row, so that no bucket has to move a byte. `erase` deletes one for good, if it is still there. */
export class Trash {
  constructor(private readonly book: ContentBook, private readonly clock: Clock, private readonly erase: (cid: Cid) => Promise<void>) {}

  /** The newest first. */
  list(): readonly TrashItem[] {
    return this.book.trashed().toSorted((a, b) => b.trashedAt - a.trashedAt)
      .map(({ cid, title, size, trashedAt }) => ({ cid, title, size, trashedAt, endsAt: trashedAt + limits.trashMs }))
  }

  /** Deletes one, or with null all. */
  async discard(cid: Cid | null): Promise<void> {
    for (const each of this.list()) if (cid === null || each.cid === cid) await this.erase(each.cid)
  }

  /** Deletes what has been here for its time. */
  async expire(): Promise<void> {
    const now = this.clock.now()
    for (const { cid, endsAt } of this.list()) if (endsAt <= now) await this.erase(cid)
  }

  /** Deletes the oldest until `bytes` are free; false where there was nothing to delete. */
  async makeRoom(bytes: number): Promise<boolean> {
    let freed = 0
    for (const { cid, size } of this.list().toReversed()) {
      if (freed >= bytes) break
      await this.erase(cid)
      freed += size
    }
    return freed > 0
  }
}

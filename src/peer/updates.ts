import type { Cid } from '../base/index.ts'
import type { Transfers } from './transfers.ts'
import type { ItemUpdate, NetworkUpdate } from './network-api.ts'

/** At most ten updates a second leave the worker, each with what changed since the one before. */
const pauseMs = 100

export class Updates {
  private pending: { -readonly [K in keyof NetworkUpdate]: NetworkUpdate[K] } = {}
  private readonly dirty = new Set<Cid>()
  private readonly toldMembers = new Set<Cid>()
  private timer: ReturnType<typeof setTimeout> | null = null

  constructor(private readonly send: (update: NetworkUpdate) => void, private readonly transfers: () => Transfers) {}

  changed(cid: Cid): void {
    this.dirty.add(cid)
    this.schedule()
  }

  set<K extends 'failedJobs' | 'connection' | 'network' | 'settings'>(key: K, value: NetworkUpdate[K]): void {
    this.pending[key] = value
    this.schedule()
  }

  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    const update = this.pending
    this.pending = {}
    if (this.dirty.size > 0) this.addItems(update)
    this.send(update)
  }

  private addItems(update: typeof this.pending): void {
    const transfers = this.transfers()
    const items: ItemUpdate[] = []
    const removed: Cid[] = []
    const members: (readonly [Cid, NonNullable<ReturnType<Transfers['members']>>])[] = []
    for (const cid of this.dirty) {
      const item = transfers.item(cid)
      if (item === null) {
        removed.push(cid)
        this.toldMembers.delete(cid)
        continue
      }
      items.push(item)
      const list = transfers.members(cid)
      if (list !== null && !this.toldMembers.has(cid)) {
        this.toldMembers.add(cid)
        members.push([cid, list])
      }
    }
    this.dirty.clear()
    Object.assign(update, { items, removed, members, storage: transfers.room() } satisfies NetworkUpdate)
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => { this.flush() }, pauseMs)
  }
}

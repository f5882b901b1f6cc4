import type { Cid } from '../base/index.ts'
import type { KeepingSums } from './keeping-api.ts'
import type { Transfers } from './transfers.ts'
import type { Member } from '../content/index.ts'
import type { ItemUpdate, NetworkUpdate } from './network-api.ts'

/** At most ten updates a second leave the worker, each with what changed since the one before. */
const pauseMs = 100

/** What is told of whole, each time it changes. */
type Told = Omit<NetworkUpdate, 'items' | 'removed' | 'members' | 'storage' | 'trash' | 'keeping' | 'cancelled'>

/** Gathers what changes. Owns what was told last, so that somebody who comes later can be told all of it. */
export class Updates {
  private told: Told = {}
  private pending: { -readonly [K in keyof NetworkUpdate]: NetworkUpdate[K] } = {}
  private readonly dirty = new Set<Cid>()
  private readonly toldMembers = new Map<Cid, readonly Member[]>()
  private timer: ReturnType<typeof setTimeout> | null = null

  constructor(
    private readonly send: (update: NetworkUpdate) => void,
    private readonly now: () => { readonly transfers: Transfers, readonly keeping: KeepingSums },
    private readonly driver: 'opfs' | 'idb',
  ) {}

  changed(cid: Cid): void {
    this.dirty.add(cid)
    this.schedule()
  }

  set(what: Told): void {
    this.told = { ...this.told, ...what }
    Object.assign(this.pending, what)
    this.schedule()
  }

  /** What is kept, and why, may be another. */
  figures(): void {
    this.pending.keeping = this.now().keeping
    this.schedule()
  }

  /** Asks whoever does this job to end it. */
  cancel(job: string): void {
    this.pending.cancelled = [...this.pending.cancelled ?? [], job]
    this.flush()
  }

  flush(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    const update = this.pending
    this.pending = {}
    if (this.dirty.size > 0) this.addItems(update)
    this.send(update)
  }

  /** Everything, for one who knows nothing yet; what is pending is told to all as ever. */
  snapshot(): NetworkUpdate {
    const { transfers } = this.now()
    const all = transfers.all()
    return {
      ...this.told, ...this.stored(),
      items: all.flatMap(cid => transfers.item(cid) ?? []),
      members: all.flatMap(cid => {
        const list = transfers.members(cid)
        return list === null ? [] : [[cid, list] as const]
      }),
    }
  }

  private addItems(update: typeof this.pending): void {
    const { transfers } = this.now()
    const items: ItemUpdate[] = []
    const removed: Cid[] = []
    const members: (readonly [Cid, readonly Member[]])[] = []
    for (const cid of this.dirty) {
      const item = transfers.item(cid)
      if (item === null) {
        removed.push(cid)
        this.toldMembers.delete(cid)
        continue
      }
      items.push(item)
      const list = transfers.members(cid)
      if (list === null || this.toldMembers.get(cid) === list) continue
      this.toldMembers.set(cid, list)
      members.push([cid, list])
    }
    this.dirty.clear()
    Object.assign(update, { items, removed, members, ...this.stored() } satisfies NetworkUpdate)
  }

  private stored(): Pick<NetworkUpdate, 'storage' | 'trash' | 'keeping'> {
    const { transfers, keeping } = this.now()
    return { storage: { ...transfers.room(), driver: this.driver }, trash: transfers.trash.list(), keeping }
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => { this.flush() }, pauseMs)
  }
}

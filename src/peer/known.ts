import type { Cid } from '../base/index.ts'
import { cleanName, type Member } from '../content/index.ts'
import type { ConnectionState } from '../net/index.ts'
import type { Item } from './item-api.ts'
import type { KeepingSums } from './keeping-api.ts'
import type { ItemUpdate, NetworkUpdate } from './network-api.ts'
import type { ShareJob } from './share-api.ts'
import type { PeerState } from './state-api.ts'

interface Shown { readonly update: ItemUpdate, readonly members: readonly Member[] | null, readonly link: string, readonly item: Item }

/** What a page knows of the peer by what the network worker told: everything once, then what changes. */
export class Known {
  jobs: readonly ShareJob[] = []
  keeping: KeepingSums | null = null
  private items = new Map<Cid, ItemUpdate>()
  private members = new Map<Cid, readonly Member[]>()
  private readonly shown = new Map<Cid, Shown>()

  /** `forget`: a content that is gone. */
  constructor(private readonly link: (item: ItemUpdate) => string, private readonly forget: (cid: Cid) => void) {}

  /** Takes in an update, with `whole` in place of all before; returns what of the state it replaces as it is. */
  learn(update: NetworkUpdate, whole: boolean): Partial<PeerState> {
    const { items = [], removed = [], members = [], jobs, connection, network, settings, opened, searches, trash, sent, keeping, store } = update
    if (whole) this.keepOnly(new Set(items.map(({ cid }) => cid)))
    for (const cid of removed) this.drop(cid)
    for (const item of items) this.items.set(item.cid, item)
    for (const [cid, list] of members) this.members.set(cid, list.map(member => ({ ...member, path: cleanName(member.path) })))
    if (jobs !== undefined) this.jobs = jobs
    if (keeping !== undefined) this.keeping = keeping
    const same = { connection, network, opened, searches, trash, sent, store }
    return { ...Object.fromEntries(Object.entries(same).filter(([, value]) => value !== undefined)), ...settings }
  }

  item(cid: Cid): ItemUpdate | undefined {
    return this.items.get(cid)
  }

  membersOf(cid: Cid): readonly Member[] | null {
    return this.members.get(cid) ?? null
  }

  /** Whether the key of a protected item is here. */
  hasKey(cid: Cid): boolean {
    return (this.items.get(cid)?.sealed ?? null) !== null
  }

  /** Items as people see them, newest first; one that did not change is the same object as before. */
  list(): readonly Item[] {
    return [...this.items.values()].map(update => this.show(update)).toSorted((a, b) => b.addedAt - a.addedAt)
  }

  private show(update: ItemUpdate): Item {
    const { sealed: _, ...rest } = update
    const members = this.membersOf(update.cid)
    const link = this.link(update)
    const before = this.shown.get(update.cid)
    if (before?.update === update && before.members === members && before.link === link) return before.item
    const item: Item = Object.freeze({ ...rest, members, link, protected: update.kind === 'p' || update.kind === 'a' })
    this.shown.set(update.cid, { update, members, link, item })
    return item
  }

  private keepOnly(cids: ReadonlySet<Cid>): void {
    for (const cid of this.items.keys()) if (!cids.has(cid)) this.drop(cid)
    this.members.clear()
  }

  private drop(cid: Cid): void {
    this.items.delete(cid)
    this.members.delete(cid)
    this.shown.delete(cid)
    this.forget(cid)
  }
}

/** How the connection stands while the peer is being started anew: nothing is connected, and the way begins at its first step. */
export function reconnecting(connection: ConnectionState): ConnectionState {
  const steps = (['relay', 'reserved', 'signalling', 'direct'] as const).map((name, i) => ({ name, state: i === 0 ? 'working' as const : 'waiting' as const, reason: null }))
  return { ...connection, steps, relays: [], peers: [], rtc: { live: 0, made: 0 } }
}

import { HoldfastError, type Cid } from '../base/index.ts'
import type { Chain, Link, Tip } from './chain.ts'
import { judgeHeaderBytes, type Header } from './header.ts'
import { hit } from './pot/hit.ts'
import { blockKind, interval, type BlockKind } from './pot/time-rule.ts'
import type { BlockStore, StoredBlock } from './ports.ts'

/** The links of the blocks a store keeps, read once and then kept in memory; what proof of transaction makes of one is worked out when it is asked. */
export class Links implements Chain {
  readonly #links: Map<Cid, Link>
  readonly #store: BlockStore
  readonly #rescue: number
  readonly #isShared: boolean

  /** `shared`: where ledgers of one memo have theirs. */
  constructor(store: BlockStore, rescue: number, shared: Map<Cid, Link> | null = null) {
    this.#store = store
    this.#rescue = rescue
    this.#links = shared ?? new Map<Cid, Link>()
    this.#isShared = shared !== null
  }

  record(root: Cid): Link | null {
    const row = this.#store.block(root)
    if (row === null) return null
    let link = this.#links.get(root)
    if (link === undefined) {
      link = new StoredLink(row, headerOf(row), at => (this.#links.get(at) ?? this.record(at))?.header ?? null, this.#rescue)
      this.#links.set(root, link)
    }
    return link
  }

  /** Lets go of links whose blocks the store no longer has. */
  forget(): void {
    if (this.#isShared) return
    for (const root of this.#links.keys()) if (this.#store.block(root) === null) this.#links.delete(root)
  }

  /** A link that was just judged, so that nothing of it is worked out again. */
  add(link: Link): void {
    if (!this.#isShared || !this.#links.has(link.root)) this.#links.set(link.root, link)
  }
}

/** A judged tip whose root is known. */
export function linkOf(tip: Tip, root: Cid): Link { return { ...tip, root } }

function headerOf({ root, header }: StoredBlock): Header {
  const judged = judgeHeaderBytes(header)
  if (!judged.ok) throw new HoldfastError('storage-damaged', `a stored header: ${judged.detail}`, { root })
  return judged.value
}

class StoredLink implements Link {
  readonly root: Cid
  readonly parent: Cid | null
  readonly id: Cid
  readonly power: bigint
  readonly header: Header
  #hit: bigint | null = null

  constructor(row: StoredBlock, header: Header, private readonly before: (root: Cid) => Header | null, private readonly rescue: number) {
    this.root = row.root
    this.parent = row.parent
    this.id = row.block
    this.power = row.power
    this.header = header
  }

  get hit(): bigint { return this.#hit ??= this.parent === null ? 0n : hit(this.header.generation) }

  get interval(): bigint { return interval(this.hit, this.header.baseTarget, this.power) ?? 0n }

  get kind(): BlockKind | 'genesis' {
    if (this.parent === null) return 'genesis'
    const parentTime = this.before(this.parent)?.time ?? 0
    return blockKind({ parentTime, time: this.header.time, interval: this.interval, rescue: this.rescue }) ?? 'rescue'
  }
}


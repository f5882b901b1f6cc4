import { magnetLink } from '../content/index.ts'
import type { ContentRow } from '../store/index.ts'
import type { TorrentStatus } from '../swarm/index.ts'
import type { Item } from './item-api.ts'
import { itemReasons } from './keeping-figures.ts'
import type { ItemUpdate } from './network-api.ts'
import { picturesOf } from './picture-of.ts'

/** What is known of one content besides its row, by the one who asks. */
export interface ItemContext {
  readonly status: TorrentStatus | null
  /** Bytes that were here when the program started, for as long as the swarm says nothing newer. */
  readonly received: number
  readonly checking: boolean
  readonly job: string | null
  readonly trackers: readonly string[]
  /** As in `Item`. */
  readonly readable: number
}

/** What people see of a stored or coming file: its row and what the swarm says of it now. */
export function itemOf(row: ContentRow, context: ItemContext): ItemUpdate {
  const { status, checking, job, trackers, readable } = context
  const { cid, infohash, kind, size, title } = row
  const state = stateOf(row, status, checking)
  const received = state === 'here' || state === 'checking' ? size : Math.max(status?.received ?? 0, context.received)
  const rateIn = status?.rateIn ?? 0
  return {
    cid, infohash, kind, title, size, state, job, received, rateIn, readable,
    origin: row.origin,
    reasons: itemReasons(row),
    pictureOf: picturesOf(row),
    sealed: row.sealed,
    findable: row.findable,
    bomb: row.status === 'SEEDING' && row.members === null && (kind === 'z' || (kind === 'p' && row.sealed !== null)),
    relayed: status?.relayed ?? false,
    magnet: magnetLink({ infohash, name: title }, trackers),
    addedAt: row.addedAt,
    problem: row.problem,
    rateOut: status?.rateOut ?? 0,
    left: state === 'getting' && rateIn > 0 ? (size - received) / rateIn : null,
    keepers: status?.keepers ?? 0,
    seen: row.seen ?? null,
    sources: status?.sources ?? 0,
    receivers: status?.receivers ?? [],
    given: row.given,
    giving: row.giving,
    tracker: status?.tracker ?? null,
  }
}

function stateOf(row: ContentRow, status: TorrentStatus | null, checking: boolean): Item['state'] {
  if (row.status === 'SEEDING') return 'here'
  if (checking || row.status === 'PLACING') return 'checking'
  if (row.status === 'FAILED') return 'failed'
  if (row.paused) return 'paused'
  return status !== null && status.sources > 0 ? 'getting' : 'waiting'
}

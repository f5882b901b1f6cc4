import type { Cid, Infohash } from '../../base/index.ts'
import { limits } from '../../base/index.ts'
import type { ContentVerdict, PublishedFile } from '../publication.ts'
import type { Kind } from '../types.ts'
import { fileKind, uploadKey, type Duties, type Duty, type FileFacts, type UploadName } from './duties.ts'
import { expectedFiles, takenOffers, type Expected } from './expected.ts'
import { isVerdict, judgeHeld, verdictOf } from './judge-held.ts'
import { dutiesOf, dutyReason, isDuty } from './reasons.ts'
import { Ways, nextWay } from './ways.ts'

/** What of a row is looked at. */
export interface HeldFile {
  readonly cid: Cid
  readonly infohash: Infohash
  readonly size: number
  readonly status: 'PENDING' | 'DOWNLOADING' | 'PLACING' | 'SEEDING' | 'FAILED' | 'TRASHED'
  readonly paused: boolean
  readonly problem: { readonly code: string } | null
  readonly reasons: readonly string[]
  /** Of a ledger's reasons that are not in its state any more: since which block. */
  readonly absent?: Readonly<Record<string, number>>
  readonly facts?: FileFacts
}

export interface View {
  /** The one this device is of; null: of none. */
  readonly network: string | null
  readonly duties: Duties | null
  /** Offers of blocks that are not safe yet: they add, and take nothing away. */
  readonly hints: readonly Duty[]
  /** Uploads the person fetched: only compared with what their records say. */
  readonly fetched: readonly Duty[]
  readonly have: ReadonlyMap<Cid, HeldFile>
  /** The newest safety root that was acted on: an older state is no news. */
  readonly newest: number
  readonly may: (upload: UploadName) => boolean
  /** Whether what failed is tried again now. */
  readonly retry: (cid: Cid) => boolean
  /** Whether nothing came of it for so long that another torrent is to be tried. */
  readonly stalled: (cid: Cid) => boolean
  /** What the person let go when it was asked (`Pass.asks`). */
  readonly released: ReadonlySet<Cid>
}

export type Action =
  /** MISSING: it is not here. */
  | { readonly act: 'fetch', readonly cid: Cid, readonly file: PublishedFile, readonly kind: Kind, readonly title: string, readonly reasons: readonly string[] }
  /** The row is to have these reasons, and what is in the trash comes back. */
  | { readonly act: 'keep', readonly cid: Cid, readonly reasons: readonly string[], readonly absent: Readonly<Record<string, number>> }
  /** CORRUPTED, or failed in another way: it is fetched again, by what this record says. */
  | { readonly act: 'refetch', readonly cid: Cid, readonly file: PublishedFile, readonly kind: Kind }
  /** Nothing comes of the torrent it is fetched by (`from`): that of another record is tried. */
  | { readonly act: 'other', readonly cid: Cid, readonly from: Infohash, readonly file: PublishedFile, readonly kind: Kind }
  /** ORPHANED: no reason is left. It is given to nobody and goes to the trash. */
  | { readonly act: 'drop', readonly cid: Cid }
  /** It lies here and was never read for what its record says of it. */
  | { readonly act: 'check', readonly cid: Cid }

/** What a pass would take away, and does not before somebody says so. */
export interface Removal { readonly cids: readonly Cid[], readonly bytes: number }

export interface Pass {
  readonly actions: readonly Action[]
  readonly asks: Removal | null
  /** Offers that are whole and right. */
  readonly verified: readonly UploadName[]
  readonly verdicts: readonly (UploadName & { readonly verdict: ContentVerdict })[]
  /** Kept by an accept that the state does not have any more. */
  readonly leaving: readonly UploadName[]
  /** What is coming, or fetched by this pass, and may come by other torrents, too. */
  readonly contested: readonly Cid[]
  /** The safety root that was acted on; null: the state was not one to act on. */
  readonly safe: number | null
}

/**
 * What is to be done so that this device holds what the ledger has it hold: pure, and the same for the same input. Reasons of the person and of other networks
 * are never touched. Takes away only by a fresh state of its own network that is no older than the last, and only what was absent for an epoch of blocks; for a
 * mutable range where others have yet to accept.
 */
export function reconcile(view: View): Pass {
  const { network, duties, hints, fetched, have } = view
  const state = duties !== null && duties.network === network && duties.fresh && duties.safe >= view.newest ? duties : null
  if (network === null) return nothing
  const obliged = state?.obliged.filter(view.may) ?? []
  const known = new Set(state === null || hints.length === 0 ? [] : [...state.obliged, ...state.offered].map(uploadKey))
  const offered = takenOffers([...state?.offered ?? [], ...hints.filter(hint => !known.has(uploadKey(hint)))], obliged, view.may)
  const expected = expectedFiles(network, [['obliged', obliged], ['offered', offered]])
  const judged = judgeAll(obliged, offered, fetched, have)
  const removal = new Removals(view.released)
  const leaving = new Map<string, UploadName>()
  const actions: Action[] = []
  const ways = new Ways(fetched)
  const contested: Cid[] = []
  let coming = 0
  let held = 0
  for (const row of have.values()) {
    const wanted = expected.get(row.cid)
    if (row.status === 'SEEDING') {
      held += row.size
      if (wanted !== undefined && isAsWanted(row, wanted)) continue
    }
    if ((row.status === 'PENDING' || row.status === 'DOWNLOADING') && !row.paused) {
      const all = ways.of(row, wanted)
      if (all.length > 1) contested.push(row.cid)
      const next = all.length > 1 && view.stalled(row.cid) ? nextWay(row, all) : null
      if (next !== null) actions.push({ act: 'other', cid: row.cid, from: row.infohash, ...next })
    }
    if (row.status === 'TRASHED' && wanted === undefined) continue
    if (wanted === undefined && !row.reasons.some(isDuty) && row.reasons.length > 0) continue
    const next = reasonsOf(row, wanted, view, network, state, leaving)
    if (next.reasons.length === 0) removal.add(row, network)
    else if (row.status === 'TRASHED' || !same(row, next)) actions.push({ act: 'keep', cid: row.cid, ...next })
    if (wanted === undefined) continue
    const file = wanted.duty.files[wanted.at]!
    if (row.status === 'FAILED' && (row.infohash !== file.infohash || (verdictOf(row.problem?.code ?? '') === null && view.retry(row.cid)))) {
      actions.push({ act: 'refetch', cid: row.cid, file, kind: fileKind(wanted.duty, wanted.at) })
      coming++
    } else if ((row.status === 'PENDING' || row.status === 'DOWNLOADING') && !row.paused) coming++
  }
  for (const [cid, { duty, at, reasons, others }] of expected) {
    if (coming >= limits.dutyDownloads) break
    if (have.has(cid)) continue
    actions.push({ act: 'fetch', cid, file: duty.files[at]!, kind: fileKind(duty, at), title: duty.title, reasons })
    if (others !== undefined) contested.push(cid)
    coming++
  }
  for (const cid of judged.unread) actions.push({ act: 'check', cid })
  const asks = removal.judge(held)
  if (asks === null) for (const cid of removal.cids) actions.push({ act: 'drop', cid })
  else for (const cid of removal.approved) actions.push({ act: 'drop', cid })
  return { actions, asks, verified: judged.verified, verdicts: judged.verdicts, leaving: [...leaving.values()], contested, safe: state?.safe ?? null }
}

const nothing: Pass = { actions: [], asks: null, verified: [], verdicts: [], leaving: [], contested: [], safe: null }

interface Reasons { readonly reasons: readonly string[], readonly absent: Readonly<Record<string, number>> }

function reasonsOf(row: HeldFile, wanted: Expected | undefined, view: View, network: string, state: Duties | null, leaving: Map<string, UploadName>): Reasons {
  if (row.status === 'TRASHED') return { reasons: wanted?.reasons ?? [], absent: {} } // why it was kept before was let go
  const reasons: string[] = []
  const absent: Record<string, number> = {}
  for (const reason of row.reasons) {
    if (!isDuty(reason) || wanted?.reasons.includes(reason) === true) { reasons.push(reason); continue }
    const [duty] = dutiesOf([reason], row.cid)
    if (duty === undefined || duty.network !== network) {
      reasons.push(reason)
      if (row.absent?.[reason] !== undefined) absent[reason] = row.absent[reason]
      continue
    }
    const { why, upload } = duty
    if (why === 'offered' && wanted?.reasons.includes(dutyReason('obliged', network, upload, row.cid)) === true) continue // accepted
    if (!view.may(upload)) continue
    if (why === 'obliged' && state !== null) leaving.set(uploadKey(upload), upload)
    const since = row.absent?.[reason] ?? state?.safe
    if (state !== null && since !== undefined && state.safe - since >= patience(why, upload, state)) continue
    reasons.push(reason)
    if (since !== undefined) absent[reason] = since
  }
  for (const reason of wanted?.reasons ?? []) if (!reasons.includes(reason)) reasons.push(reason)
  return { reasons, absent }
}

/** For how many blocks a reason has to be absent before it goes. */
function patience(why: 'offered' | 'obliged', upload: UploadName, { epoch, range, waiting }: Duties): number {
  if (why === 'offered') return epoch
  return waiting === undefined || waiting.some(each => each.cid === upload.cid && each.owner === upload.owner) ? Math.max(epoch, range) : epoch
}

/** The common case: its reasons are exactly those of the ledger, in their order, and none was ever absent. */
function isAsWanted({ reasons, absent }: HeldFile, wanted: Expected): boolean {
  if (reasons.length !== wanted.reasons.length) return false
  for (let i = 0; i < reasons.length; i++) if (reasons[i] !== wanted.reasons[i]) return false
  for (const _ in absent) return false
  return true
}

function same(row: HeldFile, next: Reasons): boolean {
  const [before, after] = [row.absent ?? {}, next.absent]
  if (row.reasons.length !== next.reasons.length || row.reasons.some((reason, i) => next.reasons[i] !== reason)) return false
  const marks = Object.keys(after)
  return Object.keys(before).length === marks.length && marks.every(mark => before[mark] === after[mark])
}

type Judged = Pick<Pass, 'verified' | 'verdicts'> & { readonly unread: ReadonlySet<Cid> }

function judgeAll(obliged: readonly Duty[], offered: readonly Duty[], fetched: readonly Duty[], have: View['have']): Judged {
  const [verified, verdicts, unread]: [UploadName[], (UploadName & { readonly verdict: ContentVerdict })[], Set<Cid>] = [[], [], new Set()]
  const held = (cid: Cid): HeldFile | undefined => have.get(cid)
  for (const duty of obliged) {
    const standing = judgeHeld(duty, held)
    if (isVerdict(standing)) verdicts.push({ cid: duty.cid, owner: duty.owner, verdict: standing })
  }
  const isOffer = new Set(offered)
  for (const duty of [...offered, ...fetched]) {
    const [{ cid, owner }, standing] = [duty, judgeHeld(duty, held)]
    if (isVerdict(standing)) verdicts.push({ cid, owner, verdict: standing })
    else if (standing !== 'verified') for (const file of duty.files) if (have.get(file.cid)?.status === 'SEEDING' && have.get(file.cid)?.facts === undefined) unread.add(file.cid)
    if (standing === 'verified' && isOffer.has(duty)) verified.push({ cid, owner })
  }
  return { verified, verdicts, unread }
}

/** What is left without a reason. */
class Removals {
  readonly cids: Cid[] = []
  readonly approved: Cid[] = []
  private readonly rest: Cid[] = []
  private readonly uploads = new Set<string>()
  private bytes = 0

  constructor(private readonly released: ReadonlySet<Cid>) {}

  add(row: HeldFile, network: string): void {
    if (row.status === 'TRASHED') return
    this.cids.push(row.cid)
    if (this.released.has(row.cid)) { this.approved.push(row.cid); return }
    this.rest.push(row.cid)
    if (row.status === 'SEEDING') this.bytes += row.size
    for (const { network: of, upload } of dutiesOf(row.reasons, row.cid)) if (of === network) this.uploads.add(uploadKey(upload))
  }

  /** The files of one upload go by themselves, whatever part they are of what is held: who holds few would be asked each time. */
  judge(held: number): Removal | null {
    const many = this.rest.length > limits.removedFiles || (this.bytes > held * limits.removedShare && this.uploads.size > 1)
    return many ? { cids: this.rest, bytes: this.bytes } : null
  }
}

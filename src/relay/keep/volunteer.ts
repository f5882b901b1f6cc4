import { HoldfastError, limits, utf8, type Alarm, type Infohash } from '../../base/index.ts'
import { contentKey, dutyBytes, fileKind, judgeHeld, planVoluntary, uploadKey, volunteerRank, type ContentVerdict, type HeldFile, type UploadName, type Voluntary } from '../../content/index.ts'
import type { Ledger } from '../../ledger/index.ts'
import { contentProtocol, hasQuestion, judgeHas } from '../../net/index.ts'
import { readRange } from '../../store/index.ts'
import type { SyncStatus } from '../../sync/index.ts'
import type { Blocked } from '../content/blocked.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { RelayNode } from '../peers.ts'
import { checkFile } from './check-file.ts'
import { fetchFile } from './fetch-file.ts'
import type { KeptFile, KeptFiles } from './kept-files.ts'
import { KnownCopies } from './known-copies.ts'
import { KeptUploads, type Offered } from './uploads.ts'

export interface VolunteerParts {
  readonly node: Pick<RelayNode, 'peerId' | 'request' | 'reserved'>
  /** The network's name. */
  readonly name: string
  readonly files: KeptFiles
  /** Bytes of files it may take, never more. */
  readonly room: number
  readonly ledger: Pick<Ledger, 'head' | 'values' | 'changes' | 'parameters'>
  readonly status: () => SyncStatus
  readonly blocked: Blocked | null
  readonly clock: Alarm
  readonly metrics: Metrics
  readonly log: Log
  /** A file is not here any more. */
  dropped(cid: string): void
}

/** Crowds of blocks end in one pass. */
const soonMs = 250

/**
 * A relay as a good samaritan (keepers.md, rule 1): of the protected uploads of the head's state it keeps what `planVoluntary` says within its room. It asks tabs that are connected what they give, fetches
 * from them, verifies like any keeper, and gives on what is right. No duty binds it, so it adds by the head; what lies here goes when rarer things need the room, when it is blocked or found wrong,
 * and when its uploads are over both at the head and at a safety root no older than the block that ended them.
 */
export class Volunteer {
  private readonly uploads: KeptUploads
  private readonly copies: KnownCopies
  private readonly verdicts = new Map<string, ContentVerdict>()
  private readonly fetching = new Set<string>()
  /** When a fetch that failed is tried again. */
  private readonly retryAt = new Map<string, { readonly at: number, readonly fails: number }>()
  /** Files whose uploads are all over at the head: since which block. */
  private readonly over = new Map<string, number>()
  /** When a file was last read whole. */
  private readonly readAt = new Map<string, number>()
  private readonly asked = new Set<Infohash>()
  private cursor = 0
  private readonly closing = new AbortController()
  private woken = new AbortController()
  private running: Promise<void> = Promise.resolve()
  private readonly work = new Set<Promise<void>>()

  constructor(private readonly parts: VolunteerParts) {
    const { ledger, clock, room, node } = parts
    this.copies = new KnownCopies(clock)
    this.uploads = new KeptUploads({
      ledger, clock, signal: this.closing.signal,
      fits: ({ publication }) => publication.protected && publication.file.size + publication.images.reduce((sum, { size }) => sum + size, 0) <= room,
    })
    const me = utf8(node.peerId)
    this.rankOf = upload => volunteerRank(upload.cid, me)
  }

  private readonly rankOf: (upload: UploadName) => string

  start(): void { this.running = this.run() }

  /** Something may be new: the next pass is soon. */
  ask(): void { this.woken.abort() }

  async stop(): Promise<void> {
    this.closing.abort()
    this.ask()
    await this.running
    await Promise.allSettled(this.work)
  }

  /** Whether a file may be given now. */
  gives({ cid, uploads }: KeptFile): boolean {
    const { blocked } = this.parts
    return blocked === null || !blocked.lists(cid) && !uploads.every(({ owner }) => blocked.hasOwner(owner))
  }

  /** A file of ours was damaged: it goes, and may come anew. */
  async damaged({ cid }: KeptFile): Promise<void> {
    this.parts.log.warn('kept-damaged')
    await this.drop(cid)
    this.ask()
  }

  private async run(): Promise<void> {
    const { clock, log } = this.parts
    const { signal } = this.closing
    while (!signal.aborted) {
      const woken = this.woken.signal
      await this.pass().catch((error: unknown) => { if (!signal.aborted) log.error('keep-problem', { code: HoldfastError.from(error).code }) })
      await clock.sleep(limits.keepPassMs, AbortSignal.any([signal, woken]))
      if (!woken.aborted) continue
      this.woken = new AbortController()
      await clock.sleep(soonMs, signal)
    }
  }

  /** One look at everything. */
  private async pass(): Promise<void> {
    const { files, room } = this.parts
    if (!await this.uploads.follow()) return
    const offered: Offered[] = []
    for (const upload of this.uploads.all()) if (this.judge(upload) && !await this.isBlocked(upload)) offered.push(upload)
    await this.letGo(offered)
    await this.reread()
    await this.askTabs(offered)
    if (this.closing.signal.aborted) return
    const byKey = new Map(offered.map(upload => [uploadKey(upload), upload]))
    const plan = planVoluntary(offered.flatMap(upload => this.candidate(upload) ?? []), { bytes: room, things: Infinity })
    const leaving = new Set(plan.drop)
    const stay = new Set(offered.filter(upload => !leaving.has(uploadKey(upload))).flatMap(upload => upload.files.map(({ cid }) => cid)))
    for (const key of plan.drop) for (const { cid } of byKey.get(key)!.files) if (!stay.has(cid)) await this.drop(cid)
    const wanted = plan.fetch.reduce((sum, key) => sum + dutyBytes(byKey.get(key)!), 0)
    for (const cid of this.strays(offered)) if (files.bytes + wanted > room) await this.drop(cid)
    const unfinished = offered.filter(upload => files.get(upload.cid) !== null && upload.files.some(({ cid }) => files.get(cid) === null)).map(uploadKey)
    for (const key of [...plan.fetch, ...unfinished]) this.begin(byKey.get(key)!)
  }

  /** What of it is here stands to its record; false where that was found wrong. */
  private judge(upload: Offered): boolean {
    const key = uploadKey(upload)
    if (this.verdicts.has(key)) return false
    if (this.parts.files.get(upload.cid) === null) return true
    const standing = judgeHeld(upload, cid => heldFile(this.parts.files.get(cid)))
    if (standing === 'verified' || standing === 'coming' || standing === 'unread') return true
    this.condemn(key, standing)
    return false
  }

  private condemn(key: string, verdict: ContentVerdict): void {
    this.parts.metrics.count('kept_fetched_total', verdict)
    this.verdicts.set(key, verdict)
    const [oldest] = this.verdicts.keys()
    if (this.verdicts.size > limits.keepVerdicts && oldest !== undefined) this.verdicts.delete(oldest)
  }

  private async isBlocked({ owner, files }: Offered): Promise<boolean> {
    const { blocked } = this.parts
    if (blocked === null) return false
    for (const { cid } of files) if (await blocked.has(cid)) return true
    return blocked.hasOwner(owner)
  }

  /** Null for what is not here and cannot be had now. */
  private candidate(upload: Offered): Voluntary | null {
    const { files } = this.parts
    const key = uploadKey(upload)
    const held = files.get(upload.cid) !== null || this.fetching.has(key)
    if (!held && (this.giversOf(upload.files[0]!.infohash).length === 0 || (this.retryAt.get(key)?.at ?? 0) > this.parts.clock.now())) return null
    return { key, held, bytes: dutyBytes(upload), copies: Math.max(upload.promised, this.copies.count(upload.files[0]!.infohash)), rank: this.rankOf(upload) }
  }

  /** Files whose uploads are over by the head, which says too little to let them go without need. */
  private strays(offered: readonly Offered[]): readonly string[] {
    const named = new Set(offered.flatMap(({ files }) => files.map(({ cid }) => cid)))
    return this.parts.files.all().flatMap(({ cid }) => named.has(cid) ? [] : [cid])
  }

  /** What is blocked or wrong goes at once; what is over once no state that counts has it, and where the room became less. */
  private async letGo(offered: readonly Offered[]): Promise<void> {
    const { files, status, ledger: { parameters: { range } }, room } = this.parts
    const { stage, mode, head, safe } = status()
    const named = new Set(offered.flatMap(upload => upload.files.map(({ cid }) => cid)))
    const fresh = stage === 'following' && mode === 'full' && head.header.number - safe.header.number < range
    for (const file of files.all()) {
      if (named.has(file.cid)) { this.over.delete(file.cid); continue }
      const since = this.over.get(file.cid) ?? head.header.number
      this.over.set(file.cid, since)
      const refused = await this.parts.blocked?.has(file.cid) === true || file.uploads.every(name => this.verdicts.has(uploadKey(name)) || this.parts.blocked?.hasOwner(name.owner) === true)
      const gone = fresh && safe.header.number >= since && !await this.uploads.counts(file.uploads, safe.root, safe.header.number).catch(() => true)
      if (refused || gone || files.bytes > room) await this.drop(file.cid)
    }
  }

  /** Each file is read again once a day, one a look; damage goes as a file that was lost. */
  private async reread(): Promise<void> {
    const { files, clock } = this.parts
    const now = clock.now()
    const due = files.all().find(({ cid }) => now - (this.readAt.get(cid) ?? 0) >= limits.keepReadMs)
    if (due === undefined) return
    this.readAt.set(due.cid, now)
    const found = await checkFile({ ...due, audit: due.facts.audit }, due.kind, async (at, length) => await readRange(files.bucket, contentKey(due.kind, due.cid), at, length), this.closing.signal)
      .catch((error: unknown) => {
        if (this.closing.signal.aborted || HoldfastError.from(error).code === 'storage-permission') throw error
        return 'wrong-bytes' as const // it is shorter, or gone
      })
    if (found === 'wrong-bytes') await this.damaged(due)
  }

  private async drop(cid: string): Promise<void> {
    await this.parts.files.drop(cid)
    this.over.delete(cid)
    this.readAt.delete(cid)
    this.parts.dropped(cid)
    this.parts.metrics.count('kept_fetched_total', 'dropped')
  }

  private tabs(): readonly string[] { return this.parts.node.reserved().map(({ peerId }) => peerId) }

  private giversOf(infohash: Infohash): readonly string[] {
    const here = new Set(this.tabs())
    return this.copies.givers(infohash).filter(peerId => here.has(peerId))
  }

  /** Asks tabs which of these they give: what was never asked for first, then a part of the rest in turn. */
  private async askTabs(offered: readonly Offered[]): Promise<void> {
    const all = new Set(offered.flatMap(({ files }) => files.map(({ infohash }) => infohash)))
    this.copies.keepOnly(all)
    for (const infohash of this.asked) if (!all.has(infohash)) this.asked.delete(infohash)
    const list = [...all]
    const fresh = list.filter(infohash => !this.asked.has(infohash)).slice(0, limits.keepAsked)
    const turn = list.concat(list).slice(this.cursor, this.cursor + Math.min(list.length, limits.keepAsked - fresh.length))
    this.cursor = list.length === 0 ? 0 : (this.cursor + turn.length) % list.length
    const asked = [...new Set([...fresh, ...turn])]
    if (asked.length === 0) return
    const tabs = this.tabs()
    const begin = Math.floor(this.parts.clock.now() / limits.keepPassMs) * limits.keepTabsAsked % Math.max(1, tabs.length)
    const some = [...tabs, ...tabs].slice(begin, begin + Math.min(tabs.length, limits.keepTabsAsked))
    await Promise.all(some.map(async peerId => { await this.askTab(peerId, asked) }))
    if (some.length > 0) for (const infohash of asked) this.asked.add(infohash)
  }

  private async askTab(peerId: string, infohashes: readonly Infohash[]): Promise<void> {
    const { node, name } = this.parts
    const { signal } = this.closing
    for (let at = 0; at < infohashes.length; at += limits.contentQuestions) {
      const question = { cids: [], infohashes: infohashes.slice(at, at + limits.contentQuestions) }
      const reply = await node.request(peerId, contentProtocol(name), hasQuestion(question), { signal, timeoutMs: limits.keepAskMs }).catch(() => null)
      const judged = judgeHas(reply, question)
      if (!judged.ok) return // it is asked again by a later pass
      const gives = new Set(judged.value.infohashes)
      for (const infohash of question.infohashes) {
        if (gives.has(infohash)) this.copies.saw(infohash, peerId)
        else this.copies.lost(infohash, peerId)
      }
    }
  }

  private begin(upload: Offered): void {
    const { clock, log, metrics } = this.parts
    const key = uploadKey(upload)
    if (this.fetching.has(key) || this.fetching.size >= limits.keepDownloads || (this.retryAt.get(key)?.at ?? 0) > clock.now()) return
    this.fetching.add(key)
    const done = this.fetch(upload).then(() => {
      this.retryAt.delete(key)
      metrics.count('kept_fetched_total', 'kept')
      log.info('kept', { bytes: dutyBytes(upload) })
    }).catch((error: unknown) => {
      if (this.closing.signal.aborted) return
      const { code } = HoldfastError.from(error)
      const fails = (this.retryAt.get(key)?.fails ?? 0) + 1
      this.retryAt.set(key, { fails, at: clock.now() + Math.min(limits.keepRetryMs, 2 ** fails * 1000) })
      metrics.count('kept_fetched_total', code)
      if (code.startsWith('storage-') || code === 'internal') log.error('keep-problem', { code })
    }).finally(() => {
      this.fetching.delete(key)
      this.work.delete(done)
      this.ask()
    })
    this.work.add(done)
  }

  /** All files of it that are not here, the file itself first. */
  private async fetch(upload: Offered): Promise<void> {
    const { files, room, node, name, clock, metrics } = this.parts
    const { signal } = this.closing
    for (const [at, file] of upload.files.entries()) {
      if (files.get(file.cid) !== null) continue
      if (files.bytes + file.size > room) throw new HoldfastError('too-large', 'there is no room for it now')
      const kind = fileKind(upload, at)
      const coming = await files.begin(file)
      try {
        const info = await fetchFile(file, kind, {
          node, name, clock, signal,
          givers: () => this.giversOf(file.infohash),
          write: async (from, bytes) => { await coming.write(from, bytes) },
          onBytes: bytes => { metrics.count('kept_received_bytes_total', '', bytes) },
        })
        const facts = await checkFile(file, kind, async (from, length) => await coming.read(from, length), signal)
        if (typeof facts === 'string') {
          this.condemn(uploadKey(upload), facts)
          throw new HoldfastError('wrong-bytes', facts)
        }
        this.readAt.set(file.cid, clock.now())
        await coming.place({ cid: file.cid, kind, size: file.size, infohash: file.infohash, info, facts, uploads: [{ cid: upload.cid, owner: upload.owner }] })
      } finally { await coming.end() }
      if (!this.judge(upload)) throw new HoldfastError('wrong-bytes', 'not what its record says')
    }
  }
}

/** A kept file as the rules of keepers look at it. */
function heldFile(file: KeptFile | null): HeldFile | undefined {
  return file === null ? undefined : { cid: file.cid, infohash: file.infohash, size: file.size, status: 'SEEDING', paused: false, problem: null, reasons: [], facts: file.facts }
}

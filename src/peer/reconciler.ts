import { limits, type Alarm, type Cid, type Infohash } from '../base/index.ts'
import { dutiesOf, isDuty, reconcile, uploadKey, type Action, type ContentVerdict, type Duties, type Duty, type Pass, type Removal, type UploadName } from '../content/index.ts'
import type { Database } from '../store/index.ts'
import type { HeldReport, SamaritanRules, UploadEvent } from './duty-api.ts'
import { figuresOf } from './keeping-figures.ts'
import type { KeepingSums } from './keeping-api.ts'
import { Retries } from './retries.ts'
import { Stalls } from './stalls.ts'
import type { Transfers } from './transfers.ts'
import { Unasked } from './unasked.ts'

export interface ReconcilerParts {
  readonly transfers: Pick<Transfers, 'held' | 'duties' | 'pin' | 'received'> & { readonly reports: Pick<Transfers['reports'], 'status'> }
  readonly database: Pick<Database, 'setting' | 'set'>
  readonly alarm: Alarm
  /** Of the network this device is of; null: of none yet. */
  readonly network: () => string | null
  readonly blocked: (upload: UploadName | Duty) => boolean
  /** Milliseconds between two passes. */
  readonly every: () => number
  /** Whether this device keeps for the account. */
  readonly here: () => boolean
  /** What the person lets this device do unasked; null: nothing is to change now. */
  readonly samaritan?: () => SamaritanRules | null
  /** Absent: there is no other device. */
  readonly handOver?: HandOver
  /** Whether giving is stopped, or paused on a line paid by the byte: nothing is fetched then for a duty. */
  readonly paused?: () => boolean
  /** Whether anybody could be met now. */
  readonly online: () => boolean
  /** Tells the ledger worker. */
  readonly report: (report: HeldReport) => void
  /** The figures may be others. */
  readonly changed: () => void
}

/** From this device of an account to another one. */
export interface HandOver {
  /** Whether this one is to stop, once another has all that was promised. */
  leaving(): boolean
  /** Of these torrents those that another device of the account gives now. */
  elsewhere(infohashes: readonly Infohash[]): Promise<ReadonlySet<Infohash>>
  /** Nothing is left here that no other device has. */
  left(): Promise<void>
}

/** Crowds of events end in one pass. */
const soonMs = 250

const underWay = new Set(['PENDING', 'DOWNLOADING', 'PLACING'])

/**
 * Brings what is held in line with what the ledger has this device hold: at the start, from time to time, and when something happened. What is to be done `reconcile`
 * says; here it is done, one after the other, and the ledger worker hears of it. Owns what it knows of the state, and what it waits for the person to say.
 */
export class Reconciler {
  #duties: Duties | null = null
  readonly #hints = new Map<string, { readonly duty: Duty, readonly until: number | null }>()
  /** Fetched by the person since the start. */
  readonly #fetched = new Map<string, Duty>()
  #newest: Readonly<Record<string, number>> = {}
  /** Found out since the start; the ledger worker remembers them. */
  readonly #verdicts = new Map<string, UploadName & { readonly verdict: ContentVerdict }>()
  readonly #declined = new Map<string, UploadName>()
  readonly #retries: Retries
  readonly #stalls: Stalls
  /** Torrents of promised files that another device of the account has, while this one is to stop. */
  #elsewhere: ReadonlySet<Infohash> = new Set()
  #asks: Removal | null = null
  #contested: readonly Cid[] = []
  #released: ReadonlySet<Cid> = new Set()
  #tellAll = true
  #toldSamaritan = ''
  /** Files on their way for a ledger's sake. */
  readonly #coming = new Set<Cid>()
  readonly #unasked: Unasked
  #woken = new AbortController()
  #last: Promise<void> = Promise.resolve()

  constructor(private readonly parts: ReconcilerParts) {
    this.#retries = new Retries(parts.alarm)
    this.#stalls = new Stalls(parts.alarm)
    this.#unasked = new Unasked({ transfers: parts.transfers, rules: () => parts.samaritan?.() ?? null, may: upload => this.#may(upload) })
  }

  async open(): Promise<void> {
    this.#newest = await this.parts.database.setting('reconciled') ?? {}
  }

  /** Passes until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { alarm, every } = this.parts
    while (!signal.aborted) {
      const woken = this.#woken.signal
      await this.pass().catch(() => {}) // seen again by the next one
      await alarm.sleep(this.#stalls.any ? Math.min(every(), limits.otherTorrentMs) : every(), AbortSignal.any([signal, woken]))
      if (!woken.aborted) continue
      this.#woken = new AbortController()
      await alarm.sleep(soonMs, signal)
    }
  }

  /** There is something new: the next pass is soon. */
  ask(): void { this.#woken.abort() }

  /** A row is another: what is here now, or failed, is looked at soon. */
  changed(cid: Cid): void {
    const row = this.parts.transfers.held.get(cid)
    if (row !== undefined && underWay.has(row.status) && row.reasons.some(isDuty)) this.#coming.add(cid)
    else if (this.#coming.delete(cid)) this.ask()
  }

  setDuties(duties: Duties | null): void {
    if (duties !== null && this.#duties === null) [this.#tellAll, this.#toldSamaritan] = [true, ''] // who tells is another than before
    this.#duties = duties
    this.ask()
  }

  /** What executed blocks offer is fetched before they are safe; it is forgotten once the state at the safety root has it, or could have had it. */
  hint(events: readonly UploadEvent[]): void {
    for (const { cid, owner, offered } of events) {
      const key = uploadKey({ cid, owner })
      this.#hints.delete(key)
      if (offered === null) continue
      this.#hints.set(key, { duty: offered, until: this.#duties === null ? null : this.#duties.safe + this.#duties.range })
      const [oldest] = this.#hints.keys()
      if (this.#hints.size > limits.hintedUploads && oldest !== undefined) this.#hints.delete(oldest)
    }
    this.ask()
  }

  /** The person took this off the device: its offers are not taken again. `cid`: of a file. */
  decline(cid: Cid): void {
    for (const { why, upload } of dutiesOf(this.parts.transfers.held.get(cid)?.reasons ?? [], cid)) {
      if (why !== 'offered') continue
      this.#declined.set(uploadKey(upload), upload)
      this.#hints.delete(uploadKey(upload))
    }
    for (const upload of this.#unasked.of(cid, this.#duties)) this.#declined.set(uploadKey(upload), upload)
    this.#send({ declined: [...this.#declined.values()] })
    this.ask()
  }

  /** The person fetches this upload: once it is here it is compared with what its record says. */
  compare(upload: Duty): void {
    const key = uploadKey(upload)
    this.#fetched.delete(key)
    this.#fetched.set(key, upload)
    const [oldest] = this.#fetched.keys()
    if (this.#fetched.size > limits.hintedUploads && oldest !== undefined) this.#fetched.delete(oldest)
    this.forgive(upload)
  }

  /** A person wants to try an upload once more. */
  forgive({ cid, owner }: UploadName): void {
    const key = uploadKey({ cid, owner })
    this.#verdicts.delete(key)
    this.#declined.delete(key)
    this.#send({ forgiven: [{ cid, owner }] })
    this.ask()
  }

  /** The person's answer to `KeepingFigures.removal`: what stays is pinned. */
  async decide(take: boolean): Promise<void> {
    const asked = this.#asks
    this.#asks = null
    if (asked === null) return
    if (take) this.#released = new Set(asked.cids)
    else for (const cid of asked.cids) if (this.parts.transfers.held.has(cid)) await this.parts.transfers.pin(cid, true)
    this.parts.changed()
    this.ask()
  }

  figures(): KeepingSums {
    const { transfers: { held }, here, paused } = this.parts
    const isLeft = (cid: Cid): boolean => !this.#elsewhere.has(held.get(cid)?.infohash ?? '')
    return figuresOf(held.values(), { pledge: this.#duties?.pledge ?? null, here: here(), leaving: this.#isLeaving ? isLeft : null, paused: paused?.() ?? false, asks: this.#asks })
  }

  /** One pass, after those before; resolves when all of it is done or failed. */
  async pass(): Promise<void> {
    this.#last = this.#last.catch(() => {}).then(async () => { await this.#pass() })
    await this.#last
  }

  async #pass(): Promise<void> {
    const { transfers: { held }, network, here } = this.parts
    const own = network()
    await this.#handOver()
    this.#forgetHints()
    this.#retries.look(held.values())
    const view = {
      network: own, have: held, released: this.#released,
      duties: this.#duties === null || here() ? this.#taking() : { ...this.#duties, obliged: [], offered: [], waiting: [] },
      hints: here() && !this.#isLeaving ? [...this.#hints.values()].map(({ duty }) => duty) : [],
      fetched: [...this.#fetched.values()].filter(upload => !this.#verdicts.has(uploadKey(upload))),
      newest: own === null ? 0 : this.#newest[own] ?? 0,
      may: (upload: UploadName | Duty) => this.#may(upload),
      retry: (cid: Cid) => this.#retries.due(cid),
      stalled: (cid: Cid) => this.#stalls.due(cid),
    }
    this.#lookAtContested()
    const pass = reconcile(view)
    this.#asks = pass.asks
    if (pass.asks === null) this.#released = new Set()
    for (const verdict of pass.verdicts) this.#verdicts.set(uploadKey(verdict), verdict)
    this.#tell(pass)
    let found = pass.verdicts.length > 0
    for (const action of pass.actions) found = await this.#apply(action) && action.act === 'check' || found
    if (this.parts.paused?.() !== true) await this.#unasked.tend(this.#duties)
    this.#tellSamaritan()
    this.#contested = pass.contested
    this.#lookAtContested()
    await this.#remember(own, pass.safe)
    this.parts.changed()
    if (found) this.ask() // it decides about more
  }

  get #isLeaving(): boolean { return this.parts.handOver?.leaving() === true }

  /** No new ones while this device is to stop. */
  #taking(): Duties | null { return this.#duties !== null && this.#isLeaving ? { ...this.#duties, offered: [] } : this.#duties }

  /** The first device lets go when another has all of it. */
  async #handOver(): Promise<void> {
    const { handOver } = this.parts
    if (handOver?.leaving() !== true || this.#duties === null) { this.#elsewhere = new Set(); return }
    const files = [...new Set(this.#duties.obliged.flatMap(duty => duty.files.map(({ infohash }) => infohash)))]
    this.#elsewhere = files.length === 0 ? new Set() : await handOver.elsewhere(files).catch(() => new Set<Infohash>())
    if (files.every(infohash => this.#elsewhere.has(infohash))) await handOver.left()
  }

  #lookAtContested(): void {
    const { transfers, online } = this.parts
    this.#stalls.look(this.#contested.flatMap(cid => transfers.held.get(cid) ?? []), cid => transfers.received(cid), online())
  }

  /** Whether it could be done; one that fails is seen again by the next pass. */
  async #apply(action: Action): Promise<boolean> {
    if (this.parts.paused?.() === true && (action.act === 'fetch' || action.act === 'refetch' || action.act === 'other')) return false
    if (action.act === 'drop' && await this.#unasked.stays(action.cid)) return true
    if (action.act === 'refetch') this.#retries.tried(action.cid)
    try { await this.parts.transfers.duties.apply(action) } catch { return false }
    return true
  }

  #may(upload: UploadName | Duty): boolean {
    const key = uploadKey(upload)
    return !this.#verdicts.has(key) && !this.#declined.has(key) && !this.parts.blocked(upload)
  }

  #forgetHints(): void {
    const duties = this.#duties
    if (duties === null) return
    const known = new Set([...duties.obliged, ...duties.offered].map(uploadKey))
    for (const [key, { duty, until }] of this.#hints) {
      if (until === null) this.#hints.set(key, { duty, until: duties.safe + duties.range })
      else if (known.has(key) || duties.safe > until) this.#hints.delete(key)
    }
  }

  #tell({ verified, verdicts, leaving }: Pass): void {
    const { transfers: { held, reports }, blocked, online } = this.parts
    const duties = this.parts.here() ? this.#duties?.obliged ?? [] : []
    const lost = duties.filter(duty => this.#retries.lost(duty, held, infohash => (reports.status(infohash)?.sources ?? 0) > 0, online()))
    const names = (list: readonly UploadName[]): readonly UploadName[] => list.map(({ cid, owner }) => ({ cid, owner }))
    const all = this.#tellAll
    this.#tellAll = false
    this.#send({
      verified, leaving, lost: names(lost), refused: names(duties.filter(duty => blocked(duty))),
      verdicts: all ? [...this.#verdicts.values()] : verdicts,
      declined: all ? [...this.#declined.values()] : [],
    })
  }

  #tellSamaritan(): void {
    if (this.parts.samaritan === undefined) return
    const said = { samaritan: this.parts.samaritan(), unasked: this.#unasked.held() }
    const text = JSON.stringify(said)
    if (text === this.#toldSamaritan) return
    this.#toldSamaritan = text
    this.parts.report({ verified: [], verdicts: [], lost: [], ...said })
  }

  #send(report: Partial<Omit<HeldReport, 'samaritan' | 'unasked'>>): void {
    if (Object.values(report).every(list => list.length === 0)) return
    this.parts.report({ verified: [], verdicts: [], lost: [], refused: [], declined: [], leaving: [], ...report })
  }

  async #remember(network: string | null, safe: number | null): Promise<void> {
    if (network === null || safe === null || this.#newest[network] === safe) return
    this.#newest = { ...this.#newest, [network]: safe }
    await this.parts.database.set('reconciled', this.#newest).catch(() => {}) // written with the next one
  }
}

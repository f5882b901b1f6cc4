import { toHex, sha256 } from '../base/index.ts'
import { hasRecords, type Ledger, type Link, type Refusal } from '../ledger/index.ts'
import { judgeRecord, waitingRules, type EntryItem, type RecordItem } from '../records/index.ts'
import { keys } from '../state/index.ts'
import type { HeadMove } from './api.ts'
import type { PoolOrder } from './pool/pool-order.ts'
import { commitNames, covers, needsOf, takenFrom, type RecordNeeds } from './pool/record-needs.ts'
import { RecordPool, type PooledRecord, type PoolRecord, type RecordPay } from './pool/record-pool.ts'

export interface RecordOffersParts {
  readonly ledger: Pick<Ledger, 'judgeNextRecord' | 'read' | 'bodyOf' | 'parameters'>
  readonly numbers: PoolOrder
  /** Seconds. */
  now(): number
}

/** What no honest peer offers, however its head differs from ours. */
const dishonest: ReadonlySet<string> = new Set(['record-encoding', 'factoid-fee', 'unknown-record'])

/** Records on their way: the pool, which others draw from, and those of this device, which stay until they are taken back or their window is over. */
export class RecordOffers {
  readonly pool: RecordPool
  readonly #own = new Map<string, { readonly item: RecordItem, readonly needs: RecordNeeds }>()

  constructor(private readonly parts: RecordOffersParts) { this.pool = new RecordPool(parts.numbers) }

  /** Takes what a peer offers; false where no honest peer would. */
  async harvest(records: readonly Uint8Array[], from: string): Promise<boolean> {
    for (const bytes of records) {
      const added = await this.#take(bytes, from)
      if (typeof added === 'object' && dishonest.has(added.rule)) return false
    }
    return true
  }

  /** Takes an own one, which is offered once something pays for it. Refused where it breaks what it will break for ever. */
  async submit(bytes: Uint8Array): Promise<Refusal | { readonly ok: true, readonly id: string }> {
    const id = idOf(bytes)
    const added = await this.#take(bytes, '')
    if (typeof added === 'object') return added
    const there = this.pool.get(id)
    if (there !== null) this.#own.set(id, { item: there.item, needs: there.needs })
    return { ok: true, id }
  }

  withdraw(id: string): void {
    this.#own.delete(id)
    this.pool.drop([id])
  }

  /** What came into blocks leaves the pool, what is in none any more comes back, and what waited for either may be paid for now. */
  async headMoved({ left, joined }: HeadMove): Promise<void> {
    const { now, ledger } = this.parts
    if (!hasRecords(ledger.parameters)) return
    for (const link of left) for (const bytes of await this.#recordsOf(link)) await (this.#own.has(idOf(bytes)) ? this.#takeOwn(idOf(bytes), bytes) : this.#take(bytes, link.id))
    const [touched, revealed] = [new Set<string>(), new Set<string>()]
    for (const link of joined) {
      for (const bytes of await this.#recordsOf(link)) {
        const needs = this.#needsOf(bytes)
        if (needs === null) continue
        for (const name of touchedBy(needs)) touched.add(name)
        if (needs.kind === 'reveal') revealed.add(needs.key)
        else this.pool.dropKey(needs.key)
      }
    }
    this.pool.expire(now())
    for (const record of this.pool.records()) {
      const names = [...touchedBy(record.needs), record.paid?.payer ?? '']
      if (left.length > 0 || names.some(name => touched.has(name))) await this.#look(record, revealed.has(record.needs.key))
    }
    for (const [id, { item, needs }] of this.#own) {
      if (now() > needs.until) this.#own.delete(id)
      else if (!this.pool.has(id) && (item.kind === 'entry' || await ledger.read(keys.paid(item.replayKey)) === null)) await this.#takeOwn(id, item.bytes)
    }
    for (const record of this.pool.held()) await this.#look(record, false)
  }

  async #takeOwn(id: string, bytes: Uint8Array): Promise<void> {
    await this.#take(bytes, '')
    if (!this.#own.has(id)) this.pool.drop([id]) // it was taken back meanwhile
  }

  #needsOf(bytes: Uint8Array): RecordNeeds | null {
    const judged = judgeRecord(bytes)
    return judged.ok ? needsOf(judged.value, this.parts.ledger.parameters.creditRate, this.parts.now()) : null
  }

  /** Takes one in, where no rule is broken that will be for ever. */
  async #take(bytes: Uint8Array, source: string): Promise<PooledRecord | Refusal> {
    const { ledger, now } = this.parts
    const own = source === ''
    if (!hasRecords(ledger.parameters)) return refusal('unknown-record', 'this network has no records')
    const id = idOf(bytes)
    const there = this.pool.get(id)
    if (there !== null && (there.own || !own)) return 'known'
    const judged = judgeRecord(bytes)
    if (!judged.ok) return refusal('record-encoding', `${judged.code}: ${judged.reason}`)
    const item = judged.value
    const needs = needsOf(item, ledger.parameters.creditRate, now())
    const standing = await this.#standing(id, item, needs)
    if (standing !== null && 'rule' in standing) return standing
    return await this.#put({ id, item, needs, source, own, came: now(), paid: standing })
  }

  /**
   * Looks again at one that is there: it may be paid for now, or not any more, or be too late. `revealed`: a block has this entry, so it is wanted once more only where another commit waits for it.
   */
  async #look(record: PoolRecord, revealed: boolean): Promise<void> {
    const standing = await this.#standing(record.id, record.item, record.needs)
    if (!this.pool.has(record.id)) return // taken back meanwhile
    if (standing !== null && 'rule' in standing || standing === null && revealed) this.pool.drop([record.id])
    else await this.#put({ ...record, paid: standing })
  }

  /** A commit that is paid for pays for its reveal, and a first entry that is makes room for more of its chain. */
  async #put(record: Omit<PoolRecord, 'order'>): Promise<PooledRecord> {
    const put = this.pool.put(record)
    if (put !== 'new') return put
    const { kind, entry, chain, begins } = record.needs
    const waits = ({ needs }: PoolRecord): boolean => needs.kind === 'reveal' && (kind === 'commit' && needs.entry === entry || begins && needs.chain === chain)
    for (const held of this.pool.held()) if (waits(held)) await this.#look(held, false)
    return put
  }

  /** Who pays for it as the head is; null where nobody does yet; or what it breaks for good. */
  async #standing(id: string, item: RecordItem, needs: RecordNeeds): Promise<RecordPay | Refusal | null> {
    const { ledger, now } = this.parts
    const broken = await ledger.judgeNextRecord(item.bytes, now())
    if (broken !== null && !waitingRules.has(broken.rule)) return broken
    if (item.kind === 'entry') return await this.#payOfReveal(item, needs)
    if (broken !== null) return null
    for (const { from } of needs.takes) if ((await ledger.read(from) ?? 0) - this.pool.spent(from.name, id) < takenFrom(needs, from.name)) return null
    return { payer: needs.takes[0]?.from.name ?? '', worth: needs.worth, time: item.kind === 'factoid' ? item.transaction.timestamp : item.commit.timestamp }
  }

  /** The open commit of the state that pays for a reveal, else one that waits here. */
  async #payOfReveal(item: EntryItem, { begins, chain, entry }: RecordNeeds): Promise<RecordPay | null> {
    const { ledger } = this.parts
    const isThere = await ledger.read(keys.chain(chain)) !== null
    const asFirst = begins && !isThere
    if (!isThere && !asFirst && !this.pool.begins(chain)) return null
    for (const { of, credits } of commitNames(item, asFirst)) {
      const open = (await ledger.read(keys.commits(of, credits)) ?? []).find(({ first }) => first === null || first.entry === item.hash)
      if (open !== undefined) return { payer: keys.credit(open.key).name, worth: credits * ledger.parameters.creditRate, time: open.time }
    }
    return this.pool.commitsOf(entry).find(commit => covers(commit.item, item, asFirst))?.paid ?? null
  }

  async #recordsOf(link: Link): Promise<readonly Uint8Array[]> { return (await this.parts.ledger.bodyOf(link))?.records ?? [] }
}

function idOf(bytes: Uint8Array): string { return toHex(sha256(bytes)) }

/** Names by which one record touches another: rows it takes from, and its entry. */
function touchedBy({ takes, entry }: RecordNeeds): readonly string[] { return [...takes.map(({ from }) => from.name), ...entry === '' ? [] : [entry]] }

function refusal(rule: Refusal['rule'], detail: string): Refusal { return { ok: false, rule, detail } }

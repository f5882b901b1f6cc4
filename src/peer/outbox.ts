import { HoldfastError, decode, encode, limits, sha256, toHex, utf8, type Address, type Alarm, type Cid, type ErrorObject, type Secp256k1 } from '../base/index.ts'
import type { KeyService } from '../keys/index.ts'
import { judgeTransactionBytes, ops, signTransaction, transaction, transactionId, type Chain, type Parameters, type Refusal, type UnsignedTransaction } from '../ledger/index.ts'
import { account as accountCodec, keys, noAccount, type Account } from '../state/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { Sync } from '../sync/index.ts'
import type { BookChanges, BookStore, IntentValue, Place, Version, Wish } from './book-values.ts'
import { isViable, witnessFor } from './outbox-rules.ts'
import type { StampSearch } from './stamp-search.ts'
import type { Stage } from './wallet-api.ts'

export interface OutboxParts {
  readonly network: string
  readonly parameters: Parameters
  readonly chain: Chain
  readonly sync: Pick<Sync, 'status' | 'submit' | 'waiting' | 'read'>
  readonly store: Pick<BookStore, 'values' | 'setValues'>
  readonly keys: Pick<KeyService, 'sign' | 'reveal'>
  readonly signatures: Secp256k1
  readonly clock: Alarm
  readonly stamps: StampSearch
  /** Whose transactions these are, and what was read of the chain: where one stands; from which block on; and whether that is all up to the head. */
  owner(): Address | null
  placeOf(id: Cid): Place | null
  readFrom(): number
  isRead(): boolean
  changed(): void
}

/** Something on its way that no block has yet, as it is shown. `nonces`: those it was ever signed with, the present one last. */
export interface Sending {
  readonly id: Cid
  readonly what: Wish
  readonly sender: Address
  readonly nonces: readonly bigint[]
  readonly fee: number
  /** Seconds since 1970. */
  readonly time: number
  readonly stage: Stage
  readonly problem: ErrorObject | null
  /** Whether it takes the coins of an invite. */
  readonly claims: boolean
}

/** What a caller is told: the nonce it was given, and the content id it was signed with. */
interface Told { readonly nonce: bigint, readonly id: Cid }

interface Live {
  value: IntentValue
  stage: 'signing' | 'stamping'
  nonce: bigint | null
  readonly end: AbortController
  /** Who waits for it, and for what. */
  told: { readonly until: 'planned' | 'signed', readonly promise: PromiseWithResolvers<Told> } | null
  /** The head at which it was last refused for what may pass. */
  rests: Cid | null
}

/** What may be otherwise on the next head. */
const passing: ReadonlySet<string> = new Set(['tx-nonce', 'tx-witness', 'tx-expired', 'tx-early'])

/**
 * What the person sends, one after the other: kept as a wish first, then signed, then offered, and kept until its block is at the safety root. Where a signed one
 * can no longer get in, since another device used its nonce or its time is over, it is signed again, with a witness that rules the former out: none is ever
 * done twice, whichever branch wins. What can never be done fails with its reason.
 */
export class Outbox {
  readonly #live = new Map<number, Live>()
  #working: Promise<void> | null = null
  #again = false
  #next = 1
  #closed = false

  private constructor(private readonly parts: OutboxParts) {}

  static async open(parts: OutboxParts): Promise<Outbox> {
    const outbox = new Outbox(parts)
    for (const [, value] of await parts.store.values('intent/')) outbox.#adopt(value)
    return outbox
  }

  /** In the order they were asked for. */
  list(): readonly Sending[] {
    return this.#all().filter(live => this.#place(live) === null && this.#isOwners(live.value)).map(live => this.#show(live))
  }

  /** Whether a row is one of what is on its way. */
  holds(id: Cid): boolean { return this.#all().some(({ value }) => value.versions.some(version => version.id === id)) }

  hasWish(wish: string): boolean { return this.#all().some(({ value }) => value.wish === wish && value.problem === null) }

  /** The current id of what was once signed as `id`. */
  idOf(id: Cid): Cid | null {
    const live = this.#find(id)
    return live === null ? null : live.value.versions.find(version => this.parts.placeOf(version.id) !== null)?.id ?? this.#show(live).id
  }

  /** Coins that what is on its way takes from a sender. */
  leaving(sender: Address, but: IntentValue | null = null): number {
    let sum = 0
    for (const live of this.#all()) {
      const { value } = live
      if (value === but || value.sender !== sender || value.problem !== null || this.#place(live) !== null) continue
      sum += spends(value.what) + (value.versions.at(-1)?.fee ?? (isStampable(value.what) ? 0 : this.parts.parameters.minimumFee))
    }
    return sum
  }

  /** At the head; null where nobody tells. */
  async account(address: Address, root?: Cid): Promise<Account | null> {
    const found = await this.parts.sync.read([keys.account(address).name], root)
    if (found === null) return null
    const bytes = found.values[0] ?? null
    const judged = bytes === null ? null : decode(accountCodec, bytes)
    if (judged?.ok === false) throw new HoldfastError('storage-damaged', judged.reason)
    return judged?.value ?? noAccount
  }

  /** Under which nonce stands, or goes, what was once to be sent under this one; itself where nothing else is known. */
  nonceOf(sender: Address, nonce: bigint): bigint {
    const live = this.#all().find(each => each.value.sender === sender && this.#show(each).nonces.includes(nonce))
    return live?.value.versions.find(({ id }) => this.parts.placeOf(id) !== null)?.nonce ?? (live === undefined ? nonce : this.#show(live).nonces.at(-1)!)
  }

  /** Sends something. Resolves when it has its nonce, or when it is signed and kept; fails with the reason, and is forgotten. Said twice it is done once. */
  async add(wish: string, what: Wish, sender: Address, until: 'planned' | 'signed', sealed: SealedKey | null = null): Promise<Told> {
    const known = this.#all().find(({ value }) => value.wish === wish)
    if (known?.value.problem === null) return await this.#told(known, until)
    if (known !== undefined) await this.#forget(known) // it failed, and is wanted once more
    if (this.#live.size >= limits.intents) throw new HoldfastError('too-many', 'too much is on its way already')
    const live = this.#adopt({ number: this.#next, wish, made: this.#now, what, sender, sealed, versions: [], since: 0, problem: null })
    const told = this.#told(live, until)
    try { await this.#keep(live, live.value) } catch (error) {
      this.#live.delete(live.value.number)
      throw error
    }
    this.parts.changed()
    void this.kick().catch(() => {}) // who asked is told, or the next head tries again
    return await told
  }

  /** Forgets what failed, or was offered to nobody. */
  async cancel(id: Cid): Promise<void> {
    const live = this.#find(id)
    if (live === null) throw new HoldfastError('not-found', 'nothing of that name is on its way')
    if (live.value.versions.length > 0 && live.value.problem === null) throw new HoldfastError('already-exists', 'others have it already')
    live.end.abort()
    await this.#forget(live)
    this.#refuse(live, new HoldfastError('aborted', 'taken back'))
  }

  /** Looks after all that is on its way: on a new head, or when keys can be used again. */
  async kick(): Promise<void> {
    this.#again = true
    this.#working ??= this.#work().finally(() => { this.#working = null })
    await this.#working
  }

  close(): void {
    this.#closed = true
    for (const live of this.#live.values()) {
      live.end.abort()
      this.#refuse(live, new HoldfastError('aborted', 'the ledger was closed'))
    }
  }

  async #work(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      for (const live of this.#all()) {
        try { await this.#tend(live) } catch (error) {
          if (!this.#has(live)) continue // taken back meanwhile
          const { told } = live
          if (told === null) continue // tried again with the next head
          await this.#forget(live)
          this.#refuse(live, HoldfastError.from(error), told)
        }
      }
    }
  }

  async #tend(live: Live): Promise<void> {
    const { value } = live
    const { sync, parameters } = this.parts
    if (!this.#has(live) || !this.#isOwners(value)) return
    const { head, safe } = sync.status
    const place = this.#place(live)
    if (place !== null) {
      if (place.number <= safe.header.number) await this.#forget(live)
      return
    }
    if (value.problem !== null || live.rests === head.id) return
    if (value.versions.length === 0) { await this.#sendOnce(live); return }
    const account = await this.account(value.sender)
    if (account === null) return
    const viable = value.versions.findLast(version => isViable(version, account, head, { chain: this.parts.chain, range: parameters.range }))
    if (viable !== undefined) {
      if (!this.#waiting(value.sender).some(({ id }) => id === viable.id)) await this.#submit(live, viable)
      return
    }
    // It may be in a block that was not read when it was looked for; from here to what is signed on this head nothing waits.
    if (!this.parts.isRead() || this.#place(live) !== null) return
    if (value.since + 1 < this.parts.readFrom()) await this.#fail(live, { code: 'timeout', message: 'this device was away too long to know whether it went through', data: { unsure: true } })
    else await this.#sendOnce(live)
  }

  async #sendOnce(live: Live): Promise<void> {
    try { await this.#send(live) } finally { live.nonce = null } // or those after it would wait for a nonce nobody uses
  }

  async #send(live: Live): Promise<void> {
    const { sync, parameters, chain, network } = this.parts
    const { value } = live
    const { what, sender } = value
    const { mode, head } = sync.status
    const witness = await witnessFor(value.versions, head, {
      chain, short: parameters.short, range: parameters.range, nonceAt: async root => (await this.account(sender, root))?.nonce ?? null, knowsHead: mode === 'full',
    })
    const account = await this.account(sender)
    if (witness === undefined || account === null) {
      if (live.told !== null && account === null) throw new HoldfastError('peer-unreachable', 'nobody tells what the account has')
      return
    }
    const pays = account.balance - this.leaving(sender, value) >= spends(what) + parameters.minimumFee
    if (!pays && !isStampable(what)) { await this.#fail(live, poor(value)); return }
    live.nonce = this.#freeNonce(live, account)
    const unsigned = {
      version: 1, network, sender, nonce: live.nonce, time: this.#now, fee: pays ? parameters.minimumFee : 0, witness: witness?.root ?? null, profile: null, stamp: null, ...what,
    } as UnsignedTransaction
    this.#tell(live, 'planned')
    const stamped = pays ? unsigned : { ...unsigned, stamp: await this.#stamp(live, unsigned) }
    const next = pays ? account : await this.account(sender)
    if (next === null || next.nonce >= unsigned.nonce) { this.#again = true; return } // another device was quicker
    const bytes = encode(transaction, await this.#sign(value, stamped))
    if (!this.#has(live)) return
    const judged = judgeTransactionBytes(bytes)
    if (!judged.ok) throw new HoldfastError('internal', judged.detail)
    const version: Version = {
      id: transactionId(judged.value), bytes, nonce: unsigned.nonce, time: unsigned.time, fee: unsigned.fee, witness: witness === null ? null : { root: witness.root, number: witness.header.number },
    }
    await this.#keep(live, { ...value, versions: [...value.versions, version], since: value.versions.length > 0 ? value.since : Math.max(0, head.header.number - parameters.short) })
    await this.#submit(live, version)
  }

  async #stamp(live: Live, unsigned: UnsignedTransaction): Promise<bigint> {
    live.stage = 'stamping'
    this.parts.changed()
    try { return await this.parts.stamps.find(unsigned, this.parts.parameters.stampBits, live.end.signal) } finally {
      live.stage = 'signing'
      this.parts.changed()
    }
  }

  async #sign({ sealed }: IntentValue, unsigned: UnsignedTransaction) {
    const { keys: keyService, network, signatures } = this.parts
    if (sealed === null) return { ...unsigned, signature: await keyService.sign('transaction', network, unsigned) }
    const secret = await keyService.reveal(sealed)
    try { return signTransaction(unsigned, secret, signatures) } finally { secret.fill(0) }
  }

  async #submit(live: Live, version: Version): Promise<void> {
    const { sync, changed } = this.parts
    let verdict: Awaited<ReturnType<Sync['submit']>> | null = null
    try { verdict = await sync.submit(version.bytes) } catch { /* it is kept, and offered with the next head */ }
    if (verdict?.ok === false) {
      if (!passing.has(verdict.rule)) { await this.#fail(live, problemOf(verdict)); return }
      live.rests = sync.status.head.id
    }
    this.#tell(live, 'signed')
    changed()
  }

  async #fail(live: Live, problem: ErrorObject): Promise<void> {
    const { told } = live
    if (told === null) await this.#keep(live, { ...live.value, problem })
    else {
      await this.#forget(live)
      this.#refuse(live, HoldfastError.fromObject(problem), told)
    }
    this.parts.changed()
  }

  #freeNonce(live: Live, account: Account): bigint {
    const { value: { sender, versions } } = live
    const used = new Set(this.#waiting(sender).filter(({ id }) => !versions.some(version => version.id === id)).map(({ nonce }) => nonce))
    for (const other of this.#all()) {
      if (other === live || other.value.sender !== sender || other.value.problem !== null) continue
      const nonce = other.nonce ?? other.value.versions.at(-1)?.nonce
      if (nonce !== undefined) used.add(nonce)
    }
    let nonce = account.nonce + 1n
    while (used.has(nonce)) nonce++
    return nonce
  }

  #waiting(sender: Address): readonly { readonly id: Cid, readonly nonce: bigint }[] {
    return this.parts.sync.waiting(sender).flatMap(bytes => {
      const judged = judgeTransactionBytes(bytes)
      return judged.ok ? [{ id: transactionId(judged.value), nonce: judged.value.nonce }] : []
    })
  }

  #adopt(value: IntentValue): Live {
    const live: Live = { value, stage: 'signing', nonce: null, end: new AbortController(), told: null, rests: null }
    this.#live.set(value.number, live)
    this.#next = Math.max(this.#next, value.number + 1)
    return live
  }

  async #keep(live: Live, value: IntentValue): Promise<void> {
    await this.#write(value, value)
    live.value = value
  }

  async #write({ number }: IntentValue, value: IntentValue | undefined): Promise<void> {
    const changes: BookChanges = {}
    changes[`intent/${String(number).padStart(12, '0')}`] = value
    await this.parts.store.setValues(changes)
  }

  async #forget(live: Live): Promise<void> {
    this.#live.delete(live.value.number)
    this.parts.changed()
    await this.#write(live.value, undefined)
  }

  /** What a caller waits for. */
  async #told(live: Live, until: 'planned' | 'signed'): Promise<Told> {
    const version = live.value.versions.at(-1)
    if (version !== undefined) return version
    live.told ??= { until, promise: Promise.withResolvers<Told>() }
    return await live.told.promise.promise
  }

  #tell(live: Live, done: 'planned' | 'signed'): void {
    const { told } = live
    const { id, nonces } = this.#show(live)
    const nonce = nonces.at(-1)
    if (told === null || nonce === undefined || done === 'planned' && told.until === 'signed') return
    live.told = null
    told.promise.resolve({ nonce, id })
  }

  #refuse(live: Live, error: HoldfastError, told = live.told): void {
    live.told = null
    told?.promise.reject(error)
  }

  #show(live: Live): Sending {
    const { value, nonce, stage } = live
    const last = value.versions.at(-1)
    const nonces = [...value.versions.map(version => version.nonce), ...nonce === null || nonce === last?.nonce ? [] : [nonce]]
    const { what, sender, problem } = value
    return {
      claims: value.sealed !== null, id: last?.id ?? toHex(sha256(utf8(`holdfast/wish/1 ${value.wish}`))), what, sender, nonces, problem, fee: last?.fee ?? 0, time: last?.time ?? value.made,
      stage: problem !== null ? 'failed' : last === undefined || nonce !== null && nonce !== last.nonce ? stage : 'offered',
    }
  }

  #find(id: Cid): Live | null {
    return this.#all().find(live => live.value.versions.some(version => version.id === id) || this.#show(live).id === id) ?? null
  }

  #all(): readonly Live[] { return [...this.#live.values()] }
  #has(live: Live): boolean { return this.#live.get(live.value.number) === live && !this.#closed }

  #place({ value }: Live): Place | null {
    for (const { id } of value.versions) {
      const place = this.parts.placeOf(id)
      if (place !== null) return place
    }
    return null
  }

  /** The person's own: sent by them, or by an invite to them. Others belong to an identity that was here before. */
  #isOwners({ sender, sealed, what }: IntentValue): boolean {
    const owner = this.parts.owner()
    return owner !== null && (sealed === null ? sender === owner : what.op === 1 && what.body.to === owner)
  }

  get #now(): number { return Math.floor(this.parts.clock.now() / 1000) }
}

function spends(what: Wish): number { return what.op === 1 ? what.body.amount : 0 }

function isStampable({ op }: Wish): boolean { return ops[op].stampable }

function poor({ sealed }: IntentValue): ErrorObject {
  return sealed === null ? { code: 'too-large', message: 'more than there is', data: {} } : { code: 'not-found', message: 'somebody else took the coins first', data: {} }
}

function problemOf({ rule, detail }: Refusal): ErrorObject {
  return { code: rule === 'tx-balance' ? 'too-large' : rule === 'thread-unknown' ? 'not-found' : 'bad-input', message: detail, data: { rule } }
}

import { HoldfastError, decode, encode, limits, type Address, type Alarm, type Cid, type ErrorObject, type Secp256k1 } from '../base/index.ts'
import type { KeyService } from '../keys/index.ts'
import { judgeTransactionBytes, signTransaction, transaction, transactionId, type Chain, type Ledger, type Link, type Parameters, type Transaction, type UnsignedTransaction } from '../ledger/index.ts'
import { account as accountCodec, keys, noAccount, type Account } from '../state/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { Sync } from '../sync/index.ts'
import type { IntentValue, Version, Wish } from './book-values.ts'
import { byItself, checkReceiver, endsWhereRefused, isStampable, isViable, mayPass, poor, problemOf, spends, witnessFor } from './outbox-rules.ts'
import { OutboxShelf, show, type Live, type Sending, type ShelfParts, type Told } from './outbox-shelf.ts'
import { Rerun } from './rerun.ts'
import type { StampSearch } from './stamp-search.ts'

export interface OutboxParts extends ShelfParts {
  readonly network: string
  readonly parameters: Parameters
  readonly chain: Chain
  readonly ledger: Pick<Ledger, 'judgeNext'>
  readonly sync: Pick<Sync, 'status' | 'submit' | 'withdraw' | 'waiting' | 'read'>
  readonly keys: Pick<KeyService, 'sign' | 'reveal'>
  readonly signatures: Secp256k1
  readonly clock: Alarm
  readonly stamps: StampSearch
  /** Whose transactions these are. */
  owner(): Address | null
  /** From which block on the chain was read without a gap, and whether that is all up to the head. */
  readFrom(): number
  isRead(): boolean
}

/**
 * What the person sends, one after the other: kept as a wish first, then signed, then offered, and kept until its block is at the safety root. Where a signed one
 * can no longer get in, since another device used its nonce or its time is over, it is signed again, with a witness that rules the former out: none is ever
 * done twice, whichever branch wins. What can never be done fails with its reason.
 */
export class Outbox {
  readonly #work = new Rerun(async () => { await this.#tendAll() })
  #closed = false

  private constructor(private readonly parts: OutboxParts, private readonly shelf: OutboxShelf) {}

  static async open(parts: OutboxParts): Promise<Outbox> { return new Outbox(parts, await OutboxShelf.open(parts)) }

  /** In the order they were asked for. */
  list(): readonly Sending[] { return this.shelf.all().filter(live => this.shelf.placeOf(live) === null && this.#isOwners(live.value)).map(show) }

  /** Whether a row is one of what is looked after here. */
  holds(id: Cid): boolean { return this.shelf.all().some(({ value }) => value.versions.some(version => version.id === id)) }

  hasWish(wish: string): boolean { return this.whatOf(wish) !== null }

  /** What was wanted with this wish, where that did not fail. */
  whatOf(wish: string): Wish | null {
    const live = this.shelf.ofWish(wish)
    return live?.value.problem === null ? live.value.what : null
  }

  /** What of a sender's may still come into a block, or came into one that is not safe yet. */
  open(sender: Address): readonly Wish[] { return this.shelf.all().filter(({ value }) => value.sender === sender && value.problem === null).map(({ value }) => value.what) }

  /** The current id of what was once signed as `id`. */
  idOf(id: Cid): Cid | null {
    const live = this.shelf.find(id)
    return live === null ? null : this.#placed(live)?.id ?? show(live).id
  }

  /** Under which nonce stands, or goes, what was once to be sent under this one; itself where nothing else is known. */
  nonceOf(sender: Address, nonce: bigint): bigint {
    const live = this.shelf.all().find(each => each.value.sender === sender && show(each).nonces.includes(nonce))
    return live === undefined ? nonce : this.#placed(live)?.nonce ?? show(live).nonces.at(-1)!
  }

  /** Coins that what is on its way takes from a sender. */
  leaving(sender: Address, but: IntentValue | null = null): number {
    let sum = 0
    for (const live of this.shelf.all()) {
      const { value } = live
      if (value === but || value.sender !== sender || value.problem !== null || this.shelf.placeOf(live) !== null) continue
      sum += spends(value.what) + (value.versions.at(-1)?.fee ?? (isStampable(value.what) ? 0 : this.parts.parameters.minimumFee))
    }
    return sum
  }

  /** At the head, or at a root; null where nobody tells. */
  async account(address: Address, root?: Cid): Promise<Account | null> {
    const found = await this.parts.sync.read([keys.account(address).name], root)
    if (found === null) return null
    const bytes = found.values[0] ?? null
    const judged = bytes === null ? null : decode(accountCodec, bytes)
    if (judged?.ok === false) throw new HoldfastError('storage-damaged', judged.reason)
    return judged?.value ?? noAccount
  }

  /** Sends something. Resolves when it has its nonce, or when it is signed and kept; fails with the reason, and is forgotten. Said twice it is done once. */
  async add(wish: string, what: Wish, sender: Address, until: 'planned' | 'signed', sealed: SealedKey | null = null): Promise<Told> {
    checkReceiver(what)
    for (let known = this.shelf.ofWish(wish); known !== null; known = this.shelf.ofWish(wish)) {
      if (known.value.problem === null) return await this.shelf.told(known, until)
      await this.shelf.forget(known) // it failed, and is wanted once more, perhaps by others as well
    }
    if (this.shelf.all().length >= limits.intents) throw new HoldfastError('too-many', 'too much is on its way already')
    const { told } = await this.shelf.add({ wish, made: this.#now, what, sender, sealed }, until)
    if (this.#closed) this.shelf.close() // it goes on when the ledger is opened again
    void this.kick()
    return await told
  }

  /** Forgets what failed, or was offered to nobody. */
  async cancel(id: Cid): Promise<void> {
    const live = this.shelf.find(id)
    if (live === null) throw new HoldfastError('not-found', 'nothing of that name is on its way')
    if (live.value.versions.length > 0 && live.value.problem === null) throw new HoldfastError('already-exists', 'others have it already')
    live.end.abort()
    await this.shelf.forget(live)
    this.shelf.refuse(live, new HoldfastError('aborted', 'taken back'))
  }

  /** Looks after all that is on its way: on a new head, or when keys can be used again. */
  async kick(): Promise<void> {
    await this.#work.now()
  }

  close(): void {
    this.#closed = true
    this.shelf.close()
  }

  async #tendAll(): Promise<void> {
    if (this.#closed) return
    for (const live of this.shelf.all()) {
      // Whoever waits is told why; what nobody waits for is tried again with the next head.
      try { await this.#tend(live) } catch (error) { if (live.told !== null) await this.#giveUp(live, HoldfastError.from(error)).catch(() => {}) }
    }
  }

  async #tend(live: Live): Promise<void> {
    const { value } = live
    const { sync, parameters, chain } = this.parts
    if (!live.kept || !this.shelf.has(live) || !this.#isOwners(value)) return
    const { head, safe } = sync.status
    const place = this.shelf.placeOf(live)
    const isOver = place === null ? value.problem !== null && this.#now - value.made > failedFor : place.number <= safe.header.number
    if (isOver) await this.shelf.forget(live)
    if (isOver || place !== null || value.problem !== null || live.rests === head.id) return
    if (value.versions.length === 0) { await this.#send(live); return }
    const account = await this.account(value.sender)
    if (account === null) return
    const viable = value.versions.findLast(version => isViable(version, account, head, { chain, range: parameters.range }))
    if (viable !== undefined) {
      if (viable.nonce === account.nonce + 1n && await this.#isRefused(live, viable.nonce, viable.fee === 0)) return
      if (!this.#waiting(value.sender).some(({ id }) => id === viable.id)) await this.#submit(live, viable)
      return
    }
    // It may be in a block that was not read when it was looked for; from here to what is signed on this head nothing waits.
    if (!this.parts.isRead() || this.shelf.placeOf(live) !== null) return
    if (value.since + 1 < this.parts.readFrom()) await this.#fail(live, { code: 'timeout', message: 'this device was away too long to know whether it went through', data: { unsure: true } })
    else await this.#send(live)
  }

  async #send(live: Live): Promise<void> {
    try { await this.#signAndSubmit(live) } finally {
      live.nonce = null // or those after it would wait for one that nobody uses
      live.stage = 'signing'
    }
  }

  async #signAndSubmit(live: Live): Promise<void> {
    const { sync, parameters: { short, minimumFee }, network } = this.parts
    const { value } = live
    const { what, sender, versions } = value
    const { head } = sync.status
    const account = await this.account(sender)
    if (account === null) throw new HoldfastError('peer-unreachable', 'nobody tells what the account has')
    const witness = await this.#witness(live, account, head)
    if (witness === undefined) return // not on this head
    const [nonce, time] = [this.#freeNonce(live, account), this.#now]
    // Others who hold a former one of this nonce take no other for it but one that pays more; it may be of something that failed.
    const former = [...versions, ...this.shelf.all().filter(other => other !== live && other.value.sender === sender).flatMap(other => other.value.versions)]
    const fee = Math.max(minimumFee, ...former.filter(version => version.nonce === nonce).map(version => version.fee + 1))
    const pays = what.op !== 7 && account.balance - this.leaving(sender, value) >= spends(what) + fee // what the peer says of the account by itself costs nobody coins
    if (!pays && !isStampable(what)) { await this.#fail(live, poor(value)); return }
    if (nonce === account.nonce + 1n && await this.#isRefused(live, nonce, !pays)) return
    live.nonce = nonce
    this.shelf.tell(live, 'planned')
    const unsigned = { version: 1, network, sender, nonce, time, fee: pays ? fee : 0, witness: witness?.root ?? null, profile: null, stamp: null, ...what } as UnsignedTransaction
    const stamped = pays ? unsigned : await this.#stamp(live, unsigned)
    if (stamped === null) { this.#work.ask(); return }
    const signed = await this.#sign(value, stamped)
    if (!this.shelf.has(live)) return // taken back
    const version: Version = {
      id: transactionId(signed), bytes: encode(transaction, signed), nonce, time, fee: unsigned.fee, witness: witness === null ? null : { root: witness.root, number: witness.header.number },
    }
    await this.shelf.keep(live, { ...value, versions: [...versions, version], since: versions.length > 0 ? value.since : Math.max(0, head.header.number - short) })
    if (!this.shelf.has(live)) return // taken back while it was written down
    await this.#submit(live, version)
  }

  /** Whether the head's state will not have it, which then has failed: it would wait, and all after it, for a block that nobody makes. */
  async #isRefused(live: Live, nonce: bigint, stamped: boolean): Promise<boolean> {
    const { value: { what, sender, versions } } = live
    const { sync, ledger } = this.parts
    if (!endsWhereRefused(what) || sync.status.mode !== 'full') return false
    const refusal = await ledger.judgeNext(what, { sender, nonce, stamped }, this.#now)
    if (refusal === null) return false
    for (const { id } of versions) await sync.withdraw(id)
    await this.#fail(live, problemOf(refusal))
    return true
  }

  async #witness(live: Live, account: Account, head: Link): Promise<Link | null | undefined> {
    const { chain, parameters: { short, range }, sync } = this.parts
    const { versions, sender } = live.value
    const nonceAt = async (root: Cid): Promise<bigint | null> => (await this.account(sender, root))?.nonce ?? null
    return await witnessFor(versions, head, {
      chain, short, range, knowsHead: sync.status.mode === 'full', nonceAt, leans: async on => this.#leans(live, account, on?.header.number ?? 0, on === null ? 0n : await nonceAt(on.root) ?? account.nonce),
    })
  }

  /** Whether a sender's next nonce follows from transactions of another device, or own ones that take such for granted, above a block. */
  #leans(live: Live, { nonce }: Account, number: number, before: bigint): boolean {
    const others = this.shelf.all().filter(other => other !== live && other.value.sender === live.value.sender)
    const own = others.flatMap(other => this.#placed(other) ?? []).filter(version => version.nonce > before).length
    if (BigInt(own) < nonce - before) return true
    return others.some(other => this.#placed(other) === null && other.value.problem === null && (other.value.versions.at(-1)?.witness?.number ?? 0) > number)
  }

  /** With a stamp; null where another device used its nonce meanwhile. */
  async #stamp(live: Live, unsigned: UnsignedTransaction): Promise<UnsignedTransaction | null> {
    const { stamps, parameters: { stampBits }, changed } = this.parts
    live.stage = 'stamping'
    changed()
    const stamp = await stamps.find(unsigned, stampBits, live.end.signal)
    live.stage = 'signing'
    changed()
    const account = await this.account(unsigned.sender)
    return account === null || account.nonce >= unsigned.nonce ? null : { ...unsigned, stamp }
  }

  async #sign({ sealed }: IntentValue, unsigned: UnsignedTransaction): Promise<Transaction> {
    const { keys: keyService, network, signatures } = this.parts
    if (sealed === null) return { ...unsigned, signature: await keyService.sign('transaction', network, unsigned) }
    const secret = await keyService.reveal(sealed)
    try { return signTransaction(unsigned, secret, signatures) } finally { secret.fill(0) }
  }

  async #submit(live: Live, version: Version): Promise<void> {
    const { sync, changed } = this.parts
    let verdict: Awaited<ReturnType<Sync['submit']>> | null = null
    try {
      for (const { id, nonce } of live.value.versions) if (id !== version.id && nonce === version.nonce) await sync.withdraw(id) // it keeps no two of a nonce
      verdict = await sync.submit(version.bytes)
    } catch { /* it is kept, and offered with the next head */ }
    if (verdict?.ok === false) {
      if (!mayPass(verdict)) { await this.#fail(live, problemOf(verdict)); return }
      live.rests = sync.status.head.id
    }
    this.shelf.tell(live, 'signed')
    changed()
  }

  async #fail(live: Live, problem: ErrorObject): Promise<void> {
    if (!this.shelf.has(live)) return // taken back meanwhile
    if (live.told === null && live.value.wish.startsWith(byItself)) await this.shelf.forget(live)
    else if (live.told === null) await this.shelf.keep(live, { ...live.value, problem })
    else await this.#giveUp(live, HoldfastError.fromObject(problem))
    this.parts.changed()
  }

  /** Whoever waits hears why, and nothing of it stays. */
  async #giveUp(live: Live, error: HoldfastError): Promise<void> {
    try { await this.shelf.forget(live) } finally { this.shelf.refuse(live, error) }
  }

  #freeNonce(live: Live, account: Account): bigint {
    const { sender, versions } = live.value
    const used = new Set(this.#waiting(sender).filter(({ id }) => !versions.some(version => version.id === id)).map(({ nonce }) => nonce))
    for (const other of this.shelf.all()) {
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

  #placed({ value }: Live): Version | null { return value.versions.find(({ id }) => this.parts.placeOf(id) !== null) ?? null }

  /** The person's own: sent by them, or by an invite to them. Others belong to an identity that was here before. */
  #isOwners({ sender, sealed, what }: IntentValue): boolean {
    const owner = this.parts.owner()
    return owner !== null && (sealed === null ? sender === owner : what.op === 1 && what.body.to === owner)
  }

  get #now(): number { return Math.floor(this.parts.clock.now() / 1000) }
}

/** Seconds that one is shown which failed. */
const failedFor = 7 * 86_400

import { HoldfastError, fromUtf8, isAddress, isCid, limits, type Address, type Cid, type Clock, type Random } from '../base/index.ts'
import { isHolder, type EnvelopeScope } from '../content/index.ts'
import type { KeyService } from '../keys/index.ts'
import type { Ledger } from '../ledger/index.ts'
import { keys, type Purchase } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { Wish } from './book-values.ts'
import { keyNameOf, refOfKey, type AccessChanges, type AccessStore, type DekBook, type PurchaseValue } from './dek-book.ts'
import { ledgerFacts } from './ledger-facts.ts'
import { byItself } from './outbox-rules.ts'
import type { Outbox } from './outbox.ts'
import type { UploadName } from './upload-api.ts'
import { readRow, type ReadValues } from './upload-state.ts'

export interface PurchaseParts {
  readonly network: string
  readonly ledger: Pick<Ledger, 'head' | 'values' | 'changes' | 'parameters'>
  readonly sync: Pick<Sync, 'status'>
  readonly store: AccessStore
  readonly deks: DekBook
  readonly keys: Pick<KeyService, 'sealFor' | 'purchaseSecret'>
  readonly clock: Clock
  readonly random: Random
  /** Null where nothing can be signed. */
  me(): Address | null
  outbox(): Promise<Pick<Outbox, 'add' | 'hasWish'>>
  /** A purchase of this person's: its key is to be looked for, or no longer. */
  bought(name: UploadName): void
  refunded(name: UploadName): void
  changed(): void
}

/** A purchase: an upload, and who buys its key. */
interface PurchaseName extends UploadName { readonly buyer: Address }

/** Blocks after which something that failed is tried again. */
const againBlocks = 8

/**
 * Looks after purchases that concern this person. As the owner or a holder: gives the key, once the purchase is safe, and takes the coins when their time has come. As the
 * buyer: picks up the key, takes the coins back where nobody gave it in time, and complains where what was given is not the key. They are found in what differs between one head's
 * state and the next, whichever branch that is.
 */
export class PurchaseWatch {
  readonly #watched = new Map<string, PurchaseValue>()
  /** Own wishes that were made, and when they may be made again: a number of a block. */
  readonly #made = new Map<string, number>()
  /** When a key is granted, ms: holders wait, each a time of its own, so that not all pay for the same. */
  readonly #turns = new Map<string, number>()
  readonly #wrong = new Set<string>()

  private constructor(private readonly parts: PurchaseParts) {}

  static async open(parts: PurchaseParts): Promise<PurchaseWatch> {
    const watch = new PurchaseWatch(parts)
    for (const [name, value] of await parts.store.values('local/purchase/')) watch.#watched.set(name.slice('local/purchase/'.length), value)
    return watch
  }

  isRefunded(name: UploadName, buyer: Address): boolean { return this.#watched.get(`${refOfKey(name)}/${buyer}`)?.refunded === true }

  /** What was granted for a purchase of this person's does not open. */
  wrongGrant(name: UploadName): void { this.#wrong.add(refOfKey(name)) }

  /** Somebody who bought it was given the key: it is granted now. */
  async granted(name: UploadName, buyer: Address): Promise<void> {
    const ref = `${refOfKey(name)}/${buyer}`
    this.#turns.set(ref, 0)
    if (!this.#watched.has(ref)) await this.#set(ref, { safe: false, refunded: false })
  }

  /** Looks at all of them; on a new head, or a new safety root. */
  async look(): Promise<void> {
    const me = this.parts.me()
    const { head, mode, stage } = this.parts.sync.status
    if (me === null || mode !== 'full' || stage !== 'following') return
    await this.#find(me)
    for (const ref of this.#watched.keys()) {
      const { cid, owner, who: buyer } = keyNameOf(ref)
      try { await this.#tend(ref, { cid, owner, buyer }, me, head.header.number) } catch (error) {
        if (HoldfastError.from(error).code === 'internal') throw error // else locked, no coins, or a state that is not here: looked at again
      }
    }
  }

  /** New ones, from what the head's state has that an earlier one had not. */
  async #find(me: Address): Promise<void> {
    const { ledger, store } = this.parts
    const before = await store.value('access/at')
    const { root } = ledger.head
    if (before === root) return
    try { if (before !== null) for await (const { key, after } of ledger.changes(before, root)) if (after !== null) await this.#meet(fromUtf8(key) ?? '', me) } catch (error) {
      if (HoldfastError.from(error).code !== 'not-found') throw error // away for longer than states are kept: who buys asks by itself
    }
    await store.setValues({ 'access/at': root })
  }

  async #meet(key: string, me: Address): Promise<void> {
    const [room, cid = '', owner = '', buyer = ''] = key.split('/')
    if (room !== 'access' || !isCid(cid) || !isAddress(owner) || !isAddress(buyer)) return
    const name = { cid, owner }
    if (buyer !== me && owner !== me && this.parts.deks.of(name) === null) return
    const purchase = await this.#purchase({ ...name, buyer }, this.parts.ledger.head.root)
    const ref = `${refOfKey(name)}/${buyer}`
    if (purchase !== null && !purchase.settled && this.#watched.get(ref)?.refunded !== false) await this.#set(ref, { safe: false, refunded: false })
    if (buyer === me) this.parts.changed()
  }

  async #tend(ref: string, name: PurchaseName, me: Address, head: number): Promise<void> {
    const { deks, ledger: { parameters: { keeperPeriod } } } = this.parts
    if (this.#watched.get(ref)?.refunded === true) return
    const purchase = await this.#purchase(name, this.parts.ledger.head.root)
    if (purchase === null) { await this.#gone(ref, name, me); return }
    const { grant, block, settled } = purchase
    if (this.#watched.get(ref)?.safe === false && await this.#purchase(name, this.parts.sync.status.safe.root) !== null) await this.#set(ref, { safe: true, refunded: false })
    const isBuyer = name.buyer === me
    if (isBuyer && grant !== null && deks.of(name) === null) {
      this.parts.bought(name)
      if (this.#wrong.has(refOfKey(name)) && head + 1 - grant.block < keeperPeriod) await this.#complain(`complain/${ref}/${grant.block}`, name)
      return
    }
    if (settled || isBuyer && deks.of(name) !== null) { await this.#set(ref, undefined); return }
    if (isBuyer) this.parts.bought(name)
    if (head + 1 - (grant?.block ?? block) >= keeperPeriod) {
      const mine = grant === null ? isBuyer : name.owner === me || grant.by === me
      if (mine && purchase.price > this.parts.ledger.parameters.minimumFee) await this.#send(`settle/${ref}/${block}`, { op: 10, body: { ...nameOf(name), buyer: name.buyer, secret: null } })
      else await this.#set(ref, undefined)
    } else if (!isBuyer && grant === null) await this.#grant(ref, name, purchase, me)
  }

  /** Its row is away: refunded, or on no branch that counts. */
  async #gone(ref: string, name: PurchaseName, me: Address): Promise<void> {
    const { safe } = this.parts.sync.status
    if (await this.#purchase(name, safe.root) !== null) return // it may come back
    if (name.buyer === me) this.parts.refunded(nameOf(name))
    await this.#set(ref, name.buyer === me && this.#watched.get(ref)?.safe === true ? { safe: true, refunded: true } : undefined)
    this.parts.changed()
  }

  /** Gives the key into a purchase that is safe. */
  async #grant(ref: string, name: PurchaseName, { box, keyCommit, block }: Purchase, me: Address): Promise<void> {
    const { parts } = this
    const { sync: { status: { safe, voted } }, ledger: { parameters: { blockTime } } } = parts
    const sealed = parts.deks.of(name)
    if (sealed === null || !voted || await this.#purchase(name, safe.root) === null) return
    for (const [root, number] of [[safe.root, safe.header.number], [parts.ledger.head.root, parts.ledger.head.header.number]] as const) {
      const facts = await ledgerFacts(this.#reader(root), number).facts(name.cid, name.owner, name.buyer)
      if (facts === null || facts.gone || me !== name.owner && !isHolder(facts, me)) return
    }
    const now = parts.clock.now()
    const turn = this.#turns.get(ref) ?? now + blockTime * 1000 * (parts.random.bytes(1)[0]! / 256) * (me === name.owner ? 0 : 1)
    this.#turns.set(ref, turn)
    if (turn > now) return
    const scope: EnvelopeScope = { network: parts.network, ...nameOf(name), purpose: 'access', requester: name.buyer, box, request: null }
    const envelope = await parts.keys.sealFor(sealed, keyCommit, scope)
    await this.#send(`grant/${ref}/${block}`, { op: 9, body: { ...nameOf(name), buyer: name.buyer, enc: envelope.enc, ct: envelope.ct } })
  }

  async #complain(wish: string, name: PurchaseName): Promise<void> {
    const secret = await this.parts.keys.purchaseSecret(name.cid, name.owner)
    await this.#send(wish, { op: 10, body: { ...nameOf(name), buyer: name.buyer, secret } })
  }

  /** Once for each wish; again some blocks after it failed. */
  async #send(name: string, what: Wish): Promise<void> {
    const [me, wish] = [this.parts.me(), byItself + name]
    const outbox = await this.parts.outbox()
    if (me === null || outbox.hasWish(wish) || (this.#made.get(wish) ?? 0) > this.parts.ledger.head.header.number) return
    this.#made.set(wish, this.parts.ledger.head.header.number + againBlocks)
    void outbox.add(wish, what, me, 'signed').catch(() => {}) // without coins for the fee, or locked meanwhile
  }

  async #purchase({ cid, owner, buyer }: PurchaseName, root: Cid): Promise<Purchase | null> {
    return (await readRow(this.#reader(root), keys.access(cid, owner, buyer)))?.purchase ?? null
  }

  #reader(root: Cid): ReadValues { return async names => await this.parts.ledger.values(names, root) }

  async #set(ref: string, value: PurchaseValue | undefined): Promise<void> {
    if (value !== undefined && !this.#watched.has(ref) && this.#watched.size >= limits.purchasesWatched) return
    const changes: AccessChanges = {}
    changes[`local/purchase/${ref}`] = value
    await this.parts.store.setValues(changes)
    if (value === undefined) this.#watched.delete(ref)
    else this.#watched.set(ref, value)
  }
}

function nameOf({ cid, owner }: UploadName): UploadName { return { cid, owner } }

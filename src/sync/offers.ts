import { HoldfastError, encode, type Address, type Cid } from '../base/index.ts'
import { ancestor, judgeTransactionBytes, transaction as transactionCodec, transactionId, transactionLife, type Ledger, type Link, type Refusal, type Rule, type Transaction } from '../ledger/index.ts'
import type { HeadMove } from './api.ts'
import type { PoolOrder } from './pool/pool-order.ts'
import { Pool } from './pool/pool.ts'
import type { SyncMemory } from './ports.ts'

export interface OfferParts {
  readonly ledger: Ledger
  readonly memory: SyncMemory
  /** Of what waits, here and elsewhere. */
  readonly numbers: PoolOrder
  /** Seconds. */
  now(): number
}

/** What an honest peer cannot offer, however its head differs from ours. */
const dishonest: ReadonlySet<Rule> = new Set<Rule>(['tx-encoding', 'unknown-op', 'tx-network', 'tx-signature', 'tx-fee', 'stamp-forbidden', 'stamp-weak'])

/** Transactions on their way: the pool, which others draw from, and those of this device, which stay until they are in a block that is settled, whatever becomes of the blocks before. */
export class Offers {
  readonly pool: Pool
  readonly #own = new Map<Cid, { readonly bytes: Uint8Array, readonly transaction: Transaction }>()

  constructor(private readonly parts: OfferParts) {
    this.pool = new Pool(parts.numbers, undefined, bytes => parts.ledger.readTransaction(bytes))
  }

  async restore(): Promise<void> {
    for (const [name, bytes] of await this.parts.memory.values('own/')) {
      const judged = judgeTransactionBytes(bytes)
      if (judged.ok) this.#own.set(name.slice('own/'.length), { bytes, transaction: judged.value })
    }
    await this.#tend()
  }

  /** Takes what a peer offers; false where no honest peer would. */
  async harvest(transactions: readonly Uint8Array[], from: string): Promise<boolean> {
    for (const bytes of transactions) {
      const added = await this.#add(bytes, from)
      if (typeof added === 'object' && dishonest.has(added.rule)) return false
    }
    return true
  }

  async submit(bytes: Uint8Array): Promise<Refusal | { readonly ok: true, readonly id: Cid }> {
    const judged = judgeTransactionBytes(bytes)
    if (!judged.ok) return judged
    const id = transactionId(judged.value)
    const broken = await this.parts.ledger.judge(bytes, this.parts.now())
    if (broken !== null) return broken
    await this.parts.memory.setValues({ [`own/${id}`]: bytes }) // what others may see from now on is offered until its end
    this.#own.set(id, { bytes, transaction: judged.value })
    const added = await this.#add(bytes, '')
    if (typeof added !== 'object') return { ok: true, id }
    await this.#forget([id])
    return added
  }

  async withdraw(id: Cid): Promise<void> {
    this.pool.drop([id])
    await this.#forget([id])
  }

  waiting(address: Address): readonly Uint8Array[] {
    return [...this.#own.values()].filter(({ transaction }) => transaction.sender === address).sort((a, b) => a.transaction.nonce < b.transaction.nonce ? -1 : 1).map(({ bytes }) => bytes)
  }

  /** What came into blocks leaves the pool; what is in none any more comes back. */
  async headMoved({ left, joined }: HeadMove): Promise<void> {
    for (const link of left) for (const bytes of (await this.#transactionsOf(link)).map(each => encode(transactionCodec, each))) await this.#add(bytes, link.id)
    if (this.pool.size > 0) for (const link of joined) for (const { sender, nonce } of await this.#transactionsOf(link)) this.pool.dropUsed(sender, nonce)
    if (left.length > 0) this.pool.drop(this.pool.entries().filter(({ transaction }) => this.#isVoid(transaction)).map(({ id }) => id))
    this.pool.expire(this.parts.now())
    await this.#tend()
  }

  /** Whether it takes something for granted that is not on this chain: no block takes it, and it must not keep another of its nonce away. */
  #isVoid({ witness }: Transaction): boolean {
    const { chain, head } = this.parts.ledger
    const named = witness === null ? null : chain.record(witness)
    return witness !== null && (named === null || ancestor(chain, head, named.header.number)?.root !== witness)
  }

  async #add(bytes: Uint8Array, source: string): Promise<'new' | 'known' | 'full' | Refusal> {
    return await this.pool.add(bytes, source, async () => await this.parts.ledger.judge(bytes, this.parts.now()))
  }

  /** Own transactions that no block has are offered; those in a settled block, or too old for any, are let go. */
  async #tend(): Promise<void> {
    const { ledger, now } = this.parts
    if (this.#own.size === 0) return
    const settled = ancestor(ledger.chain, ledger.head, Math.max(0, ledger.head.header.number - ledger.parameters.short))
    const gone: Cid[] = []
    for (const [id, { bytes, transaction }] of this.#own) {
      const { sender, nonce, time } = transaction
      if ((await ledger.account(sender)).nonce < nonce) {
        if (now() - time > transactionLife) gone.push(id)
        else if (!this.#isVoid(transaction)) {
          await this.#add(bytes, '')
          if (!this.#own.has(id)) this.pool.drop([id]) // it was taken back meanwhile
        }
      } else if (settled !== null && await this.#usedAt(settled.root, sender, nonce)) gone.push(id)
    }
    await this.#forget(gone)
  }

  /** Whether a nonce was used in a state; one that is not here, of before this ledger began, tells nothing. */
  async #usedAt(root: Cid, sender: Address, nonce: bigint): Promise<boolean> {
    try { return (await this.parts.ledger.account(sender, root)).nonce >= nonce } catch (error) {
      if (HoldfastError.from(error).code !== 'not-found') throw error
      return false
    }
  }

  async #forget(ids: readonly Cid[]): Promise<void> {
    const known = ids.filter(id => this.#own.delete(id))
    if (known.length > 0) await this.parts.memory.setValues(Object.fromEntries(known.map(id => [`own/${id}`, undefined])))
  }

  async #transactionsOf(link: Link): Promise<readonly Transaction[]> { return (await this.parts.ledger.bodyOf(link))?.transactions ?? [] }
}

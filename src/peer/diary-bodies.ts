import { decode, encode, type Address, type Cid } from '../base/index.ts'
import { ancestor, bodyId, emptyBody, encodeBody, judgeBodyBytes, transaction, transactionId, type Body, type Chain, type Link, type Parameters } from '../ledger/index.ts'
import { access, coinbaseOutput, keys } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { BookStore, MessageValue } from './book-values.ts'
import { earnedOf, type Payment, type Payments } from './diary-entries.ts'

export interface BodyParts {
  readonly chain: Chain
  readonly parameters: Pick<Parameters, 'reward'>
  readonly sync: Pick<Sync, 'status' | 'read' | 'fetch'>
  readonly store: Pick<BookStore, 'body'>
}

/** Many blocks have nothing in them, and nobody has to be asked for that. */
const nothing = bodyId(encodeBody(emptyBody))

/** Bodies of blocks, and what they alone tell. */
export class DiaryBodies {
  /** What was read last: the next block pays its fees. */
  #last: { readonly id: Cid, readonly body: Body } | null = null

  constructor(private readonly parts: BodyParts) {}

  /** From here or, where it is worth asking, from others; null where nobody has it. */
  async read({ id, root, header }: Link, ask: boolean): Promise<Body | null> {
    if (header.body === nothing) return emptyBody
    if (this.#last?.id === id) return this.#last.body
    const { store, sync } = this.parts
    const bytes = await store.body(root) ?? (ask ? await sync.fetch(header.body) : null)
    const judged = bytes === null ? null : judgeBodyBytes(bytes, header.body)
    if (judged?.ok !== true) return null
    this.#last = { id, body: judged.value }
    return judged.value
  }

  /** What a block brought its miner: as the state says, or else fees of the block before and the reward. */
  async earned(link: Link): Promise<number> {
    const { chain, parameters, sync } = this.parts
    const parent = link.parent === null ? null : chain.record(link.parent)
    const body = parent === null ? null : await this.read(parent, false)
    if (body !== null) return earnedOf(body, parameters)
    const found = await sync.read([keys.coinbase(link.header.miner, link.header.nonce).name])
    const bytes = found?.values[0] ?? null
    const judged = bytes === null ? null : decode(coinbaseOutput, bytes)
    return judged?.ok === true ? judged.value.amount : parameters.reward
  }

  /** What ends of purchases in a block paid to a person, as far as the state before it is to be had. */
  async payments({ parent }: Link, { transactions }: Body, owner: Address | null): Promise<Payments> {
    const payments = new Map<Cid, Payment>()
    for (const each of owner === null || parent === null ? [] : transactions) {
      if (each.op !== 10) continue
      const { cid, owner: seller, buyer, secret } = each.body
      const bytes = (await this.parts.sync.read([keys.access(cid, seller, buyer).name], parent ?? undefined))?.values[0] ?? null
      const judged = bytes === null ? null : decode(access, bytes)
      const purchase = judged?.ok === true ? judged.value.purchase : null
      if (purchase === null) continue
      const { price, share, grant } = purchase
      const part = grant === null || grant.by === seller ? 0 : Math.floor(price * share / 1000)
      if (grant === null || secret !== null) {
        if (buyer === owner) payments.set(transactionId(each), { kind: 'refunded', amount: price, other: seller })
      } else if (seller === owner || grant.by === owner) payments.set(transactionId(each), { kind: 'earned', amount: seller === owner ? price - part : part, other: buyer })
    }
    return payments
  }

  /** A message's transaction, from its block or from whoever keeps it; null where nobody does. */
  async transactionOf({ id, block, number, index }: MessageValue): Promise<Uint8Array | null> {
    const { chain, sync } = this.parts
    const link = ancestor(chain, sync.status.head, number)
    const body = link?.id === block ? await this.read(link, false) : null
    const each = index === null ? undefined : body?.transactions[index]
    return each !== undefined && transactionId(each) === id ? encode(transaction, each) : await sync.fetch(id)
  }
}

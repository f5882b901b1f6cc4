import { addressField, byteString, hexString, nullable, struct, toHex, type Address, type Cid } from '../../base/index.ts'
import { boxOf, envelopeScope, keyCommitment, openEnvelope } from '../../content/index.ts'
import { keys, type Purchase } from '../../state/index.ts'
import { breaks, type Refusal } from '../rules.ts'
import { give, mayHold } from '../uploads/coins.ts'
import type { Op, OpContext } from './types.ts'

export interface Settle {
  readonly cid: Cid
  readonly owner: Address
  readonly buyer: Address
  /** The secret of the purchase's box, 32 bytes, by which a buyer shows that what was granted is not the key. */
  readonly secret: Uint8Array<ArrayBuffer> | null
}

/** Op 10 ends a purchase, as its age allows: pays the owner, or gives the coins back. Anybody may. */
export const settle: Op<Settle> = {
  code: 10,
  name: 'settle',
  body: struct({ cid: hexString(32), owner: addressField, buyer: addressField, secret: nullable(byteString(32)) }),
  stampable: false,
  lasting: false,
  opens: ({ secret }) => secret !== null,
  spends: () => 0,

  async judge(body, context) {
    const purchase = (await context.state.get(keys.access(body.cid, body.owner, body.buyer)))?.purchase ?? null
    if (purchase === null) return breaks('buy-unknown', 'not bought')
    if (purchase.settled) return breaks('settle-done', 'settled before')
    return (body.secret === null ? judgeAge(purchase, context) : await judgeSecret(body, body.secret, purchase, context)) ?? await judgePayment(body, purchase, context)
  },

  async apply(body, { state }) {
    const { cid, owner, buyer } = body
    const key = keys.access(cid, owner, buyer)
    const row = await state.get(key)
    if (row === null || row.purchase === null) return
    const { member, purchase } = row
    const refunds = purchase.grant === null || body.secret !== null
    if (!refunds) state.set(key, { member, purchase: { ...purchase, settled: true } })
    else state.set(key, member === null ? null : { member, purchase: null })
    for (const [address, amount] of paymentsOf(body, purchase)) await give(state, address, amount)
  },
}

/** Who gets what of the coins. */
function paymentsOf({ owner, buyer, secret }: Settle, { price, share, grant }: Purchase): readonly (readonly [Address, number])[] {
  if (grant === null || secret !== null) return [[buyer, price]]
  const part = grant.by === owner ? 0 : Math.floor(price * share / 1000)
  return part === 0 ? [[owner, price]] : [[owner, price - part], [grant.by, part]]
}

/** A grant waits for the buyer's word, a purchase for a grant, as long as each other. */
function judgeAge({ block, grant }: Purchase, { number, parameters: { keeperPeriod } }: OpContext): Refusal | null {
  const age = number - (grant?.block ?? block)
  return age >= keeperPeriod ? null : breaks('settle-early', `${age} blocks of ${keeperPeriod}`)
}

/** Gives the coins back where the envelope does not hold the key. The secret must be that of the box, or any would do. */
async function judgeSecret({ cid, owner, buyer }: Settle, secret: Uint8Array, { box, keyCommit, grant }: Purchase, { network, number, sender, parameters: { keeperPeriod } }: OpContext): Promise<Refusal | null> {
  if (sender !== buyer) return breaks('settle-secret', 'the secret of somebody else')
  if (grant === null) return breaks('settle-secret', 'nothing was granted')
  if (number - grant.block >= keeperPeriod) return breaks('settle-secret', 'too late to complain')
  if (toHex(boxOf(secret)) !== box) return breaks('settle-secret', 'not the secret of the purchase')
  const key = await openEnvelope(secret, grant, envelopeScope({ network, cid, owner, purpose: 'access', requester: buyer, box, request: null }))
  return key !== null && keyCommitment(cid, key) === keyCommit ? breaks('settle-opens', 'the envelope holds the key') : null
}

async function judgePayment(body: Settle, purchase: Purchase, { state }: OpContext): Promise<Refusal | null> {
  for (const [address, amount] of paymentsOf(body, purchase)) {
    if (!await mayHold(state, address, amount)) return breaks('amount-range', 'somebody would hold more than amounts can say')
  }
  return null
}

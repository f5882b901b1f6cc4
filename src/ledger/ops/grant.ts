import { addressField, hexString, struct, type Address, type Cid } from '../../base/index.ts'
import { envelopeFields, type Envelope } from '../../content/index.ts'
import { keys } from '../../state/index.ts'
import { breaks } from '../rules.ts'
import { isOver } from '../uploads/rows.ts'
import type { Op } from './types.ts'

/** `enc`, `ct`: the key, sealed to the box of the purchase. */
export interface Grant extends Envelope { readonly cid: Cid, readonly owner: Address, readonly buyer: Address }

/** Op 9 lays the key of a file, sealed, into a purchase that waits for it. Whether it opens is for the buyer to say. */
export const grant: Op<Grant> = {
  code: 9,
  name: 'grant',
  body: struct({ cid: hexString(32), owner: addressField, buyer: addressField, ...envelopeFields }),
  stampable: false,
  lasting: false,
  spends: () => 0,

  async judge({ cid, owner, buyer }, { state, sender, number, parameters: { keeperPeriod } }) {
    const row = await state.get(keys.upload(cid, owner))
    if (row === null) return breaks('upload-unknown', 'nobody publishes this')
    if (isOver(row, number)) return breaks('upload-over', 'it is withdrawn or past its time')
    if (sender !== owner && !row.publication.holders.some(({ address }) => address === sender)) return breaks('grant-stranger', 'neither its owner nor a holder')
    const purchase = (await state.get(keys.access(cid, owner, buyer)))?.purchase ?? null
    if (purchase === null) return breaks('buy-unknown', 'not bought')
    if (purchase.grant !== null) return breaks('grant-closed', 'granted before')
    return number - purchase.block < keeperPeriod ? null : breaks('grant-closed', 'too late: the coins are the buyer\'s again')
  },

  async apply({ cid, owner, buyer, enc, ct }, { state, sender, number }) {
    const key = keys.access(cid, owner, buyer)
    const row = await state.get(key)
    if (row === null || row.purchase === null) return
    state.set(key, { ...row, purchase: { ...row.purchase, grant: { by: sender, block: number, enc, ct } } })
  },
}

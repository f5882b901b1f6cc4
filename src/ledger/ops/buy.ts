import { addressField, hexString, struct, u40, type Address, type Cid } from '../../base/index.ts'
import { boxKey, keys, noAccess } from '../../state/index.ts'
import { breaks } from '../rules.ts'
import { isOver } from '../uploads/rows.ts'
import type { Op } from './types.ts'

export interface Buy {
  readonly cid: Cid
  readonly owner: Address
  readonly price: number
  /** X25519 key the file's key is to be sealed to, made for this purchase alone. */
  readonly box: string
}

/** Op 8 puts the price of a key into escrow, until it is granted or was not. */
export const buy: Op<Buy> = {
  code: 8,
  name: 'buy',
  body: struct({ cid: hexString(32), owner: addressField, price: u40, box: boxKey }),
  stampable: false,
  lasting: false,
  spends: ({ price }) => price,

  async judge({ cid, owner, price }, { state, sender, number }) {
    const row = await state.get(keys.upload(cid, owner))
    if (row === null) return breaks('upload-unknown', 'nobody publishes this')
    if (isOver(row, number)) return breaks('upload-over', 'it is withdrawn or past its time')
    const { policy } = row.publication
    if (!('pay' in policy) || policy.pay.price !== price) return breaks('buy-price', 'not what its owner asks')
    const { purchase } = await state.get(keys.access(cid, owner, sender)) ?? noAccess
    return purchase === null ? null : breaks('buy-twice', 'bought before')
  },

  async apply({ cid, owner, price, box }, { state, sender, number }) {
    const row = await state.get(keys.upload(cid, owner))
    if (row === null) return
    const { publication: { policy, keyCommit } } = row
    if (!('pay' in policy) || keyCommit === null) return
    const { pay: { share } } = policy
    const key = keys.access(cid, owner, sender)
    state.set(key, { ...await state.get(key) ?? noAccess, purchase: { price, share, box, keyCommit, block: number, grant: null, settled: false } })
  },
}

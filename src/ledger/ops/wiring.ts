import { CborFault, HoldfastError, addressBytes, addressOfBytes, fromHex, struct, toHex, uint, type Address, type Codec } from '../../base/index.ts'
import { keys, type StateKey } from '../../state/index.ts'
import { breaks } from '../rules.ts'
import { give, mayHold, mostCoins } from '../uploads/coins.ts'
import type { Op } from './types.ts'

/** Where coins go: an account's address, or a Factoid address by the hash of its RCD, 64 lower-case hex digits. */
export type Receiver = string

/** 20 bytes are an account, 32 a Factoid address. */
const receiver: Codec<Receiver> = {
  write(out, value) {
    const bytes = addressBytes(value) ?? (/^[0-9a-f]{64}$/.test(value) ? fromHex(value) : null)
    if (bytes === null) throw new HoldfastError('bad-input', 'neither an address nor 32 bytes in hex')
    out.bytes(bytes)
  },
  read(input) {
    const bytes = input.bytes(32)
    if (bytes.length === 20) return addressOfBytes(bytes)
    if (bytes.length !== 32) throw new CborFault('neither 20 nor 32 bytes')
    return toHex(bytes)
  },
}

/**
 * The account that 32 bytes stand for as the output of a Factoid transaction, twelve zero bytes before its twenty; null for other receivers. A wiring pays no account by them: what it moved
 * there would lie where nobody has the key. The rules of blocks allow that; whoever makes a wiring asks before.
 */
export function accountMeant(to: Receiver): Address | null {
  return /^0{24}[0-9a-f]{40}$/.test(to) ? addressOfBytes(fromHex(to)!.subarray(12)) : null
}

export interface Wiring { readonly to: Receiver, readonly amount: number }

/** Op 1 moves coins. */
export const wiring: Op<Wiring> = {
  code: 1,
  name: 'wiring',
  body: struct({ to: receiver, amount: uint(mostCoins, 1) }),
  stampable: false,
  lasting: false,
  spends: ({ amount }) => amount,

  async judge({ to, amount }, { state, sender }) {
    if (to === sender) return null
    const fits = to.startsWith('T') ? await mayHold(state, to, amount) : (await state.get(keys.factoid(to)) ?? 0) + amount <= mostCoins
    return fits ? null : breaks('amount-range', 'the receiver would hold more than amounts can say')
  },

  async apply({ to, amount }, { state }) {
    if (to.startsWith('T')) {
      await give(state, to, amount)
      return
    }
    const key: StateKey<number> = keys.factoid(to)
    state.set(key, (await state.get(key) ?? 0) + amount)
  },
}

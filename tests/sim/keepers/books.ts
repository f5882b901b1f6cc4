import { decode, fromUtf8 } from '../../../src/base/index.ts'
import type { Difference } from '../../../src/hamt/index.ts'
import { keys, type StateKey } from '../../../src/state/index.ts'

/** Where coins lie in a state. */
export interface Sums { readonly accounts: number, readonly bonds: number, readonly escrow: number, readonly burned: number, readonly fees: number }

export const noCoins: Sums = { accounts: 0, bonds: 0, escrow: 0, burned: 0, fees: 0 }

export function totalOf({ accounts, bonds, escrow, burned, fees }: Sums): number { return accounts + bonds + escrow + burned + fees }

/** The sums after what differs, by the bytes of the rows alone: the books that execution keeps are not asked. */
export function added(sums: Sums, { key, before, after }: Difference): Sums {
  const name = fromUtf8(key) ?? ''
  const place = placeOf(name)
  if (place === null) return sums
  const [at, read] = place
  return { ...sums, [at]: sums[at] + (after === null ? 0 : read(after)) - (before === null ? 0 : read(before)) }
}

function placeOf(name: string): readonly [keyof Sums, (bytes: Uint8Array) => number] | null {
  const [room = '', ...rest] = name.split('/')
  switch (room) {
    case 'account': return rest.length === 1 ? ['accounts', bytes => valueOf(keys.account(''), bytes).balance] : null
    case 'keeper': return rest.length === 1 && rest[0]!.startsWith('T') ? ['bonds', bytes => valueOf(keys.keeper(''), bytes).bond] : null
    case 'escrow': return ['escrow', bytes => valueOf(keys.escrow('', ''), bytes)]
    case 'burned': return ['burned', bytes => valueOf(keys.burned, bytes)]
    case 'fees': return ['fees', bytes => valueOf(keys.fees, bytes)]
    default: return null
  }
}

export function valueOf<T>({ name, codec }: Pick<StateKey<T>, 'name' | 'codec'>, bytes: Uint8Array): T {
  const judged = decode(codec, bytes)
  if (!judged.ok) throw new Error(`${name}: ${judged.reason}`)
  return judged.value
}

import type { Address } from '../../base/index.ts'
import { keys, noAccount, type StateView } from '../../state/index.ts'

export const mostCoins = 2 ** 40 - 1

/** Whether an account may be given so many coins without holding more than amounts can say. */
export async function mayHold(state: StateView, address: Address, amount: number): Promise<boolean> {
  return (await state.get(keys.account(address)) ?? noAccount).balance + amount <= mostCoins
}

/** Gives an account coins that were taken from somewhere else. */
export async function give(state: StateView, address: Address, amount: number): Promise<void> {
  const key = keys.account(address)
  const account = await state.get(key) ?? noAccount
  state.set(key, { ...account, balance: account.balance + amount })
}

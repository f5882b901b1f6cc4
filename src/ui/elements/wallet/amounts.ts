import { msg, str } from '@lit/localize'
import { number } from '../../strings/format.ts'
import type { PeerState } from '../../types.ts'

/** Coins that can leave now: what is on its way out already is not among them. */
export function spendable({ account, wallet }: Pick<PeerState, 'account' | 'wallet'>): number {
  return Math.max(0, (account?.balance ?? 0) - (wallet?.leaving ?? 0))
}

/** Whole coins as somebody types them, with spaces or commas between the thousands; null where it is no such number. */
export function readAmount(text: string): number | null {
  const digits = text.trim()
  return /^\d{1,3}([ ,\u00A0\u202F]?\d{3})*$|^\d+$/.test(digits) ? Number(digits.replaceAll(/\D/g, '')) : null
}

/** Why an amount cannot be sent; empty where it can. */
export function amountProblem(text: string, snapshot: Pick<PeerState, 'account' | 'wallet'>): string {
  const amount = readAmount(text)
  const [free, fee] = [spendable(snapshot), snapshot.wallet?.minimumFee ?? 0]
  if (text.trim() === '') return msg('There is no number yet.')
  if (amount === null) return msg('This is no whole number of coins. Nothing was sent.')
  if (amount === 0) return msg('At least 1 coin. Nothing was sent.')
  if (amount > free) return msg(str`You have ${number(free)}. Nothing was sent.`)
  return amount + fee > free ? msg(str`You have ${number(free)}, and the fee is ${number(fee)}: at most ${number(Math.max(0, free - fee))} can go. Nothing was sent.`) : ''
}

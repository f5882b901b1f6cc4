import { addressOfBytes, fromHex, type Address } from '../../base/index.ts'
import { keys, noAccount, type StateKey, type StateView } from '../../state/index.ts'
import { feeOf, feePaid, type FactoidAmount } from '../factoid.ts'
import type { FactoidItem } from '../judge-record.ts'
import type { RecordContext } from './frame.ts'
import { factoidWindow, judgePayment, notePayment, type Payment } from './payments.ts'
import { refuse, type RecordRefusal } from './verdict.ts'

/** What a Factoid payment moves. Coins and credits by their rows; `fees` is what goes to the next block's miner: the fee, and what credits cost. */
export interface Transfer {
  readonly accounts: ReadonlyMap<Address, number>
  /** More or less than before. */
  readonly factoids: ReadonlyMap<string, number>
  readonly credits: ReadonlyMap<string, number>
  readonly fees: number
}

const most = 2 ** 40 - 1
const coinsEnd = 1n << 40n
/** An output to a hash that begins with so many zeros pays the account whose address is the rest: no RCD has such a hash. */
const accountPrefix = '0'.repeat(24)

function paymentOf({ transaction: { timestamp }, replayKey }: FactoidItem): Payment { return { time: timestamp, window: factoidWindow, paid: replayKey } }

/** What a payment moves, or the rule it breaks. `room`: how much more the next miner could be paid. Writes nothing. */
export async function judgeTransfer(item: FactoidItem, room: number, context: RecordContext): Promise<{ readonly ok: true, readonly value: Transfer } | RecordRefusal> {
  const { state, frame: { creditRate } } = context
  const { transaction, bytes } = item
  const { inputs, outputs, purchases } = transaction
  const refusal = await judgePayment(paymentOf(item), context)
  if (refusal !== null) return refusal
  if ([...inputs, ...outputs, ...purchases].some(({ amount }) => amount >= coinsEnd)) return refuse('amount-range', 'more than amounts can say')
  const due = BigInt(feeOf(transaction, bytes.length)) * BigInt(creditRate)
  const fee = feePaid(transaction)
  if (fee < due) return refuse('factoid-fee', `a fee of ${fee}, below ${due}`)

  const spent = summed(inputs, ({ address }) => address, ({ amount }) => Number(amount))
  for (const [address, amount] of spent) {
    const balance = await state.get(keys.factoid(address)) ?? 0
    if (amount > balance) return refuse('factoid-balance', `${amount} coins of ${balance}`)
  }
  const value = transferOf(outputs, purchases, spent, creditRate)
  if (value.fees > room) return refuse('amount-range', 'no miner could be paid all fees of this block')
  return await areHeld(value, state) ? { ok: true, value } : refuse('amount-range', 'a receiver would hold more than amounts can say')
}

function transferOf(outputs: readonly FactoidAmount[], purchases: readonly FactoidAmount[], spent: ReadonlyMap<string, number>, creditRate: number): Transfer {
  const [toAccounts, toFactoids] = [outputs.filter(isToAccount), outputs.filter(output => !isToAccount(output))]
  const accounts = summed(toAccounts, ({ address }) => addressOfBytes(fromHex(address)!.subarray(12)), ({ amount }) => Number(amount))
  const factoids = summed(toFactoids, ({ address }) => address, ({ amount }) => Number(amount))
  const credits = summed(purchases, ({ address }) => address, ({ amount }) => Math.floor(Number(amount) / creditRate))
  const fees = total(spent) - total(accounts) - total(factoids)
  for (const [address, amount] of spent) factoids.set(address, (factoids.get(address) ?? 0) - amount)
  return { accounts, factoids, credits, fees }
}

function isToAccount({ address }: FactoidAmount): boolean { return address.startsWith(accountPrefix) }

async function areHeld({ accounts, factoids, credits }: Transfer, state: StateView): Promise<boolean> {
  for (const [address, amount] of accounts) if ((await state.get(keys.account(address)) ?? noAccount).balance + amount > most) return false
  for (const [address, amount] of factoids) if ((await state.get(keys.factoid(address)) ?? 0) + amount > most) return false
  for (const [key, amount] of credits) if ((await state.get(keys.credit(key)) ?? 0) + amount > most) return false
  return true
}

/** Moves what was judged. */
export async function transfer(item: FactoidItem, { accounts, factoids, credits }: Transfer, context: RecordContext): Promise<void> {
  const { state } = context
  for (const [address, amount] of accounts) {
    const account = await state.get(keys.account(address)) ?? noAccount
    if (amount > 0) state.set(keys.account(address), { ...account, balance: account.balance + amount })
  }
  for (const [address, amount] of factoids) await addTo(state, keys.factoid(address), amount)
  for (const [key, amount] of credits) await addTo(state, keys.credit(key), amount)
  await notePayment(paymentOf(item), null, context)
}

/** A row that holds nothing is none. */
async function addTo(state: StateView, key: StateKey<number>, amount: number): Promise<void> {
  const sum = (await state.get(key) ?? 0) + amount
  state.set(key, sum > 0 ? sum : null)
}

/** Amounts of each name: the same one may stand there more than once. */
function summed<T extends string>(amounts: readonly FactoidAmount[], name: (each: FactoidAmount) => T, value: (each: FactoidAmount) => number): Map<T, number> {
  const sums = new Map<T, number>()
  for (const each of amounts) sums.set(name(each), (sums.get(name(each)) ?? 0) + value(each))
  return sums
}

function total(sums: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const amount of sums.values()) sum += amount
  return sum
}

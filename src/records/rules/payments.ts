import { limits } from '../../base/index.ts'
import { keys, type StateView } from '../../state/index.ts'
import type { RecordContext } from './frame.ts'
import { refuse, type RecordRefusal } from './verdict.ts'

/*
 * Each payment is made once: it is known by what its payer signed, and remembered while its window is open. Windows are told by the time in the payment against the
 * block's, both ends included. What is remembered is filed by the hour in which the window closes, so it is forgotten without a search; no verdict depends on when.
 */

const hourSeconds = 3_600
const hourMs = 1_000 * hourSeconds

/** Milliseconds that a commit's time may lie before or after its block's, and a Factoid payment's. */
export const commitWindow = 12 * hourMs
export const factoidWindow = 24 * hourMs

/** `time`: what the payment says, in milliseconds since 1970; `paid`: what it is known by. */
export interface Payment { readonly time: number, readonly window: number, readonly paid: string }

export function judgeWindow({ time, window }: Pick<Payment, 'time' | 'window'>, blockTime: number): RecordRefusal | null {
  const ahead = time - 1_000 * blockTime
  if (ahead > window) return refuse('record-early', `${ahead} ms ahead of the block`)
  return -ahead > window ? refuse('record-expired', `${-ahead} ms older than the block`) : null
}

/** Whether it is due now and was not made before. */
export async function judgePayment(payment: Payment, { state, frame }: RecordContext): Promise<RecordRefusal | null> {
  const refusal = judgeWindow(payment, frame.time)
  if (refusal !== null) return refusal
  const block = await state.get(keys.paid(payment.paid))
  return block === null ? null : refuse('record-paid', `made in block ${block}`)
}

/** Remembers a payment. `commit`: the list its commit stands in. */
export async function notePayment({ time, window, paid }: Payment, commit: { readonly of: string, readonly credits: number } | null, { state, frame }: RecordContext): Promise<void> {
  const hour = Math.floor((time + window) / hourMs)
  const count = await state.get(keys.paidCount(hour)) ?? 0
  const cursor = await state.get(keys.paidCursor) ?? { hour: Math.floor(frame.time / hourSeconds), rows: 0 }
  state.put(keys.paid(paid), frame.number)
  state.put(keys.paidRow(hour, count), { paid, commit })
  state.set(keys.paidCount(hour), count + 1)
  state.set(keys.paidCursor, { ...cursor, rows: cursor.rows + 1 })
}

/** Forgets some payments whose hour is over, with what they left open: no block can have them again. */
export async function forgetPayments(state: StateView, blockTime: number): Promise<void> {
  const cursor = await state.get(keys.paidCursor)
  if (cursor === null) return
  let { hour, rows } = cursor
  for (let looks = limits.paidLooked; looks > 0 && rows > 0 && (hour + 1) * hourSeconds <= blockTime; looks--) {
    const count = await state.get(keys.paidCount(hour)) ?? 0
    if (count === 0) {
      hour++
      continue
    }
    await forgetRow(state, hour, count - 1)
    state.set(keys.paidCount(hour), count > 1 ? count - 1 : null)
    rows--
  }
  if (hour !== cursor.hour || rows !== cursor.rows) state.set(keys.paidCursor, rows > 0 ? { hour, rows } : null)
}

async function forgetRow(state: StateView, hour: number, index: number): Promise<void> {
  const row = await state.get(keys.paidRow(hour, index))
  if (row === null) return
  state.set(keys.paidRow(hour, index), null)
  await state.get(keys.paid(row.paid))
  state.set(keys.paid(row.paid), null)
  if (row.commit !== null) await forgetCommit(state, row.commit, row.paid)
}

/** Takes away the commit, if it is still open, and what it reserved. */
async function forgetCommit(state: StateView, { of, credits }: { readonly of: string, readonly credits: number }, paid: string): Promise<void> {
  const key = keys.commits(of, credits)
  const open = await state.get(key)
  const rest = open?.filter(commit => commit.paid !== paid) ?? []
  if (open !== null && rest.length < open.length) state.set(key, rest.length > 0 ? rest : null)
  const reservation = await state.get(keys.reserved(of))
  if (reservation?.paid === paid) state.set(keys.reserved(of), null)
}

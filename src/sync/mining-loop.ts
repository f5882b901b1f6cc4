import type { Alarm } from '../base/index.ts'
import type { UnsignedHeader } from '../ledger/index.ts'
import type { MiningDesk } from './ports.ts'

/** The 65 bytes by which the person of this device says that a block is theirs. */
export type SignHeader = (header: UnsignedHeader) => Promise<Uint8Array>

/** After a failure, as of a disk or of a thread that was replaced, or where a turn came to nothing, until it goes on. */
const againMs = 1000
/** A turn is looked at anew this often: a machine may have slept, or its clock been set. */
const lookMs = 60_000

/**
 * Makes the blocks of this device, one turn after the other, until `signal` aborts: waits for the turn, or for another head, has the block drafted and
 * signed, and gives it back. What is asked may be far away, and fail: the next turn comes all the same.
 */
export async function mineWith(desk: MiningDesk, sign: SignHeader, clock: Alarm, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try { await takeTurn(desk, sign, clock, signal) } catch { await clock.sleep(againMs, signal) }
  }
}

async function takeTurn(desk: MiningDesk, sign: SignHeader, clock: Alarm, signal: AbortSignal): Promise<void> {
  const { parent, sealAt } = await desk.turn()
  const wait = sealAt === null ? lookMs : sealAt - clock.now()
  if (wait > 0 && !await passes(Math.min(wait, lookMs), desk.changed(parent), clock, signal)) return
  if (wait >= lookMs || signal.aborted) return
  const header = await desk.draft(parent)
  if (header === null) {
    await passes(againMs, desk.changed(parent), clock, signal)
    return
  }
  const signature = await sign(header)
  if (!signal.aborted) await desk.seal(header, signature)
}

/** Whether so many milliseconds pass before anything is another, or all of it is over. */
async function passes(ms: number, changed: Promise<void>, clock: Alarm, signal: AbortSignal): Promise<boolean> {
  const over = new AbortController()
  const timed = clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(() => !signal.aborted)
  try { return await Promise.race([timed, changed.then(() => false)]) } finally { over.abort() }
}

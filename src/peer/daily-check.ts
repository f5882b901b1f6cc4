import { HoldfastError, limits, type Alarm, type Cid } from '../base/index.ts'
import type { ContentRow } from '../store/index.ts'

export interface DailyCheckParts {
  /** Of this device: to read what lies in the cloud would fetch all of it. */
  readonly held: () => ReadonlyMap<Cid, Pick<ContentRow, 'cid' | 'status' | 'addedAt' | 'checkedAt'>>
  /** Reads a stored file and mends what is damaged. */
  readonly verify: (cid: Cid) => Promise<void>
  readonly alarm: Alarm
}

/** Between two looks for what is due, and before what could not be read is tried again. */
const restMs = 60_000

/**
 * Reads every stored file once a day, the one read longest ago first, and rests after each as long as it took: a disk that forgets is noticed before anybody asks for
 * a proof, and the machine has half of its time for others.
 */
export class DailyCheck {
  /** Could not be read, for another reason than damage. */
  readonly #later = new Map<Cid, number>()

  constructor(private readonly parts: DailyCheckParts) {}

  async run(signal: AbortSignal): Promise<void> {
    const { alarm } = this.parts
    while (!signal.aborted) {
      const began = alarm.now()
      const read = await this.next()
      await alarm.sleep(read ? Math.max(1, alarm.now() - began) : restMs, signal)
    }
  }

  /** Reads the one that is due; false where none is. */
  async next(): Promise<boolean> {
    const { held, verify, alarm } = this.parts
    const now = alarm.now()
    let due: { readonly cid: Cid, readonly at: number } | null = null
    for (const { cid, status, addedAt, checkedAt } of held().values()) {
      const at = checkedAt ?? addedAt
      if (status === 'SEEDING' && at + limits.recheckMs <= now && (this.#later.get(cid) ?? 0) <= now && (due === null || at < due.at)) due = { cid, at }
    }
    if (due === null) return false
    try { await verify(due.cid) } catch (error) {
      if (HoldfastError.from(error).code !== 'not-found') this.#later.set(due.cid, now + limits.refetchMostMs)
    }
    return true
  }
}

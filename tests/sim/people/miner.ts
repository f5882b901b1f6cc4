import type { Alarm } from '../../../src/base/index.ts'
import type { UnsignedHeader } from '../../../src/ledger/index.ts'
import type { MiningDesk } from '../../../src/sync/index.ts'

/** What a word to another thread takes, ms. */
const wayMs = 2

/** The loop of a miner's thread: waits for its turn, signs what the desk drafts. Goes on for as long as the clock does. */
export async function mine(desk: MiningDesk, clock: Alarm, sign: (header: UnsignedHeader) => Uint8Array): Promise<never> {
  for (;;) {
    await clock.sleep(wayMs)
    const { parent, sealAt } = await desk.turn()
    const changed = new AbortController()
    const other = desk.changed(parent).then(() => { changed.abort('changed') })
    if (sealAt !== null) await clock.sleep(sealAt - clock.now(), changed.signal)
    if (sealAt !== null && !changed.signal.aborted) {
      await clock.sleep(wayMs)
      const draft = await desk.draft(parent)
      await clock.sleep(wayMs)
      if (draft !== null) await desk.seal(draft, sign(draft))
    }
    await other
  }
}

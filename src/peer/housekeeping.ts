import type { Clock } from '../base/index.ts'
import type { Bucket } from '../store/index.ts'
import type { ChoiceBook } from './choices.ts'
import { DailyCheck } from './daily-check.ts'
import { foundFiles } from './found-files.ts'
import type { CheckRequest, CheckResult } from './network-api.ts'
import type { StoreDesk } from './store-desk.ts'
import type { Transfers } from './transfers.ts'
import { workerAlarm } from './worker-alarm.ts'

export interface HouseParts {
  readonly bucket: Bucket
  readonly clock: Clock
  readonly transfers: Transfers
  readonly settings: ChoiceBook
  readonly store: StoreDesk
  check(request: CheckRequest): Promise<CheckResult>
}

/** How often the trash is looked at for what has been there long enough. */
const trashLookMs = 60 * 60 * 1000

/** What the network worker does for stored files that nobody asks for, for as long as it lives. */
export function keepHouse(parts: HouseParts): void {
  const { transfers, settings, store } = parts
  void lookAtTrash(transfers)
  void new DailyCheck({ held: () => store.isOwn && settings.current.rechecks ? transfers.held : new Map(), verify: async cid => { await transfers.verify(cid, true) }, alarm: workerAlarm }).run(new AbortController().signal)
  void findFiles(parts).catch(() => {}) // the next start tries again
}

async function lookAtTrash({ trash }: Transfers): Promise<void> {
  for (;;) {
    await trash.expire().catch(() => {}) // looked at again in an hour
    await new Promise(done => { setTimeout(done, trashLookMs) })
  }
}

/** Stored files without a row, as after the browser cleared IndexedDB alone. Hashing them takes a while, and holds up nothing. */
async function findFiles({ bucket, clock, transfers, check }: HouseParts): Promise<void> {
  for await (const row of foundFiles({ bucket, clock, check, known: cid => transfers.row(cid) !== undefined })) await transfers.found(row)
}

import { reject } from '../base/index.ts'
import { serveContent, type EntryShelf, type Handler } from '../net/index.ts'
import type { KeptContent } from './keep/kept-content.ts'

/** What a relay answers on the content protocol: of the files it keeps and the entries of its anchor's blocks, where it has either. It signs no receipts and has no volumes. */
export function relayContent(kept: KeptContent | null, entries: EntryShelf | null): Handler {
  const nothing = () => null
  return serveContent(kept ?? { byCid: nothing, byInfohash: nothing }, {
    entries,
    volume: nothing,
    section: kept?.section ?? (async () => await Promise.resolve(null)),
    receipt: async () => await Promise.resolve(reject('not-found', 'nothing is received here')),
  })
}

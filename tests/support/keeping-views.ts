import type { PeerState, Upload } from '../../src/peer/index.ts'
import { awayKeeper, closingKeeper, goneKeeper, keepings, keptBy, newKeeper, ownKeeping, ownKept, paidKeeper, promised, rankedKeepers, unasked } from './keeping-states.ts'
import type { View } from './ui-views.ts'
import { forSale, full, keeping, ledger, locked, ownUpload, person, shared, uploads } from './ui-states.ts'

const agreed: Partial<PeerState> = { consent: 'agreed', ledger, identity: person }
const library = (change: Partial<PeerState>): View => ({ hash: '#/library', state: { ...full, ...agreed, items: [...promised, shared], ...change }, published: uploads, keepings })
const settings = (change: Partial<PeerState>): View => ({ hash: '#/settings', state: { ...full, ...agreed, ...change } })
const upload = (one: Upload, kept: View['keepings'], change: Partial<PeerState> = {}): View =>
  ({ hash: `#/upload/${one.cid}/${one.owner}`, state: { ...full, ...agreed, ...keptBy(null), ...change }, published: [one], keepings: kept ?? [], ranked: rankedKeepers })
const giving = { space: 12_000_000_000, whose: 'protected', charging: true, unmetered: false } as const

/** Where keeping is seen and decided, on a network whose keepers are paid. */
export const keepingViews: Readonly<Record<string, View>> = {
  'keeping-paid': library(keptBy(paidKeeper)),
  'keeping-new': library({ ...keptBy(newKeeper), items: [shared] }),
  'keeping-away': library(keptBy(awayKeeper, { keeping: { ...keeping, paused: true } })),
  'keeping-gone': library({ ...keptBy(goneKeeper), items: [shared] }),
  'keeping-closing': library({ ...keptBy(closingKeeper), items: [shared] }),
  'keeping-none': library({ ...keptBy(null), items: [locked] }),
  'settings-samaritan': settings({ ...keptBy(null), samaritan: giving }),
  'settings-keeper': settings(keptBy(paidKeeper, { keeping: { ...keeping, here: true, leaving: { files: 3, bytes: 412_000_000 } } })),
  'settings-gone': settings(keptBy(goneKeeper)),
  'upload-promised': upload({ ...forSale, kept: [...forSale.kept, person.address], access: { ...forSale.access, state: 'here' } }, keepings, keptBy(paidKeeper)),
  'upload-own-kept': upload(ownKept, [ownKeeping], { items: [shared] }),
  'upload-own-unasked': upload({ ...ownUpload, keepers: [], rent: null }, [unasked], { items: [shared] }),
}

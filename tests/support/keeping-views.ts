import type { PeerState, Upload, UploadKeeping } from '../../src/peer/index.ts'
import { publishDraft, type PublishDraft } from '../../src/ui/draft.ts'
import { awayKeeper, closingKeeper, goneKeeper, keepings, keeps, kelda, newKeeper, ownKeeping, ownKept, paidKeeper, promised, rankedKeepers, unasked } from './keeping-states.ts'
import type { View } from './ui-views.ts'
import { forSale, full, keeping, ledger, locked, mara, ownUpload, person, running, shared, uploads } from './ui-states.ts'

const agreed: Partial<PeerState> = { consent: 'agreed', ledger, identity: person }
const library = (change: Partial<PeerState>): View => ({ hash: '#/library', state: { ...full, ...agreed, items: [...promised, shared], ...change }, published: uploads, keptBy: keepings })
const settings = (change: Partial<PeerState>): View => ({ hash: '#/settings', state: { ...full, ...agreed, ...change } })
const upload = (one: Upload, kept: readonly UploadKeeping[], change: Partial<PeerState> = {}): View =>
  ({ hash: `#/upload/${one.cid}/${one.owner}`, state: { ...full, ...agreed, ...keeps(null), ...change }, published: [one], keptBy: kept, ranked: rankedKeepers })
const publish = (draft: Partial<PublishDraft>): View =>
  ({ hash: '#/share', state: { ...running, ...agreed, ...keeps(null) }, files: 1, proposal: { kind: 'audio', title: 'Harbour at 4 a.m.', problem: null }, publish: { ...publishDraft, ...draft }, ranked: rankedKeepers })
const giving = { space: 12_000_000_000, whose: 'protected', charging: true, unmetered: false } as const

/** Where keeping is seen and decided, on a network whose keepers are paid. */
export const keepingViews: Readonly<Record<string, View>> = {
  'keeping-paid': library(keeps(paidKeeper)),
  'keeping-new': library({ ...keeps(newKeeper), items: [shared] }),
  'keeping-away': library(keeps(awayKeeper, { keeping: { ...keeping, paused: true } })),
  'keeping-gone': library({ ...keeps(goneKeeper), items: [shared] }),
  'keeping-closing': library({ ...keeps(closingKeeper), items: [shared] }),
  'keeping-none': library({ ...keeps(null), items: [locked] }),
  'settings-samaritan': settings({ ...keeps(null), samaritan: giving }),
  'settings-keeper': settings(keeps(paidKeeper, { keeping: { ...keeping, here: true, leaving: { files: 3, bytes: 412_000_000 } } })),
  'settings-gone': settings(keeps(goneKeeper)),
  'upload-promised': upload({ ...forSale, kept: [...forSale.kept, person.address], access: { ...forSale.access, state: 'here' } }, keepings, keeps(paidKeeper)),
  'upload-own-kept': { ...upload(ownKept, [ownKeeping], { items: [shared] }), ranked: rankedKeepers.slice(0, 2) },
  'upload-own-unasked': upload({ ...ownUpload, keepers: [], rent: null }, [unasked], { items: [shared] }),
  'upload-own-seen': upload({ ...ownUpload, keepers: [], rent: null }, [unasked], { items: [{ ...shared, keepers: 0, receivers: [], seen: { keepers: 2, at: Date.now() - 5 * 3_600_000 } }] }),
  'publish-keepers': publish({ keeping: 'named', keepers: `${mara}\n${kelda}`, each: '4' }),
  'publish-anybody': publish({ keeping: 'anybody', each: '5' }),
}

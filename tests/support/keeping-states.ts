import type { KeepingTerms, OpenKeeping, PeerState, RankedKeeper, Upload, UploadKeeping } from '../../src/peer/index.ts'
import { cidOf } from './scripted-peer.ts'
import { forSale, got, keeper, keeping, keptItem, ledger, mara, news, ownUpload, person, signe } from './ui-states.ts'

const minute = 60_000
const day = 24 * 60 * minute
const due = (days: number) => ({ block: ledger.head.number + days * 288, at: Date.now() + days * day })

export const kelda = 'TKeLda7wXkt4uGh5XL63H1a4EWKGyZvQp2'

/** A network whose keepers put up bonds and are paid. */
export const paying: KeepingTerms = { pays: true, bond: 1_000, bondPerGiB: 100, period: 2_016, periodSeconds: 604_800, fee: 1 }

const pick = (title: string, cid: string, leaf: number, state: 'answered' | 'sent' | 'missing' | 'open') => ({ cid, owner: signe, title, leaf, state })
/** In the middle of a period, with one miss behind it. */
export const paidKeeper: OpenKeeping = {
  ...keeper, status: 'active', bond: 1_000, price: 2, since: 20_000, missed: 0, lost: 1, burned: 0, free: null,
  period: { begin: ledger.head.number - 1_000, due: due(3), picks: [
    pick('Low Pressure', forSale.cid, 204, 'answered'), pick('Seed library 2026', got.cid, 1_017, 'answered'), pick('Tide tables, side A', cidOf('6'), 3, 'sent'), pick('Letters from the lightship, and every answer that ever came', cidOf('5'), 77, 'missing'),
  ] },
  settled: due(3), results: [true, true, true, false, true, true, true, true, true, true, true, true], periods: 31,
  rent: { due: 84, claiming: 12, paid: 1_310 },
}
/** Two periods missed: its places are open, a third one burns. */
export const awayKeeper: OpenKeeping = { ...paidKeeper, status: 'away', missed: 2, results: [false, false, ...paidKeeper.results] }
/** Gone: a tenth of the bond is burned. */
export const goneKeeper: OpenKeeping = { ...paidKeeper, status: 'gone', missed: 3, period: null, bond: 900, burned: 100, results: [false, false, false, ...paidKeeper.results] }
/** Ends it; the bond is not free yet. */
export const closingKeeper: OpenKeeping = { ...paidKeeper, status: 'closing', period: null, free: due(11), load: 0, count: 0, rent: { due: 0, claiming: 0, paid: 0 } }
/** Nothing due before the first settling. */
export const newKeeper: OpenKeeping = { ...paidKeeper, load: 0, count: 0, period: null, results: [], periods: 0, lost: 0, rent: { due: 0, claiming: 0, paid: 0 } }

export const keeps = (open: OpenKeeping | null, change: Partial<PeerState> = {}): Partial<PeerState> => ({ uploads: { ...news, keeping: { open, terms: paying } }, keeping: { ...keeping, samaritan: { files: 3, bytes: 412_000_000 } }, ...change })

/** Promised to Signe: one that is here, and one that is still coming. */
export const promised = [keptItem, { ...got, cid: cidOf('5'), title: 'Letters from the lightship, and every answer that ever came', state: 'getting' as const, received: 90_000_000, reasons: [{ reason: 'obliged' as const, owner: signe, upload: cidOf('5') }] }]

const promise = (address: string, change: Partial<UploadKeeping['keepers'][number]> = {}): UploadKeeping['keepers'][number] =>
  ({ address, own: address === person.address, status: 'active', missed: 0, since: 47_950, until: due(60), seen: Date.now() - 7 * minute, probes: { asked: 10, answered: 9 }, ...change })
const keepingOf = ({ cid, owner }: Pick<Upload, 'cid' | 'owner'>, change: Partial<UploadKeeping> = {}): UploadKeeping =>
  ({ cid, owner, rent: { each: 4, periods: 13, wanted: 3 }, escrow: 156, wanted: 3, free: 1, keepers: [promise(mara), promise(kelda, { seen: null, probes: null })], offered: [{ address: signe, status: 'active' }], ...change })

/** How some uploads are kept. */
export const keepings: readonly UploadKeeping[] = [
  keepingOf(forSale, { keepers: [promise(mara), promise(kelda, { status: 'away', missed: 2, probes: { asked: 3, answered: 0 }, seen: null }), promise(person.address, { probes: null })], free: 1, offered: 'anybody' }),
  keepingOf({ cid: got.cid, owner: signe }, { keepers: [promise(person.address)] }),
  keepingOf({ cid: cidOf('5'), owner: signe }, { keepers: [promise(person.address, { until: due(4) })] }),
]
/** Two of three promised, one of whom is gone. */
export const ownKept: Upload = { ...ownUpload, keepers: [mara, kelda, signe], kept: [mara, kelda], rent: { each: 4, periods: 13, wanted: 3 } }
export const ownKeeping: UploadKeeping = keepingOf(ownUpload, { keepers: [promise(mara), promise(kelda, { status: 'gone', missed: 3, seen: Date.now() - 30 * day, probes: { asked: 8, answered: 2 } })], free: 2 })
export const unasked: UploadKeeping = keepingOf(ownUpload, { keepers: [], offered: [], rent: null, escrow: 0, wanted: 0, free: 0 })

const ranked = (address: string, change: Partial<RankedKeeper> = {}): RankedKeeper =>
  ({ address, each: 3, room: 4_200_000_000, since: 20_000, proved: 31, periods: 31, seen: Date.now() - 7 * minute, probes: { asked: 10, answered: 9 }, relays: ['north.example'], ...change })
/** Keepers that may be asked: two more than can be named. */
export const rankedKeepers: readonly RankedKeeper[] = [
  ranked(mara), ranked(kelda, { each: 5, proved: 12, periods: 12, probes: null, relays: ['south.example'] }), ranked(signe, { each: 0, proved: 0, periods: 0, seen: null, probes: null, relays: [] }),
  ...Array.from({ length: 15 }, (_, i) => ranked(`TP${'abcdefghijkmnop'[i] ?? ''}Lda7wXkt4uGh5XL63H1a4EWKGyZvQp2`, { room: 900_000_000 - i * 10_000_000, proved: 20 - i, periods: 21 })),
]

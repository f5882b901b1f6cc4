import type { Address, Cid, Clock } from '../base/index.ts'
import type { ContentDesk } from '../net/index.ts'
import { readRange, type Bucket, type ContentRow } from '../store/index.ts'
import { Attachments } from './attachments.ts'
import type { ChoiceBook } from './choices.ts'
import type { NetworkHost } from './network-api.ts'
import { ReceiptDesk } from './receipt-desk.ts'
import { SectionShelf } from './section-shelf.ts'
import type { StateService } from './state-service.ts'
import type { NodeLinks } from './swarm-links.ts'
import type { Transfers } from './transfers.ts'

export interface AttachmentDeskParts {
  readonly clock: Clock
  readonly bucket: Bucket
  readonly host: Pick<NetworkHost, 'sections'>
  readonly transfers: Transfers
  readonly settings: ChoiceBook
  readonly state: StateService
  readonly links: Pick<NodeLinks, 'seek' | 'accountOf' | 'receipt'>
  /** Of what else peers may ask here. */
  readonly volume: ContentDesk['volume']
  /** Whether this content is given to others now, where its row says so. */
  gives(row: ContentRow): boolean
}

/** What messages name, in the network worker: fetched, given in sections, and said of in receipts. */
export class AttachmentDesk {
  readonly attachments: Attachments
  /** What peers ask of it. */
  readonly content: ContentDesk
  private readonly shelf: SectionShelf
  private readonly receipts: ReceiptDesk

  constructor({ clock, bucket, host, transfers, settings, state, links, volume, gives }: AttachmentDeskParts) {
    const shelf = this.shelf = new SectionShelf({
      clock,
      digests: async path => await host.sections(path),
      read: async ({ path }, at, length) => await readRange(bucket, path, at, length),
      damaged: (cid, problem) => { transfers.reports.onProblem(transfers.row(cid)?.infohash ?? '', problem) },
    })
    this.attachments = new Attachments({
      clock,
      rows: () => transfers.all().flatMap(cid => transfers.row(cid) ?? []),
      received: cid => transfers.received(cid),
      change: async (cid, edit) => { await transfers.edit(cid, edit) },
      engage: async cid => { await transfers.engage(cid) },
      root: async row => await shelf.root(row),
      falseOnes: () => settings.current['false-attachments'],
      setFalse: async refs => { await settings.set('false-attachments', refs) },
      visitors: async name => await state.ledger(async ledger => await ledger.visitors(name)),
      seek: (people: readonly Address[]) => { links.seek(people) },
    })
    const receipts = this.receipts = new ReceiptDesk({
      clock, gives,
      row: cid => transfers.row(cid),
      received: cid => transfers.received(cid),
      listed: () => settings.current.listed,
      accountOf: peerId => links.accountOf(peerId),
      sign: async words => await state.ledger(async ledger => await ledger.receipt(words)),
      root: async row => await shelf.root(row),
      ask: async (peerId, question) => await links.receipt(peerId, question),
    })
    state.receipts = async wish => await receipts.collect(wish)
    this.content = {
      async section({ cid }, question, from) {
        const row = transfers.row(cid)
        const part = row?.status === 'SEEDING' ? await shelf.part(row, question) : null
        if (row === undefined || part === null) return null
        receipts.gave(from, cid)
        transfers.gave(row, part.bytes.length)
        return part
      },
      receipt: async (question, from) => await receipts.answer(question, from),
      volume,
      entries: { read: async hashes => await state.ledger(async ledger => await ledger.entries(hashes)) },
    }
  }

  /** A section of this content came from a peer. */
  got(peerId: string, cid: Cid): void { this.receipts.got(peerId, cid) }

  /** Bytes a second that sections may be given at, null for no limit. */
  setRate(perSecond: number | null): void { this.shelf.setRate(perSecond) }
}

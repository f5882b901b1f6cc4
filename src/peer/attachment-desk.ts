import { HoldfastError, type Address, type Cid, type Clock } from '../base/index.ts'
import { SectionShelf, type ContentDesk, type ShelvedFile } from '../net/index.ts'
import { readRange, type Bucket, type ContentRow } from '../store/index.ts'
import { AttachmentStarts, type StartParts } from './attachment-starts.ts'
import { Attachments } from './attachments.ts'
import type { ChoiceBook } from './choices.ts'
import { ReceiptDesk } from './receipt-desk.ts'
import type { StateService } from './state-service.ts'
import type { NodeLinks } from './swarm-links.ts'
import type { Transfers } from './transfers.ts'

export interface AttachmentDeskParts {
  readonly clock: Clock
  readonly bucket: Bucket
  /** The SHA-256 of each section of a stored file; reads all of it. */
  sections(file: ShelvedFile): Promise<Uint8Array>
  readonly transfers: Transfers
  readonly settings: ChoiceBook
  readonly state: StateService
  readonly links: Pick<NodeLinks, 'seek' | 'accountOf' | 'receipt'>
  /** Of what else peers may ask here. */
  readonly volume: ContentDesk['volume']
  /** Whether anything may begin unasked now, and how it does. */
  readonly starts: Pick<StartParts, 'may' | 'get'>
  /** Whether this content is given to others now, where its row says so. */
  gives(row: ContentRow): boolean
}

/** What messages name, in the network worker: fetched, given in sections, and said of in receipts. */
export class AttachmentDesk {
  readonly attachments: Attachments
  readonly starts: AttachmentStarts
  /** What peers ask of it. */
  readonly content: ContentDesk
  private readonly shelf: SectionShelf
  private readonly receipts: ReceiptDesk
  private readonly transfers: Transfers

  constructor({ clock, bucket, sections, transfers, settings, state, links, volume, starts, gives }: AttachmentDeskParts) {
    this.transfers = transfers
    const shelf = this.shelf = new SectionShelf({
      clock,
      digests: sections,
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
    this.starts = new AttachmentStarts({
      ...starts,
      row: cid => transfers.row(cid),
      isFalse: from => this.attachments.isFalse(from),
      left: () => settings.current['left-attachments'],
      setLeft: async refs => { await settings.set('left-attachments', refs) },
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

  /** What a message that names this file says of it. */
  async named(cid: Cid): Promise<{ readonly root: Cid, readonly size: number }> {
    const row = this.transfers.row(cid)
    if (row?.status !== 'SEEDING') throw new HoldfastError('not-found', 'the file is not here as a whole')
    return { root: await this.shelf.root(row), size: row.size }
  }

  /** A section of this content came from a peer. */
  got(peerId: string, cid: Cid): void { this.receipts.got(peerId, cid) }

  /** Bytes a second that sections may be given at, null for no limit. */
  setRate(perSecond: number | null): void { this.shelf.setRate(perSecond) }
}

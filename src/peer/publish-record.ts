import { HoldfastError, isAddress } from '../base/index.ts'
import { archiveRecipe, canonicalText, publicationFault, publicationLimits, type Policy, type PublishedFile } from '../content/index.ts'
import type { Packed } from '../media/index.ts'
import type { PublishedRecord } from '../store/index.ts'
import type { PublishOrder } from './publish-api.ts'

/** What was made of an order. */
export interface PublishMade {
  readonly file: PublishedFile
  readonly images: readonly PublishedFile[]
  /** SHA-256 of the FLAC before it was encrypted; null of all else. */
  readonly plain: string | null
  readonly maker: string
  /** 64 hex digits, where the record gives the key to everybody. */
  readonly key: string | null
}

/** Makers of what is no recording. Pictures are made by the browser's own decoders, whose bytes are nobody's to make again. */
export const pictureMaker = 'holdfast-png-1'
export const archiveMaker = `holdfast-tgz-${String(archiveRecipe)}`

export function isProtected({ kind, protect }: Pick<PublishOrder, 'kind' | 'protect'>): boolean {
  return kind === 'audio' || (kind === 'archive' && protect)
}

/** A stored file as records name it. */
export function publishedFile({ cid, size, torrent: { infohash }, audit }: Pick<Packed, 'cid' | 'size' | 'torrent' | 'audit'>): PublishedFile {
  if (audit === null) throw new HoldfastError('internal', 'a file without its audit root')
  if (size > publicationLimits.fileBytes) throw new HoldfastError('too-large', 'more than a record can name', { bytes: size })
  return { cid, size, infohash, audit }
}

/** The record of an order, once its files are made. */
export function publishRecord(order: PublishOrder, made: PublishMade): PublishedRecord['record'] {
  const { kind, keepers, holders, wanted, each = 0, until } = order
  const policy = policyOf(order, made.key)
  return {
    kind, until, keepers, holders, policy,
    protected: isProtected(order),
    file: made.file,
    images: made.images,
    title: canonicalText(order.title.trim()),
    about: canonicalText(order.about.trim()),
    tags: order.tags.map(tag => canonicalText(tag.trim())),
    // Who is kept out would learn from it which recording it is.
    plain: 'public' in policy || 'pay' in policy ? made.plain : null,
    maker: made.maker,
    rent: wanted === null ? null : { each, periods: Math.min(until, publicationLimits.periods), wanted },
  }
}

function policyOf({ policy }: PublishOrder, key: string | null): Policy {
  switch (policy) {
    case 'open': return { open: null }
    case 'owner': return { owner: null }
    case 'public': return { public: key ?? '' }
    default: return policy
  }
}

const nobody = '0'.repeat(64)

/** Whether it holds more than a record can name, whatever is made of it: an archive is about as long as its files, of a recording that is known once it is made. */
export function isTooLarge({ kind, files }: Pick<PublishOrder, 'kind' | 'files'>): boolean {
  return kind === 'archive' && files.reduce((sum, { file }) => sum + file.size, 0) > publicationLimits.fileBytes
}

/** Refuses an order that no network would take, before anything is made of it: `bad-input` with the reason, `too-large`. */
export function checkOrder(order: PublishOrder): void {
  const { files, covers, kind, holders } = order
  const fault = files.length === 0 ? 'nothing to publish'
    : kind !== 'archive' && files.length !== 1 ? 'one recording or picture at a time'
    : covers.length > publicationLimits.images ? 'too many pictures'
    : ![...holders, ...order.keepers].every(isAddress) ? 'not an address'
    : faultOf(order)
  if (fault !== null) throw new HoldfastError('bad-input', fault)
  if (isTooLarge(order)) throw new HoldfastError('too-large', 'more than a record can name')
}

function faultOf(order: PublishOrder): string | null {
  const images = order.covers.map((_, i) => ({ cid: String(i + 1).padStart(64, '0'), size: 1, infohash: '', audit: '' }))
  const record = publishRecord(order, { file: { cid: nobody, size: 1, infohash: '', audit: '' }, images, plain: null, maker: '', key: nobody })
  const bytes = (text: string) => new TextEncoder().encode(text).length
  if (record.title === '' || bytes(record.title) > publicationLimits.titleBytes) return 'a title of 1 to 128 bytes'
  if (bytes(record.about) > publicationLimits.aboutBytes) return 'too long a description'
  if (record.tags.length > publicationLimits.tags || record.tags.some(tag => tag === '' || bytes(tag) > publicationLimits.tagBytes)) return 'too many words to find it by, or too long ones'
  if (!Number.isSafeInteger(order.until) || order.until < 1 || order.until > publicationLimits.periods) return 'until when it stands'
  if (!Number.isSafeInteger(order.each ?? 0) || (order.each ?? 0) < 0 || (order.each ?? 0) > 2 ** 40 - 1) return 'no such rent'
  return publicationFault({ ...record, keyCommit: record.protected ? nobody : null, holders: [] })
}

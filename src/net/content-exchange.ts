import { accept, fromHex, isMap, limits, reject, type Cid, type Infohash, type Judged } from '../base/index.ts'
import { judgeFoundInfo, type Kind, type Torrent } from '../content/index.ts'
import { answerEntries, judgeEntryQuestion, type EntryQuestion, type EntryShelf } from './entry-exchange.ts'
import { hexOf, judgeReceiptQuestion, judgeSectionQuestion, type ReceiptQuestion, type SectionPart, type SectionQuestion } from './section-exchange.ts'
import { judgeVolumeQuestion, volumeReply, type VolumeFile, type VolumeQuestion } from './volume-exchange.ts'
import { bitmap, chosen } from './bitmap.ts'
import type { Handler } from './serve.ts'

/**
 * Who has what, by asking: `{ has: { cids, infohashes } }` is answered with two bitmaps, `{ info: { cid, infohash } }` (infohash or
 * null) with `{ infohash, info }`; `section` and `receipt` in `section-exchange.ts`, `entries` and `holds` in `entry-exchange.ts`, `volume` in `volume-exchange.ts`. Hashes travel as bytes; bitmaps have the first item in the highest bit, as BEP 3 has it.
 */
export function contentProtocol(network: string): string {
  return `/holdfast/content/1/${network}`
}

/** A file that is given to others now: stored whole, not paused, not blocked. */
export interface GivenFile {
  readonly cid: Cid
  readonly infohash: Infohash
  readonly info: Uint8Array
  /** Offered openly: admitted to whoever knows its content id. Else only to who names its infohash too. */
  readonly findable: boolean
}

/** What may be admitted. Both return null for everything that is not given now. */
export interface ContentSource {
  byCid(cid: Cid): GivenFile | null
  byInfohash(infohash: Infohash): GivenFile | null
}

/** What takes longer than a look at what is given. */
export interface ContentDesk {
  /** Bytes of a section of a given file, and their proof; null where there is no such section. */
  section(file: GivenFile, question: SectionQuestion, from: string): Promise<SectionPart | null>
  /** A receipt for whoever gave us a file, where the person agreed to be listed and gives it on. */
  receipt(question: ReceiptQuestion, from: string): Promise<Judged<Uint8Array>>
  /** Entries of records; null where this device keeps none. */
  readonly entries: EntryShelf | null
  /** The file of a volume, where it is given openly. */
  volume(question: VolumeQuestion): VolumeFile | null
}

export interface HasQuestion { readonly cids: readonly Cid[], readonly infohashes: readonly Infohash[] }
export type FoundInfo = Torrent & { readonly kind: Kind }

export function serveContent(source: ContentSource, desk: ContentDesk): Handler {
  return async (request, { peerId }) => {
    const question = judgeQuestion(request)
    if (!question.ok) return question
    if ('has' in question.value) {
      const { cids, infohashes } = question.value.has
      return accept({ cids: bitmap(cids, cid => source.byCid(cid)?.findable === true), infohashes: bitmap(infohashes, infohash => source.byInfohash(infohash) !== null) })
    }
    if ('receipt' in question.value) {
      const signed = await desk.receipt(question.value.receipt, peerId)
      return signed.ok ? accept({ receipt: signed.value }) : signed
    }
    if ('entries' in question.value || 'holds' in question.value) return desk.entries === null ? reject('unsupported', 'no entries are kept here') : await answerEntries(question.value, desk.entries)
    if ('volume' in question.value) {
      const found = desk.volume(question.value.volume)
      return found === null ? reject('not-found', 'no such volume is given here') : accept(volumeReply(found))
    }
    const named = 'info' in question.value ? question.value.info : question.value.section
    const file = source.byCid(named.cid)
    const admitted = file !== null && (named.infohash === null ? file.findable : file.infohash === named.infohash)
    if (!admitted) return reject('not-found', 'nothing to say of this content')
    if ('info' in question.value) return accept({ infohash: fromHex(file.infohash), info: file.info })
    const part = await desk.section(file, question.value.section, peerId)
    return part === null ? reject('not-found', 'no such section') : accept({ bytes: part.bytes, nodes: part.nodes })
  }
}

type Question =
  | { readonly has: HasQuestion }
  | { readonly info: { readonly cid: Cid, readonly infohash: Infohash | null } }
  | { readonly section: SectionQuestion }
  | { readonly receipt: ReceiptQuestion }
  | EntryQuestion
  | { readonly volume: VolumeQuestion }

export function judgeQuestion(request: unknown): Judged<Question> {
  const bad = reject('bad-input', 'not a question about content')
  if (!isMap(request) || Object.keys(request).length !== 1) return bad
  const { has, info } = request
  if ('section' in request) return judgeSectionQuestion(request['section'])
  if ('entries' in request) return judgeEntryQuestion('entries', request['entries'])
  if ('holds' in request) return judgeEntryQuestion('holds', request['holds'])
  if ('volume' in request) return judgeVolumeQuestion(request['volume'])
  if ('receipt' in request) return judgeReceiptQuestion(request['receipt'])
  if (isMap(has) && Object.keys(has).length === 2) {
    const [cids, infohashes] = [hexList(has['cids'], 32), hexList(has['infohashes'], 20)]
    return cids === null || infohashes === null ? bad : accept({ has: { cids, infohashes } })
  }
  if (isMap(info) && Object.keys(info).length === 2) {
    const cid = hexOf(info['cid'], 32)
    const infohash = hexOf(info['infohash'], 20)
    return cid === null || (infohash === null && info['infohash'] !== null) ? bad : accept({ info: { cid, infohash } })
  }
  return bad
}

/** At most `limits.contentQuestions` of each. */
export function hasQuestion({ cids, infohashes }: HasQuestion): unknown {
  return { has: { cids: cids.map(fromHex), infohashes: infohashes.map(fromHex) } }
}

/** Which of those asked for the peer admits. */
export function judgeHas(reply: unknown, asked: HasQuestion): Judged<HasQuestion> {
  if (!isMap(reply) || Object.keys(reply).length !== 2) return reject('bad-reply', 'not two bitmaps')
  const [cids, infohashes] = [chosen(reply['cids'], asked.cids), chosen(reply['infohashes'], asked.infohashes)]
  return cids === null || infohashes === null ? reject('bad-reply', 'not a bitmap of what was asked for') : accept({ cids, infohashes })
}

export function infoQuestion(cid: Cid, infohash: Infohash | null): unknown {
  return { info: { cid: fromHex(cid), infohash: infohash === null ? null : fromHex(infohash) } }
}

/** The info dictionary must be the canonical one of this content, and of this infohash where one was named. */
export function judgeInfoReply(reply: unknown, cid: Cid, infohash: Infohash | null): Judged<FoundInfo> {
  if (!isMap(reply) || Object.keys(reply).length !== 2) return reject('bad-reply', 'not an info dictionary')
  const { info } = reply
  const said = hexOf(reply['infohash'], 20)
  if (!(info instanceof Uint8Array) || said === null || (infohash !== null && said !== infohash)) return reject('bad-reply', 'not the infohash that was asked for')
  return judgeFoundInfo(info, cid, said)
}

function hexList(value: unknown, length: number): readonly string[] | null {
  if (!Array.isArray(value) || value.length > limits.contentQuestions) return null
  const all = value.map(item => hexOf(item, length))
  return all.includes(null) ? null : all as string[]
}

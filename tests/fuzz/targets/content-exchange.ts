import { createHash } from 'node:crypto'
import { accept, concat, decodeCbor, encodeCbor, equalBytes, fromHex, limits, utf8 } from '../../../src/base/index.ts'
import { judgeRendezvous, makeTorrent, rendezvousAnswer } from '../../../src/content/index.ts'
import {
  entriesQuestion, hasQuestion, holdsQuestion, infoQuestion, judgeEntries, judgeHas, judgeHolds, judgeInfoReply, judgeQuestion, judgeReceiptReply, judgeSectionReply, judgeVolumeReply, receiptQuestion, sectionQuestion, serveContent, volumeQuestion, type GivenFile, type HasQuestion,
} from '../../../src/net/index.ts'
import { somebody } from '../../support/ledger.ts'
import { entryHash } from '../../../src/records/index.ts'
import type { Target } from '../types.ts'
import { varyCbor } from './frames.ts'

/** Files that are given: one openly, one not; and one that is not given. */
const [open, hidden, other] = (['z', 'p', 'i'] as const).map(kind => {
  const cid = createHash('sha256').update(kind).digest('hex')
  const { infohash, info } = makeTorrent({ cid, kind, size: 300_000, pieces: new Uint8Array(40).fill(7) })
  return { cid, infohash, info, findable: kind === 'z' }
}) as [GivenFile, GivenFile, GivenFile]
const given = [open, hidden]
/** Entries that lie here; one that does not. */
const entries = [new Uint8Array(35), new Uint8Array(300).fill(0, 0, 35)]
const entryHashes = [...entries.map(entryHash), open.cid]
const serve = serveContent({ byCid: cid => given.find(file => file.cid === cid) ?? null, byInfohash: infohash => given.find(file => file.infohash === infohash) ?? null }, {
  section: async (_, { index, at }) => await Promise.resolve({ bytes: Uint8Array.of(index & 255), nodes: at === 0 ? [new Uint8Array(3)] : [] }),
  receipt: async ({ server }) => await Promise.resolve(accept(utf8(server))),
  entries: { read: async hashes => await Promise.resolve(hashes.map(hash => entries.find(each => entryHash(each) === hash) ?? null)) },
  volume: ({ chain, number }) => chain === open.cid && number === 3 ? { cid: open.cid, infohash: open.infohash, size: 300_000 } : null,
})

/** More than fit in one byte of a bitmap. */
const asked: HasQuestion = { cids: [open, hidden, other, open, hidden, other, other, other, open].map(({ cid }) => cid), infohashes: [hidden.infohash, other.infohash] }
const odd = [new Uint8Array(0), new Uint8Array(1), new Uint8Array(2).fill(255), new Uint8Array(20), new Uint8Array(31), new Uint8Array(32), fromHex(open.cid), fromHex(other.infohash), open.info, hidden.info, open.cid, Array.from({ length: limits.contentQuestions + 1 }, () => new Uint8Array(32))]

const varied = varyCbor(odd)

/** What a peer asks; what is answered must be an answer to the very question, and admit nothing that is not given. */
export const contentQuestion: Target = {
  name: 'content-question',
  corpus: () => [volumeQuestion({ chain: open.cid, number: 3 }), volumeQuestion({ chain: hidden.cid, number: 2 ** 32 - 1 }), entriesQuestion(entryHashes), holdsQuestion(entryHashes), holdsQuestion(Array.from({ length: limits.entriesAsked }, () => open.cid)), hasQuestion(asked), hasQuestion({ cids: [], infohashes: [] }), infoQuestion(open.cid, null), infoQuestion(hidden.cid, hidden.infohash), sectionQuestion({ cid: open.cid, infohash: null, index: 1, at: 0 }), sectionQuestion({ cid: hidden.cid, infohash: hidden.infohash, index: 10_000, at: limits.sectionPartBytes }), receiptQuestion({ cid: open.cid, root: hidden.cid, server: somebody('Ann').address, serverNonce: 2n ** 64n - 1n, time: 1_800_000_000 }), hasQuestion({ cids: Array.from({ length: limits.contentQuestions }, () => open.cid), infohashes: [] })].map(encodeCbor),
  dictionary: ['has', 'info', 'entries', 'holds', 'hashes', 'volume', 'chain', 'number', 'size', 'section', 'index', 'at', 'receipt', 'root', 'server', 'serverNonce', 'time', 'cids', 'infohash', 'infohashes', '__proto__', ...odd.filter(each => each instanceof Uint8Array)],
  vary: varied,
  async run(bytes) {
    const decoded = decodeCbor(bytes)
    if (!decoded.ok) return decoded.code
    const [question, answer] = [judgeQuestion(decoded.value), await serve(decoded.value, { peerId: 'x', limited: false, signal: AbortSignal.abort() })]
    if (!question.ok) {
      if (answer.ok) throw new Error('answered what was no question')
      return question.code
    }
    if ('has' in question.value) {
      const { cids, infohashes } = question.value.has
      if (cids.length > limits.contentQuestions || infohashes.length > limits.contentQuestions) throw new Error('more hashes than may be asked for')
      if (!equalBytes(encodeCbor(hasQuestion(question.value.has)), bytes)) throw new Error('another question than was asked')
      const admitted = judgeHas(answer.ok && answer.value, question.value.has)
      if (!admitted.ok || admitted.value.cids.some(cid => cid !== open.cid) || admitted.value.infohashes.some(infohash => infohash === other.infohash)) throw new Error('admitted what is not given')
      return 'accepted'
    }
    if ('entries' in question.value || 'holds' in question.value) {
      const [kind, hashes] = 'entries' in question.value ? ['entries', question.value.entries] as const : ['holds', question.value.holds] as const
      if (hashes.length > limits.entriesAsked || !equalBytes(encodeCbor(kind === 'entries' ? entriesQuestion(hashes) : holdsQuestion(hashes)), bytes)) throw new Error('another question than was asked')
      if (!answer.ok) throw new Error('no answer to a question for entries')
      const told = kind === 'entries' ? judgeEntries(answer.value, hashes) : judgeHolds(answer.value, hashes)
      if (!told.ok) throw new Error('an answer to another question')
      return 'accepted'
    }
    if ('volume' in question.value) {
      if (!equalBytes(encodeCbor(volumeQuestion(question.value.volume)), bytes)) throw new Error('another question than was asked')
      if (!answer.ok) return answer.code
      const { chain, number } = question.value.volume
      if (!judgeVolumeReply(answer.value).ok || chain !== open.cid || number !== 3) throw new Error('an answer to another question')
      return 'accepted'
    }
    if ('receipt' in question.value) {
      if (!equalBytes(encodeCbor(receiptQuestion(question.value.receipt)), bytes)) throw new Error('another question than was asked')
      if (!answer.ok || !judgeReceiptReply(answer.value).ok) throw new Error('no answer to a question for a receipt')
      return 'accepted'
    }
    if ('section' in question.value) {
      const { section } = question.value
      if (!equalBytes(encodeCbor(sectionQuestion(section)), bytes)) throw new Error('another question than was asked')
      if (!answer.ok) return answer.code
      const isGiven = given.some(({ cid, infohash, findable }) => cid === section.cid && (section.infohash === null ? findable : infohash === section.infohash))
      if (!judgeSectionReply(answer.value, 1, section.at === 0).ok || !isGiven) throw new Error('an answer to another question')
      return 'accepted'
    }
    const { cid, infohash } = question.value.info
    if (!equalBytes(encodeCbor(infoQuestion(cid, infohash)), bytes)) throw new Error('another question than was asked')
    if (!answer.ok) return answer.code
    if (!judgeInfoReply(answer.value, cid, infohash).ok || (infohash === null && cid !== open.cid)) throw new Error('an answer to another question')
    return 'accepted'
  },
}

/** What a peer answers: as bitmaps, and as an info dictionary. */
export const contentReply: Target = {
  name: 'content-reply',
  corpus: () => [{ cids: Uint8Array.of(0x90, 0x80), infohashes: Uint8Array.of(0x80) }, { infohash: fromHex(open.infohash), info: open.info }, { infohash: fromHex(hidden.infohash), info: hidden.info }].map(encodeCbor),
  dictionary: ['infohash', 'info', 'cids', 'infohashes', '__proto__', 'd6:lengthi300000e', '12:piece lengthi262144e', '6:pieces40:', ...odd.filter(each => each instanceof Uint8Array)],
  vary: (base, chance, mutate) => chance.once(3) ? replyWith(mutate(chance.pick([open, hidden]).info)) : varied(base, chance, mutate),
  run(bytes) {
    const decoded = decodeCbor(bytes)
    if (!decoded.ok) return decoded.code
    const has = judgeHas(decoded.value, asked)
    if (has.ok) {
      const { cids, infohashes } = has.value
      if (!isPartOf(cids, asked.cids) || !isPartOf(infohashes, asked.infohashes)) throw new Error('what nobody asked for')
      return 'accepted'
    }
    const infos = [judgeInfoReply(decoded.value, open.cid, null), judgeInfoReply(decoded.value, open.cid, open.infohash), judgeInfoReply(decoded.value, hidden.cid, hidden.infohash)] as const
    for (const info of infos) {
      if (!info.ok) continue
      const { kind, length, info: dictionary, infohash } = info.value
      const again = makeTorrent({ cid: info === infos[2] ? hidden.cid : open.cid, kind, size: length, pieces: dictionary.slice(-1 - 20 * info.value.pieces, -1) })
      if (again.infohash !== infohash || !equalBytes(again.info, dictionary)) throw new Error('not the one torrent of these pieces')
    }
    const [free, named, secret] = infos
    if ((named.ok && named.value.infohash !== open.infohash) || (secret.ok && secret.value.infohash !== hidden.infohash)) throw new Error('another infohash than was named')
    return free.ok || secret.ok ? 'accepted' : free.code
  },
}

/** What a peer answers of entries. */
export const entryReply: Target = {
  name: 'entry-reply',
  corpus: () => [{ entries }, { entries: [entries[0], null, null] }, { entries: [...entries, null] }, { entries: [null, null, null] }, { entries: Uint8Array.of(0xc0) }, { entries: Uint8Array.of(0) }, { cid: fromHex(open.cid), infohash: fromHex(open.infohash), size: 300_000 }].map(encodeCbor),
  dictionary: ['entries', '__proto__', ...entries, [0xf6], [0xf5]].map(each => Array.isArray(each) ? Uint8Array.from(each) : each),
  vary: varied,
  run(bytes) {
    const decoded = decodeCbor(bytes)
    if (!decoded.ok) return decoded.code
    const [came, held] = [judgeEntries(decoded.value, entryHashes), judgeHolds(decoded.value, entryHashes)]
    const file = judgeVolumeReply(decoded.value)
    if (file.ok) {
      if (file.value.size < 1 || file.value.size > limits.volumeFileBytes) throw new Error('a volume of no size there is')
      return 'accepted'
    }
    if (came.ok && came.value.some((entry, i) => entry !== null && !equalBytes(entry, entries[i] ?? new Uint8Array(0)))) throw new Error('another entry than was asked for')
    if (came.ok && came.value.length !== entryHashes.length) throw new Error('another number of entries than was asked for')
    if (held.ok && !isPartOf(held.value, entryHashes)) throw new Error('what nobody asked for')
    return came.ok || held.ok ? 'accepted' : came.code
  },
}

/** The one message of `holdfast_cid`. */
export const rendezvous: Target = {
  name: 'rendezvous',
  corpus: () => [rendezvousAnswer(open.cid, { infohash: open.infohash, length: 300_000 }), rendezvousAnswer(open.cid, { infohash: other.infohash, length: 1 }), rendezvousAnswer(other.cid, { infohash: other.infohash, length: 5 })],
  dictionary: ['d1:c32:', '1:i20:', '1:li', 'i-1e', 'i0e', 'i9007199254740992e', 'le', 'de', 'e', utf8('1:m'), concat(utf8('32:'), new Uint8Array(32))],
  maxBytes: 1024,
  run(bytes) {
    const judged = judgeRendezvous(bytes, open.cid)
    if (!judged.ok) return judged.code
    if (!Number.isSafeInteger(judged.value.length) || judged.value.length < 1 || !equalBytes(rendezvousAnswer(open.cid, judged.value), bytes)) throw new Error('accepted in another form than its own')
    return 'accepted'
  },
}

/** A reply whose infohash is that of its dictionary, whatever it says. */
function replyWith(info: Uint8Array): Uint8Array {
  return encodeCbor({ infohash: new Uint8Array(createHash('sha1').update(info).digest()), info })
}

/** Whether `some` are items of `all`, in their order. */
function isPartOf(some: readonly string[], all: readonly string[]): boolean {
  let at = 0
  return some.every(item => {
    at = all.indexOf(item, at) + 1
    return at > 0
  })
}

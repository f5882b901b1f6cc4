import { createHash } from 'node:crypto'
import { anything, assert, asyncProperty } from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { accept, decodeCbor, encodeCbor, fromHex, limits, reject } from '../../../src/base/index.ts'
import { makeTorrent } from '../../../src/content/index.ts'
import { somebody } from '../../support/ledger.ts'
import {
  hasQuestion, infoQuestion, judgeHas, judgeInfoReply, judgeQuestion, judgeReceiptReply, judgeSectionReply, receiptQuestion, sectionQuestion, serveContent,
  type Asker, type ContentDesk, type GivenFile, type ReceiptQuestion, type SectionQuestion,
} from '../../../src/net/index.ts'

const bytes = (text: string, length: number) => createHash('sha256').update(text).digest('hex').slice(0, 2 * length)
const [open, hidden, other] = ['open', 'hidden', 'other'].map((name, at) => {
  const cid = bytes(name, 32)
  const torrent = makeTorrent({ cid, kind: (['z', 'p', 'i'] as const)[at] ?? 'a', size: 5, pieces: new Uint8Array(20) })
  return { cid, infohash: torrent.infohash, info: torrent.info, findable: name === 'open' }
}) as [GivenFile, GivenFile, GivenFile]
const held = [open, hidden]
let heard: unknown[] = []
const desk: ContentDesk = {
  async section(file, question, from) {
    heard.push([file.cid, question, from])
    return await Promise.resolve(question.index === 1 ? { bytes: Uint8Array.of(1, 2, 3, 4, 5), nodes: [Uint8Array.of(9)] } : null)
  },
  async receipt(question, from) {
    heard.push([question, from])
    return await Promise.resolve(question.time === 1 ? reject('not-found', 'no') : accept(Uint8Array.of(7)))
  },
  entries: null,
  volume: () => null,
}
const serve = serveContent({ byCid: cid => held.find(file => file.cid === cid) ?? null, byInfohash: infohash => held.find(file => file.infohash === infohash) ?? null }, desk)
beforeEach(() => { heard = [] })
const asker: Asker = { peerId: 'p', limited: false, signal: new AbortController().signal }
/** As it goes over the wire. */
const wire = (value: unknown) => { const judged = decodeCbor(encodeCbor(value)); return judged.ok ? judged.value : null }
const ask = async (question: unknown) => await serve(wire(question), asker)

test('a file is admitted when it is findable, or to who knows both its ids; by infohash to its swarm', async () => {
  const question = { cids: [open.cid, hidden.cid, other.cid], infohashes: [hidden.infohash, other.infohash, open.infohash] }
  const answer = await ask(hasQuestion(question))
  expect(answer).toEqual({ ok: true, value: { cids: Uint8Array.of(0b1000_0000), infohashes: Uint8Array.of(0b1010_0000) } })
  expect(judgeHas(answer.ok && wire(answer.value), question)).toEqual({ ok: true, value: { cids: [open.cid], infohashes: [hidden.infohash, open.infohash] } })
  const told = async (file: GivenFile, infohash: string | null) => await ask(infoQuestion(file.cid, infohash))
  expect(await told(open, null)).toEqual({ ok: true, value: { infohash: fromHex(open.infohash), info: open.info } })
  expect(await told(hidden, hidden.infohash)).toMatchObject({ ok: true })
  for (const [file, infohash] of [[hidden, null], [hidden, open.infohash], [open, hidden.infohash], [other, null], [other, other.infohash]] as const) {
    expect(await told(file, infohash)).toMatchObject({ ok: false, code: 'not-found' })
  }
})

test('an info dictionary is believed when it is the canonical one of the content, whatever its kind', () => {
  const reply = (file: GivenFile) => wire({ infohash: fromHex(file.infohash), info: file.info })
  expect([open, hidden, other].map(file => { const judged = judgeInfoReply(reply(file), file.cid, null); return judged.ok && [judged.value.kind, judged.value.length, judged.value.infohash] }))
    .toEqual([['z', 5, open.infohash], ['p', 5, hidden.infohash], ['i', 5, other.infohash]])
  expect(judgeInfoReply(reply(open), open.cid, hidden.infohash)).toMatchObject({ code: 'bad-reply' })
  expect(judgeInfoReply(reply(open), hidden.cid, null)).toMatchObject({ code: 'wrong-info' })
  expect(judgeInfoReply(wire({ infohash: fromHex(hidden.infohash), info: open.info }), open.cid, null)).toMatchObject({ code: 'wrong-info' })
})

test('bitmaps of another length or with spare bits are refused', () => {
  const asked = { cids: [open.cid], infohashes: [] }
  for (const [cids, infohashes] of [[[0x80, 0], []], [[], []], [[0xc0], []], [[0x80], [0]]] as const) {
    expect(judgeHas({ cids: Uint8Array.from(cids), infohashes: Uint8Array.from(infohashes) }, asked)).toMatchObject({ ok: false, code: 'bad-reply' })
  }
})

test('questions that are none, and any other value, are refused by a code', async () => {
  const many = Array.from({ length: limits.contentQuestions + 1 }, () => open.cid)
  for (const question of [hasQuestion({ cids: many, infohashes: [] }), { has: { cids: [new Uint8Array(31)], infohashes: [] } }, { has: { cids: [] } }, { info: { cid: fromHex(open.cid) } }, { info: { cid: fromHex(open.cid), infohash: 5 } }, {}, { has: {}, info: {} }]) {
    expect(judgeQuestion(wire(question))).toMatchObject({ ok: false, code: 'bad-input' })
  }
  await assert(asyncProperty(anything(), async value => {
    expect(judgeQuestion(value).ok).toBe(false)
    expect((await serve(value, asker)).ok).toBe(false)
    expect(judgeHas(value, { cids: [open.cid], infohashes: [] }).ok).toBe(false)
    expect(judgeInfoReply(value, open.cid, null).ok).toBe(false)
    expect(judgeSectionReply(value, 5, true).ok).toBe(false)
    expect(judgeReceiptReply(value).ok).toBe(false)
  }), { numRuns: 300 })
})

test('a section is given of what is admitted, as an info dictionary is, and only whole parts of it are believed', async () => {
  const question = (file: GivenFile, infohash: string | null, change: Partial<SectionQuestion> = {}): SectionQuestion => ({ cid: file.cid, infohash, index: 1, at: 0, ...change })
  const answer = await ask(sectionQuestion(question(hidden, hidden.infohash)))
  expect(judgeSectionReply(answer.ok && wire(answer.value), 5, true)).toEqual({ ok: true, value: { bytes: Uint8Array.of(1, 2, 3, 4, 5), nodes: [Uint8Array.of(9)] } })
  expect(heard).toEqual([[hidden.cid, question(hidden, hidden.infohash), 'p']])
  expect(await ask(sectionQuestion(question(open, null)))).toMatchObject({ ok: true })
  expect(await ask(sectionQuestion(question(open, null, { index: 2 })))).toMatchObject({ code: 'not-found' })
  for (const [file, infohash] of [[hidden, null], [hidden, open.infohash], [other, other.infohash]] as const) expect(await ask(sectionQuestion(question(file, infohash)))).toMatchObject({ code: 'not-found' })
  expect(heard).toHaveLength(3)
  for (const change of [{ index: 0 }, { index: 10_001 }, { index: 1.5 }, { at: 1 }, { at: -limits.sectionPartBytes }]) expect(await ask(sectionQuestion(question(open, null, change)))).toMatchObject({ code: 'bad-input' })
  for (const reply of [{ bytes: new Uint8Array(4), nodes: [] }, { bytes: new Uint8Array(5) }, { bytes: new Uint8Array(5), nodes: [new Uint8Array(limits.sectionNodeBytes + 1)] }, { bytes: new Uint8Array(5), nodes: Array.from({ length: limits.sectionNodes + 1 }, () => new Uint8Array(1)) }, { bytes: new Uint8Array(5), nodes: ['x'] }]) {
    expect(judgeSectionReply(reply, 5, true)).toMatchObject({ code: 'bad-reply' })
  }
  expect(judgeSectionReply({ bytes: new Uint8Array(5), nodes: [new Uint8Array(1)] }, 5, false)).toMatchObject({ code: 'bad-reply' })
})

test('a receipt is what the desk says, for the very words that were asked', async () => {
  const question: ReceiptQuestion = { cid: open.cid, root: hidden.cid, server: somebody('the server').address, serverNonce: 2n ** 63n, time: 1_800_000_000 }
  const known = question.server
  const answer = await ask(receiptQuestion({ ...question, server: known }))
  expect(judgeReceiptReply(answer.ok && wire(answer.value))).toEqual({ ok: true, value: Uint8Array.of(7) })
  expect(heard).toEqual([[{ ...question, server: known }, 'p']])
  expect(await ask(receiptQuestion({ ...question, server: known, serverNonce: 5n }))).toMatchObject({ ok: true })
  expect(heard[1]).toEqual([{ ...question, server: known, serverNonce: 5n }, 'p'])
  expect(await ask(receiptQuestion({ ...question, server: known, time: 1 }))).toMatchObject({ code: 'not-found' })
  for (const wrong of [{ serverNonce: 0n }, { time: -1 }, { time: 2 ** 32 }]) expect(await ask(receiptQuestion({ ...question, server: known, ...wrong }))).toMatchObject({ code: 'bad-input' })
  expect(judgeReceiptReply({ receipt: new Uint8Array(limits.receiptBytes + 1) })).toMatchObject({ code: 'bad-reply' })
})

import { createHash } from 'node:crypto'
import { anything, assert, asyncProperty } from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCbor, encodeCbor, fromHex, limits } from '../../../src/base/index.ts'
import { makeTorrent } from '../../../src/content/index.ts'
import { hasQuestion, infoQuestion, judgeHas, judgeInfoReply, judgeQuestion, serveContent, type Asker, type GivenFile } from '../../../src/net/index.ts'

const bytes = (text: string, length: number) => createHash('sha256').update(text).digest('hex').slice(0, 2 * length)
const [open, hidden, other] = ['open', 'hidden', 'other'].map((name, at) => {
  const cid = bytes(name, 32)
  const torrent = makeTorrent({ cid, kind: (['z', 'p', 'i'] as const)[at] ?? 'a', size: 5, pieces: new Uint8Array(20) })
  return { cid, infohash: torrent.infohash, info: torrent.info, findable: name === 'open' }
}) as [GivenFile, GivenFile, GivenFile]
const held = [open, hidden]
const serve = serveContent({ byCid: cid => held.find(file => file.cid === cid) ?? null, byInfohash: infohash => held.find(file => file.infohash === infohash) ?? null })
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
  }), { numRuns: 300 })
})

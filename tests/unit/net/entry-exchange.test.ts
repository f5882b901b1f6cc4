import { anything, assert, asyncProperty } from 'fast-check'
import { expect, test } from 'vitest'
import { accept, decodeCbor, encodeCbor, limits, reject } from '../../../src/base/index.ts'
import { entriesQuestion, holdsQuestion, judgeEntries, judgeHolds, judgeQuestion, serveContent, type EntryShelf } from '../../../src/net/index.ts'
import { entryHash } from '../../../src/records/index.ts'
import { chainNamed, entryOf, firstEntryOf } from '../../support/records.ts'

const [first, second, longest] = [firstEntryOf('log'), entryOf(chainNamed('log'), { content: 'two' }), entryOf(chainNamed('log'), { payload: 10_240 })]
const here = new Map([first, longest].map(entry => [entryHash(entry), entry]))
const shelf: EntryShelf = { read: async hashes => hashes.map(hash => here.get(hash) ?? null) }
const hashes = [first, second, longest].map(entryHash)
const asker = { peerId: 'p', limited: false, signal: new AbortController().signal }
/** As it goes over the wire. */
const wire = (value: unknown): unknown => { const judged = decodeCbor(encodeCbor(value)); return judged.ok ? judged.value : null }
const serving = (entries: EntryShelf | null) => serveContent({ byCid: () => null, byInfohash: () => null }, { section: async () => null, receipt: async () => reject('not-found', 'none'), entries, volume: () => null })
const ask = async (question: unknown, entries: EntryShelf | null = shelf) => {
  const answer = await serving(entries)(wire(question), asker)
  return answer.ok ? accept(wire(answer.value)) : answer
}

test('entries are given by their hashes, in the order of the question, and who has them is told without their bytes', async () => {
  const given = await ask(entriesQuestion(hashes))
  expect(given.ok && judgeEntries(given.value, hashes)).toEqual(accept([first, null, longest]))
  const held = await ask(holdsQuestion(hashes))
  expect(held).toEqual(accept({ entries: Uint8Array.of(0b1010_0000) }))
  expect(held.ok && judgeHolds(held.value, hashes)).toEqual(accept([hashes[0], hashes[2]]))
  expect(await ask(entriesQuestion(hashes), null)).toMatchObject({ ok: false, code: 'unsupported' })
})

test('as many of the longest as may be asked for fit a frame', async () => {
  const asked = Array.from({ length: limits.entriesAsked }, () => entryHash(longest))
  const given = await ask(entriesQuestion(asked))
  expect(given.ok ? encodeCbor(given.value).length : Infinity).toBeLessThan(limits.frameBytes - limits.frameHeadBytes)
  expect(given.ok && judgeEntries(given.value, asked).ok).toBe(true)
})

test('what lies on the shelf and is no entry is not given', async () => {
  const odd: EntryShelf = { read: async () => [new Uint8Array(0), new Uint8Array(limits.recordBytes + 1)] }
  expect(await ask(entriesQuestion(hashes), odd)).toEqual(accept({ entries: [null, null, null] }))
})

test('an entry that is not what its hash says, too few and too many are no answer', () => {
  for (const entries of [[second, null, longest], [first, null], [first, null, longest, null], [first, true, longest], [first, new Uint8Array(0), longest], Uint8Array.of(0b1010_0000), null]) {
    expect(judgeEntries({ entries }, hashes)).toMatchObject({ ok: false, code: 'bad-reply' })
  }
  for (const entries of [Uint8Array.of(0b1111_0000), Uint8Array.of(0, 0), new Uint8Array(0), [true, null, null]]) expect(judgeHolds({ entries }, hashes)).toMatchObject({ ok: false, code: 'bad-reply' })
  expect(judgeEntries({ entries: [first, null, longest], more: 1 }, hashes).ok).toBe(false)
})

test('questions that are none are refused by a code, and any other value', async () => {
  const many = Array.from({ length: limits.entriesAsked + 1 }, () => hashes[0]!)
  for (const bad of [entriesQuestion(many), holdsQuestion(many), entriesQuestion([]), { entries: { hashes: [new Uint8Array(31)] } }, { entries: { hashes: [new Uint8Array(32)], bytes: true } }, { holds: [] }, { entries: { hashes: 'x' } }]) {
    expect(judgeQuestion(wire(bad))).toMatchObject({ ok: false, code: 'bad-input' })
    expect(await ask(bad)).toMatchObject({ ok: false, code: 'bad-input' })
  }
  await assert(asyncProperty(anything(), async value => {
    expect(judgeQuestion({ entries: value }).ok).toBe(false)
    expect(judgeEntries(value, hashes).ok).toBe(false)
    expect(judgeHolds(value, hashes).ok).toBe(false)
  }))
})

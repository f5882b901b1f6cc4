import { describe, expect, test } from 'vitest'
import { asText, fromHex, readable, readSearched, toHex } from '../../../src/ui/record-bytes.ts'
import { draftOf, emptyChain, emptyEntry, entryRoom, isEmpty, keepDraft, keptDraft, dropDraft, payloadOf } from '../../../src/ui/record-draft.ts'
import { everyRecord, isLooking, queryOf } from '../../../src/ui/record-search.ts'
import { readRoute, recordHash } from '../../../src/ui/route.ts'
import { chainName, failedWords, markWords, recordProblem, verdictOf } from '../../../src/ui/strings/records.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const id = 'ab'.repeat(32)

describe('routes', () => {
  test.each([
    ['#/records', { place: 'records', chain: null, entry: null, fresh: false }],
    ['#/records/new', { place: 'records', chain: null, entry: null, fresh: true }],
    [recordHash(id), { place: 'records', chain: id, entry: null, fresh: false }],
    [recordHash(id.toUpperCase(), 12), { place: 'records', chain: id, entry: 12, fresh: false }],
    [recordHash(id, id), { place: 'records', chain: id, entry: id, fresh: false }],
    ['#/check', { place: 'check' }],
  ] as const)('%s', (hash, route) => { expect(readRoute(hash)).toEqual(route) })

  test.each(['#/records/abc', `#/records/${id}/-1`, `#/records/${id}/x`, `#/records/${id}0`, `#/records/${id}/99999999999`])('%s is the place itself', hash => {
    expect(readRoute(hash)).toEqual({ place: 'records', chain: null, entry: null, fresh: false })
  })
})

describe('bytes', () => {
  test('text is UTF-8 that shows', () => {
    expect(asText(bytes('Tide gauge, Ærø\n\t2'))).toBe('Tide gauge, Ærø\n\t2')
    for (const wrong of [[0xff], [0xc3], [0], [0x1b, 0x5b], [0x7f], [0xed, 0xa0, 0x80]]) expect(asText(Uint8Array.from(wrong))).toBeNull()
  })

  test('hexadecimal digits in pairs, however they are written', () => {
    expect(fromHex(' 0xDE ad\nbe ef ')).toEqual(Uint8Array.from([0xde, 0xad, 0xbe, 0xef]))
    expect(toHex(fromHex('00ff') ?? bytes(''))).toBe('00ff')
    for (const wrong of ['f', '0xg0', 'tide']) expect(fromHex(wrong)).toBeNull()
  })

  test('what is shown of a mark finds it again', () => {
    for (const mark of [bytes('Reading'), bytes('0x00'), Uint8Array.from([0, 255]), bytes(' 0xyz')]) expect(readSearched(readable(mark))).toEqual(mark)
  })
})

describe('drafts', () => {
  test('marks nothing was typed into are none, and a wrong one makes no entry', () => {
    const draft = { ...emptyEntry, marks: [{ text: 'Reading', hex: false }, { text: '', hex: false }, { text: '00ff', hex: true }], text: 'é' }
    const made = draftOf(id, draft)
    expect(made).toEqual({ chain: id, extIds: [bytes('Reading'), Uint8Array.from([0, 255])], content: bytes('é') })
    expect(made === null ? 0 : payloadOf(made)).toBe(2 + 7 + 2 + 2 + 2)
    expect(draftOf(id, { ...draft, marks: [{ text: '0', hex: true }] })).toBeNull()
  })

  test('the content is the file where there is one', () => {
    expect(draftOf(null, { ...emptyChain, text: 'not this', file: { name: 'a', hex: '0102' } })?.content).toEqual(Uint8Array.from([1, 2]))
    expect([isEmpty(emptyChain), isEmpty({ ...emptyChain, file: { name: 'a', hex: '' } })]).toEqual([true, false])
    expect(entryRoom).toBe(10_240)
  })

  test('each chain has its own, until it is dropped', () => {
    keepDraft(id, { ...emptyEntry, text: 'for later' })
    expect([keptDraft(id).text, keptDraft(null)]).toEqual(['for later', emptyChain])
    dropDraft(id)
    expect(keptDraft(id)).toEqual(emptyEntry)
  })
})

describe('searching', () => {
  test('all that is given, and nothing else', () => {
    expect(isLooking(everyRecord)).toBe(false)
    expect(queryOf({ ...everyRecord, text: '0xff', how: 'exact', position: 1, payer: ' EC1 ' }, id, 10, 5)).toEqual({ chain: id, extId: { value: Uint8Array.from([255]), how: 'exact', position: 1 }, payer: 'EC1', offset: 10, limit: 5 })
    expect(queryOf({ ...everyRecord, text: '0xf' }, null, 0, 5)).toBeNull()
  })

  test('days are whole ones', () => {
    const { from = 0, to = 0 } = queryOf({ ...everyRecord, from: '2026-06-20', to: '2026-06-20' }, null, 0, 5) ?? {}
    expect([new Date(from * 1000).getHours(), to - from]).toEqual([0, 24 * 3600 - 1])
    expect(queryOf({ ...everyRecord, from: 'no day' }, null, 0, 5)).toEqual({ offset: 0, limit: 5 })
  })
})

describe('words', () => {
  test('a chain is called by its marks, else by its id', () => {
    expect(chainName({ name: [bytes('Tide gauge'), bytes('Hanstholm')], id })).toBe('Tide gauge, Hanstholm')
    expect(chainName({ name: [Uint8Array.from([255])], id })).toBe('0xff')
    expect(chainName({ name: null, id })).toBe('Chain abab…abab')
    expect(chainName({ name: [bytes('  ')], id })).toBe('Chain abab…abab')
    expect(Array.from(markWords(bytes('🦀'.repeat(60)))).length).toBe(48)
  })

  test('what a failure cost', () => {
    const failed = { problem: { code: 'timeout', message: '', data: {} }, credits: 11 } as const
    expect(failedWords({ ...failed, spent: true }).next).toContain('11 credits')
    expect(failedWords({ ...failed, spent: false }).next).toContain('Nothing was spent')
  })

  test('too large is two things', () => {
    expect(recordProblem({ code: 'too-large', data: { missing: 3, coins: 15 } }).next).toContain('Missing: 3 credits.')
    expect(recordProblem({ code: 'too-large', data: {} }).next).toContain('10,240 bytes')
  })

  test('a receipt holds where all of it does and somebody trusted vouches', () => {
    const right = { claim: 'entry-hash', holds: true, says: '' } as const
    const trust = (holds: boolean | null) => ({ claim: 'trust', holds, says: '' }) as const
    expect(verdictOf([right, trust(true)]).tone).toBe('ok')
    expect(verdictOf([right, trust(null)]).tone).toBe('warn')
    expect(verdictOf([right, trust(false)]).tone).toBe('warn')
    expect(verdictOf([right]).tone).toBe('warn')
    expect(verdictOf([{ ...right, holds: false }, trust(true)]).tone).toBe('danger')
    expect(verdictOf([]).tone).toBe('warn')
  })
})

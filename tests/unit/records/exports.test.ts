import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { limits, toHex, utf8 } from '../../../src/base/index.ts'
import { encodeDirectoryBlock, encodeEntry, encodeEntryBlock, encodeEntryBlockHeader, entryHash, fullHash, importExport, keyMR, makeDirectoryBlock, makeEntryBlock, minuteMarker, systemChains, writeReceipt, type RecordFinding } from '../../../src/records/index.ts'
import { chainEntries, directoryBlock, directoryBlockKey, entryBlock, entryBlockKey, receiptParts } from '../../support/receipts.ts'
import { chainNamed, commitTo, commitToChain, payment, signer } from '../../support/records.ts'

const { upstream } = JSON.parse(await readFile('tests/fixtures/factom.json', 'utf8')) as { readonly upstream: Readonly<Record<string, readonly { readonly raw: string, readonly keyMR: string, readonly hash: string }[]>> }
const chain = chainNamed('test')
const [first, second] = chainEntries
const time = 1_700_000_000_123
const alice = signer('alice')

function imported(value: unknown): { readonly findings: readonly RecordFinding[], readonly entries: readonly Uint8Array[] } {
  const judged = importExport(JSON.stringify(value))
  if (!judged.ok) throw new Error(`${judged.code}: ${judged.reason}`)
  return judged.value
}

const failing = (value: unknown): readonly string[] => imported(value).findings.filter(({ holds }) => holds === false).map(({ says }) => says)
/** An entry as factomd answers it, and as the JavaScript library writes it. */
const answer = { jsonrpc: '2.0', id: 1, result: { chainid: chain, extids: [toHex(utf8('tag'))], content: toHex(utf8('two')) } }
const written = { chainId: chain, extIds: [toHex(utf8('test'))], content: toHex(utf8('one')), timestamp: 1 }

test('entries in every form, as they are on the wire', () => {
  for (const value of [answer, answer.result, [answer], { entries: [answer.result] }, { result: { data: toHex(second) } }, { params: { entry: toHex(second) } }]) expect(imported(value).entries).toEqual([second])
  expect(imported(written).entries).toEqual([first])
  expect(imported({ firstEntry: written, id: chain }).entries).toEqual([first])
  expect(imported([written, answer]).entries).toEqual([first, second])
})

test('each hash that is said is held against the one it has', () => {
  expect(failing({ ...answer.result, entryhash: entryHash(second) })).toEqual([])
  expect(failing({ ...answer.result, entryHash: entryHash(first) })).toEqual([`entryhash is ${entryHash(second)}, not ${entryHash(first)}.`])
  expect(failing({ data: toHex(second), chainid: '00'.repeat(32) })).toEqual([`chainid is ${chain}, not ${'00'.repeat(32)}.`])
  expect(imported({ ...answer.result, entryhash: entryHash(second).toUpperCase() }).findings.filter(({ claim, holds }) => claim === 'entry-hash' && holds === true)).toHaveLength(1)
})

test('commits and transactions, their signatures and what they pay for', () => {
  const commit = commitToChain(first, alice, { time })
  const composed = { commit: { params: { message: toHex(commit) } }, reveal: { params: { entry: toHex(first) } } }
  expect(failing(composed)).toEqual([])
  expect(imported(composed).findings.filter(({ claim, holds }) => claim === 'signature' && holds === true)).toHaveLength(1)
  expect(imported(composed).findings.map(({ says }) => says)).toContain(`The commit is for entry ${entryHash(first)}, which is here.`)
  expect(imported([{ message: toHex(commit) }, answer]).findings.map(({ says }) => says)).toContain(`The commit is for entry ${entryHash(first)}, which is not here.`)
  expect(failing({ commit: toHex(commitTo(second, alice, { time })), reveal: toHex(second) })).toEqual([])
  expect(failing({ message: toHex(commit.with(190, commit[190]! ^ 1)) })).toHaveLength(1)
  const paid = payment({ time, from: [[10, alice]] })
  expect(failing({ params: { transaction: toHex(paid) } })).toEqual([])
  expect(failing({ transaction: toHex(paid), txid: '00'.repeat(32) })).toHaveLength(1)
  expect(failing({ transaction: toHex(paid.with(130, paid[130]! ^ 1)) })).toHaveLength(1)
})

test.each(['entryBlocks', 'directoryBlocks', 'factoidBlocks', 'entryCreditBlocks', 'adminBlocks'])('%s of Factom, by their bytes', name => {
  const { raw, keyMR: key, hash } = upstream[name]![0]!
  const names = { entryBlocks: ['keymr', 'fullhash'], directoryBlocks: ['keymr', 'dbhash'], factoidBlocks: ['keymr', 'ledgerkeymr'], entryCreditBlocks: ['headerhash', 'fullhash'], adminBlocks: ['lookuphash', 'backreferencehash'] }[name]!
  const around = { entryBlocks: 'eblock', directoryBlocks: 'dblock', factoidBlocks: 'fblock', entryCreditBlocks: 'ecblock', adminBlocks: 'ablock' }[name]!
  const said = (one: string, other: string) => ({ [around]: { [names[0]!]: one, header: { [names[1]!]: other } }, rawdata: raw })
  expect(failing({ jsonrpc: '2.0', result: said(key, hash) })).toEqual([])
  expect(imported(said(key, hash)).findings.filter(({ claim, holds }) => claim === 'hash' && holds === true).length).toBeGreaterThanOrEqual(2)
  expect(failing(said(hash, key))).toHaveLength(2)
  expect(failing({ rawdata: raw.slice(0, -2) })).toHaveLength(1)
})

test('parts of an export are held against each other', () => {
  const next = makeEntryBlock({ chainId: chain, prevKeyMR: entryBlockKey, prevFullHash: fullHash(encodeEntryBlock(entryBlock)), sequence: 1, height: 5 }, [entryHash(encodeEntry({ chainId: chain, extIds: [], content: utf8('four') })), minuteMarker(2)])
  const blocks = [entryBlock, next].map(block => ({ rawdata: toHex(encodeEntryBlock(block)) }))
  const directory = { rawdata: toHex(encodeDirectoryBlock(directoryBlock)) }
  const whole = { entries: [written, answer.result], blocks: [...blocks, directory] }
  expect(failing(whole)).toEqual([])
  const says = imported(whole).findings.map(finding => finding.says).join('\n')
  for (const part of [`Entry ${entryHash(first)} is in Entry Block ${entryBlockKey}`, `KeyMR of the block before Entry Block 1 of chain ${chain} is ${entryBlockKey}`, `KeyMR of chain ${chain} in Directory Block 4 is ${entryBlockKey}`]) expect(says).toContain(part)
  expect(imported([{ ...written, content: '00' }, ...blocks]).findings.some(({ claim, holds }) => claim === 'entry-block' && holds === null)).toBe(true)

  const loose = makeEntryBlock({ ...next.header, prevKeyMR: '00'.repeat(32), prevFullHash: '11'.repeat(32) }, next.items)
  expect(failing([blocks[0], { rawdata: toHex(encodeEntryBlock(loose)) }])).toHaveLength(2)
  const other = makeEntryBlock({ ...entryBlock.header, prevKeyMR: '11'.repeat(32) }, entryBlock.items)
  const otherKey = keyMR(encodeEntryBlockHeader(other.header), other.header.bodyMR)
  expect(failing([{ rawdata: toHex(encodeEntryBlock(other)) }, directory])).toEqual([`KeyMR of chain ${chain} in Directory Block 4 is ${otherKey}, not ${entryBlockKey}.`].map(text => expect.stringContaining(text) as string))
  const later = makeDirectoryBlock({ ...directoryBlock.header, height: 5 }, Object.values(systemChains).map(chainId => ({ chainId, keyMR: '00'.repeat(32) })))
  expect(failing([...blocks, { rawdata: toHex(encodeDirectoryBlock(later)) }])).toEqual([])
})

test('receipts among other things', async () => {
  const { roots: _, ...parts } = await receiptParts()
  const found = imported([JSON.parse(writeReceipt(parts)), answer])
  expect(found.findings.every(({ holds }) => holds !== false)).toBe(true)
  expect(found.findings[0]!.says).toMatch(/^Part 1: /)
  expect(found.findings.map(({ says }) => says).join()).toContain(directoryBlockKey)
})

test('old entries with ExtIDs of no bytes are taken, and told of', () => {
  const old = { chainid: chain, extids: [''], content: '' }
  expect(failing(old)).toEqual([])
  expect(imported(old).findings.map(({ says }) => says).join()).toContain('ExtIDs of no bytes')
  expect(failing({ data: toHex(encodeEntry({ chainId: chain, extIds: [new Uint8Array(0)], content: new Uint8Array(0) }, { emptyExtIds: true })) })).toEqual([])
})

test.each([
  ['an entry of no hex', { chainid: chain, extids: ['x'], content: '' }], ['an entry of no chain', { chainid: 'ab', extids: [], content: '' }], ['an entry too large', { chainid: chain, extids: [], content: '00'.repeat(10_241) }],
  ['ExtIDs that are numbers', { chainid: chain, extids: [1], content: '' }], ['bytes that are no hex', { rawdata: 'xyz' }], ['bytes that are nothing', { data: 'ffff' }], ['a receipt that is none', { merklebranch: [] }],
])('%s', (_, value) => { expect(failing(value)).toHaveLength(1) })

test('what is no export at all', () => {
  for (const [text, code] of [['', 'bad-input'], ['null', 'bad-input'], ['[[[[[[[[{"data":"00"}]]]]]]]]', 'bad-input'], ['{"a":1}', 'bad-input'], [' '.repeat(limits.exportChars + 1), 'too-large']] as const) expect(importExport(text)).toMatchObject({ ok: false, code })
  expect(importExport(JSON.stringify(Array.from({ length: limits.exportItems + 1 }, () => ({ data: '' }))))).toMatchObject({ ok: false, code: 'too-many' })
})

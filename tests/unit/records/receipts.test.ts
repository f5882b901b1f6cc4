import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { encodeCbor, fromHex, sha256, toHex } from '../../../src/base/index.ts'
import { branchOf, encodeEntry, encodeEntryBlock, encodeDirectoryBlock, encodeDirectoryBlockHeader, entryHash, judgeExport, keyMR, judgeFactomReceipt, makeDirectoryBlock, merkleBranch, makeEntryBlock, writeReceipt, type RecordFinding } from '../../../src/records/index.ts'
import { keys } from '../../../src/state/index.ts'
import { utcText } from '../../../src/records/receipt/utc.ts'
import { expectUnsayable, faultOf, read } from '../../support/faults.ts'
import { chainEntries, directoryBlock, directoryBlockKey, entryBlock, entryBlockKey, headerOf, network, receiptParts, rootAt, type Wanted } from '../../support/receipts.ts'
import { chainNamed } from '../../support/records.ts'

const chain = chainNamed('test')
const chainKey = keys.chain(chain).name
const directoryKey = keys.directory.name

/** A receipt while a test does something to it. */
interface Json {
  format: string
  network: string
  entry: string
  chain: string
  index: number
  entryBlock: string
  directoryBlock: string
  branch: Step[]
  proof: Position & { keys: string[], nodes: string[] }
  headers: Position[]
}
interface Step { left?: string | null, right?: string | null, top?: string | null }
interface Position { header: string, state: string }

/** The same of a receipt of Factom. */
interface FactomJson { entry: { entryhash?: string, key?: string, raw?: string }, merklebranch: Step[], entryblockkeymr: string, directoryblockkeymr: string }

/** Each claim of a receipt, and whether it holds. */
function claims(text: string, ...roots: readonly string[]): Readonly<Record<string, boolean | null>> {
  const judged = judgeExport(text, roots)
  if (!judged.ok) throw new Error(judged.reason)
  return Object.fromEntries(judged.value.map(({ claim, holds }) => [claim, holds]))
}

function findings(text: string, ...roots: readonly string[]): readonly RecordFinding[] {
  const judged = judgeExport(text, roots)
  if (!judged.ok) throw new Error(judged.reason)
  return judged.value
}

async function made(wanted: Wanted = {}): Promise<{ readonly text: string, readonly json: Json, readonly roots: readonly string[] }> {
  const { roots, ...parts } = await receiptParts(wanted)
  const text = writeReceipt(parts)
  return { text, json: JSON.parse(text) as Json, roots }
}

/** What a receipt claims once a member of it is another. */
async function changed(change: (json: Json) => void, wanted: Wanted = {}): Promise<Readonly<Record<string, boolean | null>>> {
  const { json, roots } = await made(wanted)
  change(json)
  return claims(JSON.stringify(json), ...roots)
}

describe('a receipt of Holdfast', () => {
  const all = { format: true, 'entry-hash': true, 'chain-id': true, 'state-proof': true, block: true, 'entry-block': true, 'directory-block': true, trust: true }

  test('holds from the entry to a root somebody trusts', async () => {
    const { text, roots } = await made({ keys: [chainKey, directoryKey] })
    expect(claims(text, roots[0]!)).toEqual(all)
    expect(claims(text, roots[0]!.toUpperCase())).toEqual(all)
    expect(claims(text)).toEqual({ ...all, trust: null })
    expect(claims(text, 'ef'.repeat(32))).toEqual({ ...all, trust: false })
  })

  test('says where the entry stands, and when', async () => {
    const { text, roots } = await made()
    const says = findings(text, roots[0]!).map(finding => finding.says).join('\n')
    for (const part of [entryHash(chainEntries[1]), chain, 'block 12', network, '2023-11-14 22:13 UTC', roots[0]!, directoryBlockKey, entryBlockKey]) expect(says).toContain(part)
  })

  test('trust reaches back over later headers, from each of their roots', async () => {
    const { text, roots } = await made({ later: 3 })
    expect(roots).toHaveLength(4)
    for (const root of roots) expect(claims(text, root)).toMatchObject({ block: true, trust: true })
    const says = (of: string) => findings(of).find(({ claim }) => claim === 'block')!.says
    expect(says(text)).toContain('headers lead on from it to block 15')
    expect(says((await made()).text)).not.toContain('lead on')
  })

  test('blocks that no state names stand for nothing, unless somebody trusts the Directory Block', async () => {
    const { text, roots } = await made()
    expect(claims(text, roots[0]!)).toEqual({ ...all, 'entry-block': null, 'directory-block': null })
    expect(claims((await made({ keys: [chainKey] })).text, roots[0]!)).toEqual({ ...all, 'entry-block': true, 'directory-block': null })
    expect(claims((await made({ keys: [directoryKey] })).text, roots[0]!)).toEqual(all)
    expect(claims(text, directoryBlockKey)).toMatchObject({ 'entry-block': true, 'directory-block': true, trust: true })
    expect(findings(text, directoryBlockKey).filter(({ claim }) => claim === 'trust').map(({ holds }) => holds)).toEqual([null, true])
  })

  test('with blocks alone, or a proof alone', async () => {
    const { roots, ...parts } = await receiptParts()
    const blocks = writeReceipt({ ...parts, proof: null, headers: [] })
    expect(claims(blocks, directoryBlockKey)).toMatchObject({ 'state-proof': null, 'entry-block': true, 'directory-block': true, trust: true })
    expect(claims(blocks)).toMatchObject({ 'state-proof': null, trust: null })
    const proof = writeReceipt({ ...parts, blocks: null })
    expect(claims(proof, roots[0]!)).toEqual({ format: true, 'entry-hash': true, 'chain-id': true, 'state-proof': true, block: true, 'entry-block': null, trust: true })
  })

  test('of the first entry of a chain', async () => {
    const { text, roots } = await made({ index: 0 })
    expect(claims(text, roots[0]!)).toMatchObject({ 'chain-id': true, 'state-proof': true })
  })

  test.each<readonly [string, (json: Json) => void, Readonly<Record<string, boolean | null>>]>([
    ['another entry', json => { json.entry = toHex(chainEntries[2]) }, { 'state-proof': false, 'directory-block': false, trust: false }],
    ['no entry', json => { json.entry = '01' }, { 'entry-hash': false }],
    ['a byte of the entry', json => { json.entry = `${json.entry.slice(0, -2)}00` }, { 'state-proof': false, 'entry-block': false, trust: false }],
    ['another chain', json => { json.chain = chainNamed('other') }, { 'chain-id': false, 'state-proof': false }],
    ['another index', json => { json.index = 2 }, { 'state-proof': false }],
    ['a key that is not of the entry', json => { json.proof.keys[0] = `chain/${chain}/2` }, { 'state-proof': false }],
    ['another state', json => { json.proof.state = '00'.repeat(32) }, { 'state-proof': false, trust: false }],
    ['a node less', json => { json.proof.nodes.pop() }, { 'state-proof': false }],
    ['a node more', json => { json.proof.nodes.push(json.proof.nodes[0]!) }, { 'state-proof': false }],
    ['a node changed', json => { json.proof.nodes[0] = `${json.proof.nodes[0]!.slice(0, -2)}00` }, { 'state-proof': false }],
    ['another header', json => { json.proof.header = toHex(headerOf(13, 'ab'.repeat(32))) }, { block: true, trust: false }],
    ['no header', json => { json.proof.header = '00' }, { block: false, trust: false }],
    ['a header of another network', json => { json.proof.header = toHex(headerOf(12, 'ab'.repeat(32), 'ff'.repeat(8))) }, { block: false, trust: false }],
    ['a header that is a number', json => { json.proof.header = '01' }, { block: false }], ['a header of text', json => { json.proof.header = toHex(encodeCbor({ network: '0102030405060708', number: 1, time: 1 })) }, { block: false }],
    ['a header without a number', json => { json.proof.header = toHex(encodeCbor({ network: new Uint8Array(8), time: 1 })) }, { block: false }], ['a header without a time', json => { json.proof.header = toHex(encodeCbor({ network: new Uint8Array(8), number: 1, time: null })) }, { block: false }],
    ['a header of a number below 0', json => { json.proof.header = toHex(encodeCbor({ network: new Uint8Array(8), number: -1, time: 1 })) }, { block: false }], ['a header of a time too large', json => { json.proof.header = toHex(encodeCbor({ network: new Uint8Array(8), number: 1, time: 2 ** 32 })) }, { block: false }],
    ['another network', json => { json.network = 'ff'.repeat(8) }, { block: false }],
    ['a branch cut short', json => { json.branch.pop() }, { 'directory-block': false }],
    ['a step changed', json => { json.branch[0]!.left = '00'.repeat(32) }, { 'directory-block': false }],
    ['another Entry Block', json => { json.entryBlock = toHex(encodeEntryBlock(makeEntryBlock({ ...entryBlock.header, sequence: 1 }, entryBlock.items))) }, { 'directory-block': false }],
    ['an Entry Block that has another body', json => { json.entryBlock = json.entryBlock.replace(entryBlock.header.bodyMR, '00'.repeat(32)) }, { 'entry-block': false }],
    ['an Entry Block of another chain', json => { json.entryBlock = toHex(encodeEntryBlock(makeEntryBlock({ ...entryBlock.header, chainId: chainNamed('other') }, entryBlock.items))) }, { 'entry-block': false }],
    ['another Directory Block', json => { json.directoryBlock = toHex(encodeDirectoryBlock(makeDirectoryBlock(directoryBlock.header, directoryBlock.entries.slice(0, 3)))) }, { 'directory-block': false }],
    ['no Directory Block', json => { json.directoryBlock = '00' }, { 'directory-block': false }],
  ])('%s is found', async (_, change, expected) => {
    const found = await changed(change)
    expect(found).toMatchObject(expected)
    expect(Object.values(found)).toContain(false)
  })

  test('an entry that is said to begin a chain it does not name', async () => {
    expect(await changed(json => { json.entry = toHex(encodeEntry({ chainId: chain, extIds: [], content: new Uint8Array(1) })) }, { index: 0 })).toMatchObject({ 'chain-id': false })
  })

  test('a Directory Block that names the Entry Block for another chain, and another for this one', async () => {
    const crossed = makeDirectoryBlock(directoryBlock.header, [{ chainId: chain, keyMR: 'cd'.repeat(32) }, { chainId: chainNamed('other'), keyMR: entryBlockKey }])
    const leaves = crossed.entries.flatMap(({ chainId, keyMR: key }) => [fromHex(chainId)!, fromHex(key)!])
    const header = encodeDirectoryBlockHeader(crossed.header)
    expect(await changed(json => {
      json.directoryBlock = toHex(encodeDirectoryBlock(crossed))
      json.branch = [...json.branch.slice(0, 3), ...merkleBranch(leaves, 3).map(({ left, right, top }) => ({ left: toHex(left), right: toHex(right), top: toHex(top) })), { left: toHex(sha256(header)), right: crossed.header.bodyMR }]
    })).toMatchObject({ 'directory-block': false })
  })

  test('a state that names other blocks', async () => {
    expect(claims((await made({ keys: [chainKey], rows: { chain: 'cd'.repeat(32) } })).text)).toMatchObject({ 'state-proof': true, 'entry-block': false })
    expect(claims((await made({ keys: [directoryKey], rows: { directory: 'cd'.repeat(32) } })).text)).toMatchObject({ 'state-proof': true, 'directory-block': false })
  })

  test('keys that say nothing of the entry, or twice the same', async () => {
    expect(claims((await made({ keys: ['account/1'] })).text)).toMatchObject({ 'state-proof': false })
    expect(claims((await made({ keys: [directoryKey, directoryKey] })).text)).toMatchObject({ 'state-proof': false })
  })

  test('headers that do not go on from each other', async () => {
    expect(await changed(json => { json.headers.shift() }, { later: 2 })).toMatchObject({ block: false, trust: false })
    expect(await changed(json => { json.headers[0]!.state = '00'.repeat(32) }, { later: 2 })).toMatchObject({ block: false })
    expect(await changed(json => { json.headers[1]!.header = '00' }, { later: 2 })).toMatchObject({ block: false })
    const { json, roots } = await made({ later: 2 })
    json.headers.pop()
    expect(claims(JSON.stringify(json), roots[2]!)).toMatchObject({ block: true, trust: false })
  })

  test.each<readonly [string, (json: Json) => void]>([
    ['a later version', json => { json.format = 'holdfast-receipt/2' }], ['a part nobody knows', json => { Object.assign(json, { more: 1 }) }], ['no network', json => { Object.assign(json, { network: undefined }) }], ['a network of 7 bytes', json => { json.network = '01'.repeat(7) }],
    ['an entry that is no hex', json => { json.entry = 'x' }], ['an index below 0', json => { json.index = -1 }], ['an index that is text', json => { Object.assign(json, { index: '1' }) }], ['a chain that is none', json => { json.chain = 'ab' }],
    ['no headers', json => { Object.assign(json, { headers: undefined }) }], ['too many headers', json => { json.headers = Array.from({ length: 2017 }, () => json.proof) }], ['a proof that is a list', json => { Object.assign(json, { proof: [] }) }],
    ['a proof without nodes', json => { Object.assign(json.proof, { nodes: undefined }) }], ['four keys', json => { json.proof.keys = ['a', 'b', 'c', 'd'] }], ['a key that is a number', json => { Object.assign(json.proof, { keys: [1] }) }],
    ['a Directory Block and a branch alone', json => { Object.assign(json, { entryBlock: null }) }], ['an Entry Block and a branch alone', json => { Object.assign(json, { directoryBlock: null }) }], ['a branch alone', json => { Object.assign(json, { entryBlock: null, directoryBlock: null }) }],
    ['an Entry Block without a branch', json => { Object.assign(json, { branch: undefined }) }], ['a branch of text', json => { Object.assign(json, { branch: 'x' }) }], ['a step that is no hash', json => { json.branch[0]!.left = 'ab' }],
  ])('%s is not of the format', async (_, change) => {
    expect((await changed(change))['format']).toBe(false)
  })

  test('what shows nothing is not written', async () => {
    const { roots: _, ...parts } = await receiptParts()
    expectUnsayable(() => writeReceipt({ ...parts, blocks: null, proof: null }), null)
    expectUnsayable(() => writeReceipt({ ...parts, index: 2 }), null)
    expectUnsayable(() => writeReceipt({ ...parts, entry: new Uint8Array(3) }), 'entry-short')
    expectUnsayable(() => writeReceipt({ ...parts, entry: encodeEntry({ chainId: chain, extIds: [], content: new Uint8Array(9) }) }), null) // not in the blocks
    for (const name of ['entryBlock', 'directoryBlock'] as const) expectUnsayable(() => writeReceipt({ ...parts, blocks: { ...parts.blocks!, [name]: new Uint8Array(9) } }), null)
    expectUnsayable(() => writeReceipt({ ...parts, blocks: { ...parts.blocks!, directoryBlock: encodeDirectoryBlock(makeDirectoryBlock(directoryBlock.header, directoryBlock.entries.slice(0, 3))) } }), null) // not named
  })

  test('roots are made as the ledger makes them', async () => {
    const { proof, roots } = await receiptParts()
    expect(rootAt(proof!)).toBe(roots[0])
  })
})

describe('a receipt of Factom', async () => {
  const { upstream } = JSON.parse(await readFile('tests/fixtures/factom.json', 'utf8')) as { readonly upstream: { readonly receipts: readonly FactomJson[] } }
  const real = upstream.receipts[0]!
  const hash = entryHash(chainEntries[1])
  const branch = branchOf(hash, encodeEntryBlock(entryBlock), encodeDirectoryBlock(directoryBlock))
  const own = (): { receipt: FactomJson } => ({ receipt: { entry: { entryhash: hash, raw: toHex(chainEntries[1]) }, merklebranch: structuredClone(branch) as Step[], entryblockkeymr: entryBlockKey, directoryblockkeymr: directoryBlockKey } })

  test('of Factom itself, and of a block like its', () => {
    expect(read(judgeFactomReceipt(real))).toMatchObject({ entryHash: real.entry.key, directoryBlock: real.directoryblockkeymr })
    expect(read(judgeFactomReceipt(own()))).toEqual({ entryHash: hash, chainId: chain, entryBlock: entryBlockKey, directoryBlock: directoryBlockKey })
    expect(read(judgeFactomReceipt({ jsonrpc: '2.0', id: 0, result: own() }))).toMatchObject({ chainId: chain })
    expect(claims(JSON.stringify(own()), directoryBlockKey)).toEqual({ format: true, 'entry-hash': true, 'chain-id': true, 'entry-block': true, 'directory-block': true, trust: true })
    expect(claims(JSON.stringify(real))).toMatchObject({ 'entry-hash': null, 'chain-id': null, 'directory-block': true, trust: null })
  })

  test('an entry that is another, which Factom\'s own check takes', () => {
    expect(faultOf(judgeFactomReceipt({ ...real, entry: { key: 'ff'.repeat(32) } }))).toBe('receipt-step')
    const other = own()
    other.receipt.entry.raw = toHex(chainEntries[2])
    expect(faultOf(judgeFactomReceipt(other))).toBe('receipt-entry')
  })

  test('a Directory Block that names one chain alone', () => {
    const lone = makeDirectoryBlock(directoryBlock.header, [{ chainId: chain, keyMR: entryBlockKey }])
    const lonely = { ...own().receipt, merklebranch: branchOf(hash, encodeEntryBlock(entryBlock), encodeDirectoryBlock(lone)), directoryblockkeymr: keyMR(encodeDirectoryBlockHeader(lone.header), lone.header.bodyMR) }
    expect(read(judgeFactomReceipt({ receipt: lonely }))).toMatchObject({ chainId: chain })
  })

  test('its short form has only what is beside the way', () => {
    const short = own()
    let at = hash
    short.receipt.merklebranch = branch.map(({ left, right, top }) => {
      const step = left === at ? { right } : { left }
      at = top!
      return step
    })
    expect(read(judgeFactomReceipt(short))).toMatchObject({ chainId: chain })
    short.receipt.merklebranch[1] = {}
    expect(faultOf(judgeFactomReceipt(short))).toBe('receipt-step')
  })

  test.each<readonly [string, (receipt: FactomJson) => void, string]>([
    ['a top that is not made', receipt => { receipt.merklebranch[2]!.top = '00'.repeat(32) }, 'receipt-step'], ['a step that is skipped', receipt => { receipt.merklebranch.splice(1, 1) }, 'receipt-step'],
    ['another Entry Block', receipt => { receipt.entryblockkeymr = '00'.repeat(32) }, 'receipt-entry-block'], ['another Directory Block', receipt => { receipt.directoryblockkeymr = '00'.repeat(32) }, 'receipt-directory-block'],
    ['a node of the body for the Entry Block', receipt => { receipt.entryblockkeymr = receipt.merklebranch[0]!.top! }, 'receipt-directory-block'],
    ['the root of the body for the Entry Block', receipt => { receipt.entryblockkeymr = receipt.merklebranch[1]!.top! }, 'receipt-entry-block'],
    ['a node of the Directory Block for the Entry Block', receipt => { receipt.entryblockkeymr = receipt.merklebranch[4]!.top! }, 'receipt-directory-block'],
    ['the Entry Block alone', receipt => { receipt.merklebranch.splice(3); receipt.directoryblockkeymr = entryBlockKey }, 'receipt-directory-block'],
    ['no header of the Directory Block', receipt => { receipt.merklebranch.splice(4); receipt.directoryblockkeymr = receipt.merklebranch[3]!.top! }, 'receipt-directory-block'],
    ['no steps', receipt => { receipt.merklebranch = [] }, 'receipt-entry-block'], ['too many steps', receipt => { receipt.merklebranch = Array.from({ length: 68 }, () => receipt.merklebranch[0]!) }, 'receipt-format'],
    ['no branch', receipt => { Object.assign(receipt, { merklebranch: undefined }) }, 'receipt-format'], ['no KeyMR', receipt => { Object.assign(receipt, { entryblockkeymr: undefined }) }, 'receipt-format'], ['a hash that is none', receipt => { receipt.entry.entryhash = 'ab' }, 'receipt-format'],
    ['bytes that are no hex', receipt => { receipt.entry.raw = 'x' }, 'receipt-format'],
  ])('%s', (_, change, code) => {
    const json = own()
    change(json.receipt)
    expect(faultOf(judgeFactomReceipt(json))).toBe(code)
  })

  test.each([null, 1, 'text', [], {}, { receipt: null }, { receipt: { entry: [], merklebranch: {} } }])('%j is none', value => { expect(faultOf(judgeFactomReceipt(value))).toBe('receipt-format') })
})

test('dates', () => {
  for (const [seconds, text] of [[0, '1970-01-01 00:00'], [951_782_399, '2000-02-28 23:59'], [951_782_400, '2000-02-29 00:00'], [951_868_800, '2000-03-01 00:00'], [4_107_542_399, '2100-02-28 23:59'], [4_107_542_400, '2100-03-01 00:00'], [2 ** 32 - 1, '2106-02-07 06:28']] as const) expect(utcText(seconds)).toBe(text)
  for (let seconds = 0; seconds < 2 ** 32; seconds += 86_400 * 97 + 12_345) expect(utcText(seconds)).toBe(new Date(1000 * seconds).toISOString().slice(0, 16).replace('T', ' '))
})

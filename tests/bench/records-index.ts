import { equalBytes, sha256, toHex, utf8 } from '../../src/base/index.ts'
import { EntryIndex } from '../../src/peer/entry-index.ts'
import { searchEntries } from '../../src/peer/entry-search.ts'
import { chainIdOf, decodeEntry, decodeEntryBlock, encodeEntry, encodeEntryBlock, encodeEntryBlockHeader, entryHash, keyMR, makeEntryBlock, minuteMarker, type RecordEffects } from '../../src/records/index.ts'
import { memLedgerStore, type LedgerStore } from '../../src/store/index.ts'
import type { Bench, Row } from './types.ts'

const [entries, blockEntries, searches] = [10_000, 50, 20]
const chain = chainIdOf([utf8('bench')])
const payer = '11'.repeat(32)

interface Filed { readonly effects: readonly RecordEffects[], readonly blocks: ReadonlyMap<string, Uint8Array>, readonly bytes: ReadonlyMap<string, Uint8Array>, readonly head: string }

/** Entries of one chain with three ExtIDs each, in Entry Blocks as Factom makes them. */
function made(): Filed {
  const blocks = new Map<string, Uint8Array>()
  const bytes = new Map<string, Uint8Array>()
  const effects: RecordEffects[] = []
  let [head, full] = ['0'.repeat(64), '0'.repeat(64)]
  for (let at = 0; at < entries; at += blockEntries) {
    const placed = Array.from({ length: blockEntries }, (_, i) => {
      const index = at + i
      const entry = encodeEntry({ chainId: chain, extIds: [utf8(`entry ${index}`), utf8(`tag ${index % 100}`), sha256(utf8(String(index)))], content: new Uint8Array(300).fill(index) })
      const hash = entryHash(entry)
      bytes.set(hash, entry)
      return { record: i, hash, chain, index, copy: 0, credits: 1, payer, paid: '', bytes: entry }
    })
    const height = at / blockEntries
    const block = makeEntryBlock({ chainId: chain, prevKeyMR: head, prevFullHash: full, sequence: height, height }, [...placed.map(({ hash }) => hash), minuteMarker(1)])
    const encoded = encodeEntryBlock(block)
    head = keyMR(encodeEntryBlockHeader(block.header), block.header.bodyMR)
    full = toHex(sha256(encoded))
    blocks.set(head, encoded)
    effects.push({ commits: [], entries: placed, entryBlocks: [{ chain, sequence: height, keyMR: head, fullHash: full, bytes: encoded }], directoryBlock: { height, keyMR: head, fullHash: full, bytes: encoded } })
  }
  return { effects, blocks, bytes, head }
}

async function file(effects: readonly RecordEffects[], store: LedgerStore<object>): Promise<EntryIndex> {
  const index = await EntryIndex.open(store)
  for (const [i, each] of effects.entries()) await index.add(each, 1_800_000_000 + 60 * i, { id: `${i}`, root: `${i}`, parent: null, number: i + 1 }, 0)
  return index
}

/** From the chain's head back, as factom's `getAllEntriesOfChain` goes; each entry is looked into. */
function walk({ blocks, bytes, head }: Filed, value: Uint8Array): number {
  let found = 0
  for (let at: string | null = head; at !== null;) {
    const block = decodeEntryBlock(blocks.get(at)!)
    if (!block.ok) throw new Error(block.reason)
    for (const hash of block.value.items) {
      const raw = bytes.get(hash)
      const entry = raw === undefined ? null : decodeEntry(raw)
      if (entry?.ok === true && entry.value.extIds.some(extId => equalBytes(extId, value))) found++
    }
    at = blocks.has(block.value.header.prevKeyMR) ? block.value.header.prevKeyMR : null
  }
  return found
}

/** Filing entries, against keeping their bytes alone; and finding some by an ExtID, against a walk of the Entry Blocks of their chain. */
export async function indexRows(bench: Bench): Promise<readonly Row[]> {
  const all = made()
  const store = async (): Promise<LedgerStore<object>> => await memLedgerStore<object>({ states: 9, bodies: 9 })
  const timed = async (count: number, work: () => Promise<void>): Promise<number> => {
    const begin = performance.now()
    await work()
    return count / (performance.now() - begin) * 1000
  }
  const filing = async (): Promise<number> => {
    const lies = await store()
    return await timed(entries, async () => { await file(all.effects, lies) })
  }
  const keeping = async (): Promise<number> => {
    const lies = await store()
    return await timed(entries, async () => { for (const each of all.effects) await lies.records.write({ entries: new Map(each.entries.map(({ hash, bytes }) => [hash, bytes])) }) })
  }
  const index = await file(all.effects, await store())
  const wanted = Array.from({ length: searches }, (_, i) => utf8(`tag ${i * 5}`))
  const finding = async (): Promise<number> => await timed(searches, async () => {
    for (const value of wanted) {
      const { total } = await searchEntries(index, { extId: { value, how: 'exact', position: null }, chain, offset: 0, limit: 50 })
      if (total !== entries / 100) throw new Error(`${total} found`)
    }
  })
  const walking = async (): Promise<number> => await timed(searches, async () => {
    for (const value of wanted) if (walk(all, value) !== entries / 100) throw new Error('not all found')
    await Promise.resolve()
  })

  const rows: Row[] = []
  const row = async (what: string, against: string, goal: Row['goal'], ours: () => Promise<number>, peer: () => Promise<number>): Promise<void> => {
    await ours()
    await peer()
    const samples: [number, number][] = []
    for (let run = 0; run < (bench.runs ?? 5); run++) samples.push([await ours(), await peer()])
    bench.log(`  ${what}: ours ${samples.map(([rate]) => rate.toFixed(0)).join(' ')}, ${against} ${samples.map(([, rate]) => rate.toFixed(0)).join(' ')} per second`)
    rows.push({ what, against, unit: 'per second', goal, samples })
  }
  await row('entries filed, three ExtIDs each', 'their bytes alone kept', null, filing, keeping)
  await row('searches by ExtID among 10,000 entries of a chain', 'a walk of its Entry Blocks', { of: 'ratio', is: 'at least', value: 10 }, finding, walking)
  return rows
}

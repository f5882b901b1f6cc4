import { encodeCbor, fromBase64, toBase64, utf8 } from '../../src/base/index.ts'
import { Hamt } from '../../src/hamt/index.ts'
import type { NewBlock } from '../../src/store/index.ts'
import { ledgerVersion } from '../../src/store/ledger/idb-records.ts'
import { LedgerStore } from '../../src/store/ledger/ledger-store.ts'
import { memRecords } from '../../src/store/ledger/mem-records.ts'
import type { Records } from '../../src/store/ledger/records.ts'
import { cidOf } from './ledger-blocks.ts'
import { ChainWriter } from './ledger-chain.ts'

/** The tables of a ledger's database, with the keys of their rows. */
export interface GoldenLedger {
  readonly schema: number
  readonly tables: Readonly<Record<string, readonly (readonly [string | number, unknown])[]>>
}

export const goldenRange = { states: 5, bodies: 3, headers: 8 }
export const goldenBlocks: readonly string[] = Array.from({ length: 12 }, (_, i) => `golden ${i}`)
export const goldenMessage = utf8('a message somebody follows')
export const goldenEntry = { hash: 'ab'.repeat(32), bytes: utf8('an entry somebody recorded') }
export const goldenRows: readonly (readonly [string, unknown])[] = [['a/1', { hash: goldenEntry.hash, size: 26 }], ['b/1', true], ['b/2', utf8('a block')]]
export const goldenPeers = Array.from({ length: 30 }, (_, i) => ({ key: utf8(`peer/${i}`), value: encodeCbor({ tau: i }) }))

/**
 * The database of a ledger that grew, forked, and was pruned in part: what the store of this commit leaves of that. The version
 * of the schema stands for its tables and rows: where those change, so does the version, and the old one stays among the fixtures.
 */
export async function goldenLedger(): Promise<GoldenLedger> {
  const tables = new Map<string, Map<string | number, unknown>>()
  const store = await LedgerStore.open<{ safety: string, 'statement/a': { time: number } }>(noting(memRecords(), tables), goldenRange)
  const writer = new ChainWriter(store)
  let last: NewBlock | null = null
  for (const [i, name] of goldenBlocks.entries()) {
    if (i === 2 || i === 9) await writer.add(`side ${i}`, last, false)
    last = await writer.add(name, last)
  }
  for (let step = 0; step < 12; step++) await store.pruneStep()
  const trie = Hamt.empty(store.local.nodes)
  for (const changes of [goldenPeers, goldenPeers.slice(0, 3).map(({ key }) => ({ key, value: null }))]) {
    await trie.update(changes)
    await store.local.commit(trie.commit(store.local.nextPack))
  }
  await store.setValues({ 'safety': store.base!.root, 'statement/a': { time: 7 } })
  await store.keepObject(cidOf(goldenMessage), goldenMessage)
  await store.records.write({ entries: new Map([[goldenEntry.hash, goldenEntry.bytes]]), rows: new Map(goldenRows) })
  return { schema: ledgerVersion, tables: Object.fromEntries([...tables].map(([name, rows]) => [name, [...rows]])) }
}

/** `records`, with a copy of all that is written. */
function noting(records: Records, tables: Map<string, Map<string | number, unknown>>): Records {
  return {
    get: async (table, keys) => await records.get(table, keys),
    all: async table => await records.all(table),
    named: async prefix => await records.named(prefix),
    between: async (...range) => await records.between(...range),
    keysBetween: async (...range) => await records.keysBetween(...range),
    countBetween: async (...range) => await records.countBetween(...range),
    close: async () => { await records.close() },
    async write(edits, durability) {
      await records.write(edits, durability)
      for (const edit of edits) {
        const rows = tables.get(edit.table) ?? new Map<string | number, unknown>()
        tables.set(edit.table, rows)
        if (edit.do === 'put') rows.set(edit.key, edit.value)
        else if (edit.do === 'drop') rows.delete(edit.key)
        else for (const key of rows.keys()) if (edit.below === null || Number(key) < edit.below) rows.delete(key)
      }
    },
  }
}

/** As JSON: bytes as `{ "$bytes": base64 }`, large whole numbers as `{ "$bigint": decimal }`. */
export function goldenText(golden: GoldenLedger): string {
  return `${JSON.stringify(golden, (_key, value: unknown) => value instanceof Uint8Array ? { $bytes: toBase64(value) } : typeof value === 'bigint' ? { $bigint: String(value) } : value, 1)}\n`
}

export function parseGolden(text: string): GoldenLedger {
  return JSON.parse(text, (_key, value: unknown) => {
    const { $bytes, $bigint } = (value ?? {}) as { $bytes?: string, $bigint?: string }
    return $bytes !== undefined ? fromBase64($bytes) : $bigint !== undefined ? BigInt($bigint) : value
  }) as GoldenLedger
}

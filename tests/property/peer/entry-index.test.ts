import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { equalBytes, fromHex, toHex, utf8 } from '../../../src/base/index.ts'
import type { RecordQuery } from '../../../src/peer/record-api.ts'
import { formatAddress } from '../../../src/records/index.ts'
import { LedgerStore } from '../../../src/store/ledger/ledger-store.ts'
import type { ModelCopy, WantedEntry } from '../../support/record-chain.ts'
import { MortalRecords, RecordWorld, modelRange as range } from '../../support/record-world.ts'

/* Whatever happens, the index is what a scan of all that is filed finds, and what is filed is on the chain. */

const chains = ['aa', 'bb', 'cc'].map(each => each.repeat(32))
const payers = ['11', '22'].map(each => each.repeat(32))
const long = 'l'.repeat(64)
const values = ['a', 'ab', 'b', long, `${long}x`, `${long}xy`].map(utf8)

const entry: fc.Arbitrary<WantedEntry> = fc.record({
  chain: fc.constantFrom(...chains), payer: fc.constantFrom(...payers), content: fc.constantFrom('', '1', '2'),
  extIds: fc.oneof({ weight: 9, arbitrary: fc.array(fc.constantFrom(...values), { maxLength: 3 }) }, { weight: 1, arbitrary: fc.constant([...Array.from({ length: 65 }, () => utf8('many')), utf8('ab')]) }),
})
const block = fc.array(entry, { maxLength: 3 })

const acts = fc.array(fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('grow' as const), blocks: fc.array(block, { minLength: 1, maxLength: 5 }), asleep: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('fork' as const), back: fc.integer({ min: 1, max: 6 }), blocks: fc.array(block, { minLength: 1, maxLength: 8 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('away' as const), back: fc.nat({ max: 6 }), blocks: fc.integer({ min: 5, max: 30 }), what: block, forgets: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('kill' as const), at: fc.integer({ min: 0, max: 4 }), after: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pin' as const), chain: fc.constantFrom(...chains), on: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('write' as const), what: entry, on: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('metered' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), which: fc.nat(20) }) },
), { minLength: 5, maxLength: 30 })

test('the index is what a scan of all that is filed finds', { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(acts, fc.array(fc.tuple(fc.constantFrom(...values, utf8('l'), utf8('many'), utf8('ma')), fc.constantFrom('exact' as const, 'prefix' as const), fc.constantFrom(null, 0, 1, 65)), { minLength: 3, maxLength: 6 }), async (story, queries) => {
    const tables = new MortalRecords()
    const world = new RecordWorld(payers[0]!, async () => {
      tables.live()
      return await LedgerStore.open<object>(tables.records, { states: 9, bodies: 9 })
    })
    await world.start()
    for (const act of story) {
      if (act.do === 'grow') {
        for (const wanted of act.blocks) {
          world.head = world.chain.add(world.head, wanted)
          if (!act.asleep) await world.follow()
        }
      } else if (act.do === 'fork') {
        const from = world.below(Math.min(act.back, world.head.link.header.number - world.safe.link.header.number))
        let tip = from
        for (const wanted of act.blocks) tip = world.chain.add(tip, wanted)
        while (tip.link.header.number < world.head.link.header.number) tip = world.chain.add(tip, [])
        world.head = tip
      } else if (act.do === 'away') {
        world.head = world.below(Math.min(act.back, world.head.link.header.number - world.safe.link.header.number))
        for (let i = 0; i < act.back + act.blocks; i++) world.head = world.chain.add(world.head, i % 7 === 0 ? act.what : [])
        if (act.forgets) world.chain.forgotten = world.head.link.header.number - 2 * range
      } else if (act.do === 'kill') {
        tables.killAt(act.at, act.after)
        world.head = world.chain.add(world.head, [{ chain: chains[act.at % 3]!, extIds: [utf8('ab')], content: 'killed', payer: payers[1]! }])
        await world.follow()
        await world.library.pin(chains[1]!, act.after).catch(() => {})
        await world.again()
      } else if (act.do === 'pin') await world.library.pin(act.chain, act.on).catch(() => {})
      else if (act.do === 'write') {
        const tip = world.chain.add(world.head, [act.what]) // for its bytes: no head ever
        const [{ hash, bytes }] = tip.effects.entries as [typeof tip.effects.entries[number]]
        world.chain.blocks.delete(tip.link.root)
        if (act.on) await world.library.written(bytes)
        else await world.library.unwritten(hash)
        if (act.on) world.written.add(hash)
        else world.written.delete(hash)
      } else if (act.do === 'metered') world.mode = act.on ? 'headers' : 'full'
      else {
        const hash = [...world.chain.entries.keys()][act.which]
        if (hash !== undefined) world.lost.add(hash)
      }
      if (act.do !== 'grow' || !act.asleep) await world.follow()
    }
    world.later()
    world.mode = 'full'
    await world.follow()
    await check(world, queries)
    await world.again()
    await check(world, queries)
  }), { numRuns: 40 })
})

async function check(world: RecordWorld, queries: readonly (readonly [Uint8Array, 'exact' | 'prefix', number | null])[]): Promise<void> {
  const { library: { index }, head } = world
  const onChain = new Map(world.chain.copiesOf(head).map(copy => [`${copy.chain}/${copy.index}`, copy]))
  const filed = await filedCopies(world)
  // All that is filed is on the chain, as it is there.
  for (const { place, row } of filed) {
    const copy = onChain.get(`${place.chain}/${place.index}`)
    expect({ ...place, hash: row.hash }).toEqual({ chain: copy?.chain, index: copy?.index, number: copy?.number, time: place.time === 0 ? 0 : copy?.time, hash: copy?.hash })
    if (row.payer !== null) expect(row.payer).toBe(copy?.payer)
  }
  // All that must be is filed: of the mutable range, and of chains that are followed.
  const names = new Map(filed.map(copy => [`${copy.place.chain}/${copy.place.index}`, copy]))
  for (const [name, copy] of onChain) {
    if (copy.number > head.link.header.number - range) expect([name, names.get(name)?.row.payer === copy.payer || index.pins.has(copy.chain)]).toEqual([name, true])
    if (index.pins.has(copy.chain)) expect([name, names.has(name)]).toEqual([name, true])
  }
  // And nothing else that is older.
  for (const { place, row } of filed) {
    if (place.number <= head.link.header.number - range - 1) expect(index.pins.has(place.chain) || index.kept.has(row.hash) || row.payer === payers[0]).toBe(true)
  }
  expect(new Set(index.kept.keys())).toEqual(world.written)
  // Bytes are those of the copies whose rows say so, and of what the person wrote.
  const hashes = [...world.chain.entries.keys()]
  const bytes = new Map((await index.rows.entries(hashes)).map((each, i) => [hashes[i]!, each]))
  for (const hash of hashes) {
    const copies = filed.filter(({ row }) => row.hash === hash)
    const here = bytes.get(hash) ?? null
    if (here !== null) expect(toHex(here)).toBe(toHex(world.chain.entries.get(hash)!))
    expect([hash, here !== null]).toEqual([hash, world.written.has(hash) || copies.some(({ row }) => row.size !== null)])
    for (const { row } of copies) expect(row.size).toBe(here?.length ?? null)
    if (copies.some(({ row }) => row.payer !== null)) expect(here).not.toBeNull()
    else if (copies.length > 0 && !world.lost.has(hash)) expect([hash, here !== null]).toEqual([hash, true])
  }
  // Every search finds what a scan finds, and the whole index has no row more.
  const scan = (fits: (copy: ModelCopy, payer: string | null, time: number) => boolean): readonly string[] => filed.flatMap(({ place, row }) => {
    const copy = onChain.get(`${place.chain}/${place.index}`)!
    return fits(copy, row.payer, place.time) ? [copy] : []
  }).toSorted((a, b) => b.number - a.number || timeOf(filed, b) - timeOf(filed, a) || (a.chain < b.chain ? 1 : a.chain > b.chain ? -1 : b.index - a.index)).map(({ chain, index: at }) => `${chain}/${at}`)
  const search = async (query: Partial<RecordQuery>): Promise<readonly string[]> => {
    const found: string[] = []
    for (let offset = 0; ; offset += 7) {
      const { entries, total } = await world.library.search({ offset, limit: 7, ...query })
      found.push(...entries.map(({ chain, index: at }) => `${chain}/${at}`))
      if (offset + 7 >= total) return found
    }
  }
  expect(await search({})).toEqual(scan(() => true))
  for (const chain of chains) {
    expect(await search({ chain })).toEqual(scan(copy => copy.chain === chain))
    expect(await world.library.chain(chain).then(row => row?.here ?? 0)).toBe(filed.filter(({ place, row }) => place.chain === chain && row.size !== null).length)
  }
  for (const payer of payers) expect(await search({ payer: formatAddress('EC', fromHex(payer)!) })).toEqual(scan((_, paid) => paid === payer))
  const [from, to] = [1_000 + 60 * (head.link.header.number - 5), 1_000 + 60 * (head.link.header.number - 2)]
  expect(await search({ from, to })).toEqual(scan((_, __, time) => time >= from && time <= to))
  for (const [value, how, position] of queries) {
    const fits = ({ extIds, hash }: ModelCopy): boolean => (bytes.get(hash) ?? null) !== null && extIds.some((each, i) => (position === null || position === i) && (how === 'exact' ? equalBytes(each, value) : equalBytes(each.subarray(0, value.length), value)))
    expect(await search({ extId: { value, how, position } })).toEqual(scan(fits))
    expect(await search({ extId: { value, how, position }, chain: chains[0]!, payer: formatAddress('EC', fromHex(payers[1]!)!), from: 0 })).toEqual(scan((copy, paid, time) => fits(copy) && copy.chain === chains[0] && paid === payers[1] && time > 0))
  }
  const rows = await index.rows.keysBetween('', '~')
  const refs = rows.filter(key => /^(when|hash|payer|ext|many)\//.test(key))
  const filedRefs = new Set(filed.map(({ place: { number, time, chain, index: at } }) => `${hex(number, 8)}${hex(time, 10)}${chain}${hex(at, 8)}`))
  expect(refs.filter(key => !filedRefs.has(key.slice(-90)))).toEqual([])
  // Entry Blocks and Directory Blocks are those of the blocks in which something that a block told is filed.
  const told = filed.filter(({ row }) => row.payer !== null)
  const parts = new Set(told.map(({ place }) => `part/${hex(place.number, 8)}/${place.chain}`))
  expect(new Set(rows.filter(key => key.startsWith('part/')))).toEqual(parts)
  expect(new Set(rows.filter(key => key.startsWith('block/')))).toEqual(new Set(told.map(({ place }) => `block/${hex(place.number, 8)}`)))
}

type Filed = Awaited<ReturnType<typeof filedCopies>>

function timeOf(filed: Filed, { chain, index }: ModelCopy): number { return filed.find(({ place }) => place.chain === chain && place.index === index)!.place.time }

async function filedCopies({ library: { index } }: RecordWorld) {
  return (await Promise.all(chains.map(async chain => await index.range(chain, 0, 1_000_000)))).flat()
}

function hex(value: number, length: number): string { return value.toString(16).padStart(length, '0') }

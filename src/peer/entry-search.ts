import { HoldfastError, equalBytes, fromHex, limits, toHex } from '../base/index.ts'
import { parseAddress } from '../records/index.ts'
import { extIdsOf, type Copy } from './entry-filing.ts'
import type { EntryIndex } from './entry-index.ts'
import { copiesOf, extIdKey, manyPrefix, payerPrefix, placeOfCopy, placeOfRef, positionOfKey, refChars, refOf, whenPrefix, within } from './entry-keys.ts'
import type { RecordQuery } from './record-api.ts'

type ExtIdQuery = NonNullable<RecordQuery['extId']>

/** Copies that a query finds, the newest first: by block, and in one block by chain and index. A page of them, and how many there are. */
export async function searchEntries(index: EntryIndex, query: RecordQuery): Promise<{ readonly copies: readonly Copy[], readonly total: number }> {
  const { chain, extId, payer, from, to, offset, limit } = checked(query)
  const found = extId !== undefined ? await byExtId(index, extId) : await byPlace(index, query, payer)
  const alsoPaid = extId === undefined || payer === undefined ? null : new Set(await refsOf(index, payerPrefix(payer)))
  const refs: string[] = []
  for (const ref of found) {
    const place = placeOfRef(ref)
    if (chain !== undefined && place.chain !== chain || alsoPaid?.has(ref) === false) continue
    if ((from !== undefined || to !== undefined) && (place.time === 0 || place.time < (from ?? 0) || place.time > (to ?? Infinity))) continue
    refs.push(ref)
  }
  refs.sort((a, b) => a < b ? 1 : -1)
  return { copies: await index.copies(refs.slice(offset, offset + Math.min(limit, limits.recordsPage)).map(placeOfRef)), total: refs.length }
}

/** `payer`: as a key in hex. */
function checked({ payer, ...query }: RecordQuery): RecordQuery {
  const { offset, limit, extId, chain } = query
  if (![offset, limit, ...extId?.position === undefined || extId.position === null ? [] : [extId.position]].every(value => Number.isSafeInteger(value) && value >= 0)) throw new HoldfastError('bad-input', 'no such page or position')
  if (chain !== undefined && fromHex(chain)?.length !== 32) throw new HoldfastError('bad-input', 'not the name of a chain')
  if (payer === undefined) return query
  const address = parseAddress(payer)
  if (!address.ok || address.value.kind !== 'EC') throw new HoldfastError('bad-input', 'not an address of entry credits')
  return { ...query, payer: toHex(address.value.payload) }
}

async function refsOf(index: EntryIndex, prefix: string): Promise<readonly string[]> { return (await index.rows.keysBetween(...within(prefix))).map(key => key.slice(-refChars)) }

async function byPlace(index: EntryIndex, { chain }: RecordQuery, payer: string | undefined): Promise<readonly string[]> {
  if (payer !== undefined) return await refsOf(index, payerPrefix(payer))
  if (chain !== undefined) return (await index.rows.keysBetween(...within(copiesOf(chain)))).map(key => refOf(placeOfCopy(key)))
  return await refsOf(index, whenPrefix)
}

/** By as much of the ExtID as is in keys; where that is not all, those found are looked into. */
async function byExtId(index: EntryIndex, query: ExtIdQuery): Promise<Iterable<string>> {
  const { value, how, position } = query
  const key = extIdKey(value)
  const isLong = value.length > limits.extIdIndexed
  // A prefix stands before what goes on in the key, behind it, or nowhere; a whole value ends where the key ends.
  const keys = await index.rows.keysBetween(...within(how === 'prefix' ? key : `${key}/`))
  const certain = new Set<string>()
  const doubtful = new Set<string>()
  for (const each of keys) if (position === null || positionOfKey(each) === position) (isLong ? doubtful : certain).add(each.slice(-refChars))
  for (const ref of await refsOf(index, manyPrefix)) if (!certain.has(ref)) doubtful.add(ref)
  const refs = [...doubtful]
  for (let at = 0; at < refs.length; at += limits.recordsWritten) {
    const copies = await index.copies(refs.slice(at, at + limits.recordsWritten).map(placeOfRef))
    const entries = await index.rows.entries(copies.map(({ row }) => row.hash))
    for (const [i, { place }] of copies.entries()) if (has(extIdsOf(entries[i] ?? new Uint8Array()), query)) certain.add(refOf(place))
  }
  return certain
}

function has(extIds: readonly Uint8Array[], { value, how, position }: ExtIdQuery): boolean {
  const fits = (extId: Uint8Array | undefined): boolean => extId !== undefined && (how === 'exact' ? equalBytes(extId, value) : equalBytes(extId.subarray(0, value.length), value))
  return position === null ? extIds.some(fits) : fits(extIds[position])
}

import { fromHex } from '../../base/index.ts'
import { append, keys, type ChainRow, type OpenCommit } from '../../state/index.ts'
import { chainIdOf } from '../entry.ts'
import { chainIdHash, commitWeld } from '../hashes.ts'
import type { EntryItem } from '../judge-record.ts'
import { chainCredits, entryCredits } from '../prices.ts'
import { findCommit, holderOf, useCommit, type FoundCommit } from './commits.ts'
import type { PlacedEntry } from './effects.ts'
import type { RecordContext } from './frame.ts'
import { refuse, type RecordRefusal } from './verdict.ts'

/** A chain that gets entries in this block: how it was before, and what came. */
export interface TouchedChain { readonly before: ChainRow | null, readonly entries: string[] }

export type TouchedChains = Map<string, TouchedChain>

/** What pays for an entry, or the rule it breaks. Writes nothing. */
export async function judgeEntry(item: EntryItem, touched: TouchedChains, context: RecordContext): Promise<{ readonly ok: true, readonly value: FoundCommit } | RecordRefusal> {
  const { hash, bytes, entry: { chainId, extIds } } = item
  const cost = entryCredits(bytes.length)
  if (touched.has(chainId) || await context.state.get(keys.chain(chainId)) !== null) return await findCommit({ of: hash, entry: hash, cost, fault: () => null }, context)
  if (chainIdOf(extIds) !== chainId) return refuse('chain-unknown', 'no such chain, and its ExtIDs do not name it')
  const id = fromHex(chainId)!
  const of = chainIdHash(id)
  const [weld, holder] = [commitWeld(fromHex(hash)!, id), await holderOf(of, context)]
  return await findCommit({ of, entry: hash, cost: chainCredits + cost, fault: commit => firstFault(commit, weld, holder) }, context)
}

function firstFault({ key, first }: OpenCommit, weld: string, holder: string | null): RecordRefusal | null {
  if (first?.weld !== weld) return refuse('chain-weld', 'the weld of its commit is of another entry or chain')
  return holder === null || holder === key ? null : refuse('chain-reserved', 'another key has committed to this chain since')
}

/** Puts an entry that was judged behind the others of its chain. */
export async function placeEntry({ hash, bytes, entry: { chainId: chain } }: EntryItem, found: FoundCommit, record: number, touched: TouchedChains, context: RecordContext): Promise<PlacedEntry> {
  const { state, frame: { number } } = context
  await useCommit(found, context)
  const { before, entries } = touched.get(chain) ?? { before: await state.get(keys.chain(chain)), entries: [] }
  const index = (before?.count ?? 0) + entries.length
  touched.set(chain, { before, entries: [...entries, hash] })
  if (index === 0) await beginChain(chain, found.of, context)
  state.put(keys.chainEntry(chain, index), hash)

  const copy = (await state.get(keys.entry(hash)))?.count ?? 0
  state.set(keys.entry(hash), { count: copy + 1 })
  state.put(keys.entryCopy(hash, copy), { chain, block: number, index })
  return { record, hash, chain, index, copy, credits: found.credits, payer: found.commit.key, paid: found.commit.paid, bytes }
}

/** Nobody can commit to it any more. */
async function beginChain(chain: string, chainHash: string, { state }: RecordContext): Promise<void> {
  await append(state, keys.chains, chain)
  state.put(keys.chainOf(chainHash), chain)
  await state.get(keys.reserved(chainHash))
  state.set(keys.reserved(chainHash), null)
}

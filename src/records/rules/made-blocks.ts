import { keys } from '../../state/index.ts'
import { encodeDirectoryBlock, encodeDirectoryBlockHeader, makeDirectoryBlock, systemChains } from '../directory-block.ts'
import { encodeEntryBlock, encodeEntryBlockHeader, keyMR, makeEntryBlock, minuteMarker } from '../entry-block.ts'
import { fullHash } from '../hashes.ts'
import type { MadeDirectoryBlock, MadeEntryBlock } from './effects.ts'
import type { TouchedChain, TouchedChains } from './entries.ts'
import type { RecordContext, RecordFrame } from './frame.ts'

const noHash = '0'.repeat(64)
/** Entry Blocks count ten minutes; a block of ours that took longer stands in the last. */
const lastMinute = 10

/** The minute marker behind the entries of a block. */
function markerOf({ time, parentTime }: RecordFrame): string { return minuteMarker(Math.min(lastMinute, 1 + Math.floor((time - parentTime) / 60))) }

/** Makes an Entry Block of each chain that got entries, and a Directory Block of them all; null where there are none. Writes their rows. */
export async function makeBlocks(touched: TouchedChains, context: RecordContext): Promise<{ readonly entryBlocks: readonly MadeEntryBlock[], readonly directoryBlock: MadeDirectoryBlock | null }> {
  if (touched.size === 0) return { entryBlocks: [], directoryBlock: null }
  const { state, frame: { number, time, network } } = context
  const last = await state.get(keys.directory)
  const height = last === null ? 0 : last.height + 1
  const entryBlocks: MadeEntryBlock[] = []
  for (const [chain, each] of [...touched].sort(([a], [b]) => a < b ? -1 : 1)) entryBlocks.push(await entryBlock(chain, each, height, context))

  const named = [...Object.values(systemChains).map(chainId => ({ chainId, keyMR: noHash })), ...entryBlocks.map(block => ({ chainId: block.chain, keyMR: block.keyMR }))]
  const block = makeDirectoryBlock({ networkId: network.slice(0, 8), prevKeyMR: last?.keyMR ?? noHash, prevFullHash: last?.fullHash ?? noHash, minutes: Math.floor(time / 60), height }, named)
  const bytes = encodeDirectoryBlock(block)
  const directoryBlock = { height, keyMR: keyMR(encodeDirectoryBlockHeader(block.header), block.header.bodyMR), fullHash: fullHash(bytes), bytes }
  state.set(keys.directory, { height, keyMR: directoryBlock.keyMR, fullHash: directoryBlock.fullHash, block: number })
  return { entryBlocks, directoryBlock }
}

async function entryBlock(chain: string, { before, entries }: TouchedChain, height: number, { state, frame }: RecordContext): Promise<MadeEntryBlock> {
  const sequence = before === null ? 0 : before.sequence + 1
  const block = makeEntryBlock({ chainId: chain, prevKeyMR: before?.keyMR ?? noHash, prevFullHash: before?.fullHash ?? noHash, sequence, height }, [...entries, markerOf(frame)])
  const bytes = encodeEntryBlock(block)
  const made = { chain, sequence, keyMR: keyMR(encodeEntryBlockHeader(block.header), block.header.bodyMR), fullHash: fullHash(bytes), bytes }
  await state.get(keys.chain(chain))
  state.set(keys.chain(chain), {
    first: before?.first ?? entries[0]!, head: entries.at(-1)!, count: (before?.count ?? 0) + entries.length, block: frame.number, sequence, keyMR: made.keyMR, fullHash: made.fullHash,
  })
  return made
}

import { compared, holds, open, type RecordFinding } from './finding.ts'
import type { EntryBlockPart, EntryPart, RawItem } from './raw-item.ts'

/** What the parts of an export say of each other: entries and their Entry Blocks, those and the ones before them, Directory Blocks and what they name, commits and what they pay for. */
export function linkFindings(items: readonly RawItem[]): readonly RecordFinding[] {
  const blocks = items.filter(item => item.kind === 'entry block')
  const entries = items.filter(item => item.kind === 'entry')
  return [...entries.flatMap(item => listed(item, blocks)), ...blocks.flatMap(item => goesOn(item, blocks)), ...items.flatMap(item => named(item, blocks)), ...items.flatMap(item => committed(item, entries))]
}

/** Whether a block of its chain that is here has the entry; where none has it, it may be in one that is not. */
function listed({ entry, names }: EntryPart, blocks: readonly EntryBlockPart[]): readonly RecordFinding[] {
  const own = blocks.filter(({ block }) => block.header.chainId === entry.chainId)
  const found = own.find(({ block }) => block.items.includes(names.entryhash))
  if (own.length === 0) return []
  return [found === undefined ? open('entry-block', `No Entry Block of its chain that is here has entry ${names.entryhash}.`) : holds('entry-block', `Entry ${names.entryhash} is in Entry Block ${found.names.keymr}.`)]
}

function goesOn({ block: { header } }: EntryBlockPart, blocks: readonly EntryBlockPart[]): readonly RecordFinding[] {
  const before = blocks.find(({ block }) => block.header.chainId === header.chainId && block.header.sequence === header.sequence - 1)
  if (before === undefined) return []
  const what = `before Entry Block ${header.sequence} of chain ${header.chainId}`
  return [compared('entry-block', `KeyMR of the block ${what}`, header.prevKeyMR, before.names.keymr), compared('entry-block', `Full Hash of the block ${what}`, header.prevFullHash, before.names.fullhash)]
}

function named(item: RawItem, blocks: readonly EntryBlockPart[]): readonly RecordFinding[] {
  if (item.kind !== 'directory block') return []
  return item.block.entries.flatMap(({ chainId, keyMR }) => {
    const own = blocks.find(({ block: { header } }) => header.chainId === chainId && header.height === item.block.header.height)
    return own === undefined ? [] : [compared('directory-block', `KeyMR of chain ${chainId} in Directory Block ${item.block.header.height}`, keyMR, own.names.keymr)]
  })
}

function committed(item: RawItem, entries: readonly EntryPart[]): readonly RecordFinding[] {
  if (item.kind !== 'commit' || entries.length === 0) return []
  return [entries.some(({ names }) => names.entryhash === item.committed) ? holds('entry-hash', `The commit is for entry ${item.committed!}, which is here.`) : open('entry-hash', `The commit is for entry ${item.committed!}, which is not here.`)]
}

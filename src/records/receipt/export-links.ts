import { compared, holds, open, type RecordFinding } from './finding.ts'
import { say } from './sayings.ts'
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
  return [found === undefined ? open('entry-block', say('not-listed', names.entryhash)) : holds('entry-block', say('listed', names.entryhash, found.names.keymr))]
}

function goesOn({ block: { header } }: EntryBlockPart, blocks: readonly EntryBlockPart[]): readonly RecordFinding[] {
  const before = blocks.find(({ block }) => block.header.chainId === header.chainId && block.header.sequence === header.sequence - 1)
  if (before === undefined) return []
  const { sequence, chainId, prevKeyMR, prevFullHash } = header
  const { keymr, fullhash } = before.names
  return [
    compared('entry-block', prevKeyMR, keymr, say('before-keymr', sequence, chainId, keymr), say('before-keymr-not', sequence, chainId, keymr, prevKeyMR)),
    compared('entry-block', prevFullHash, fullhash, say('before-hash', sequence, chainId, fullhash), say('before-hash-not', sequence, chainId, fullhash, prevFullHash)),
  ]
}

function named(item: RawItem, blocks: readonly EntryBlockPart[]): readonly RecordFinding[] {
  if (item.kind !== 'directory block') return []
  return item.block.entries.flatMap(({ chainId, keyMR }) => {
    const own = blocks.find(({ block: { header } }) => header.chainId === chainId && header.height === item.block.header.height)
    if (own === undefined) return []
    const [{ height }, { keymr }] = [item.block.header, own.names]
    return [compared('directory-block', keyMR, keymr, say('named-keymr', chainId, height, keymr), say('named-keymr-not', chainId, height, keymr, keyMR))]
  })
}

function committed(item: RawItem, entries: readonly EntryPart[]): readonly RecordFinding[] {
  if (item.kind !== 'commit' || entries.length === 0) return []
  return [entries.some(({ names }) => names.entryhash === item.committed) ? holds('entry-hash', say('committed', item.committed!)) : open('entry-hash', say('committed-away', item.committed!))]
}

import { limits } from '../../base/index.ts'
import { ancestor, type Ledger } from '../../ledger/index.ts'
import type { EntryShelf } from '../../net/index.ts'
import { entryHash } from '../../records/index.ts'
import { keys } from '../../state/index.ts'

/**
 * Entries of the blocks that lie here, so that one whose author sleeps can be read all the same: the state says which block has the newest copy, and it is read out of that block's body. They are here no longer
 * than those bodies are; who follows a chain keeps them.
 */
export class BlockEntries implements EntryShelf {
  constructor(private readonly ledger: Pick<Ledger, 'head' | 'chain' | 'read' | 'bodyOf'>) {}

  async read(hashes: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    const { ledger, ledger: { head, chain } } = this
    const blocks = new Set<number>()
    for (const hash of hashes) {
      const count = (await ledger.read(keys.entry(hash), head.root))?.count ?? 0
      const copy = count === 0 ? null : await ledger.read(keys.entryCopy(hash, count - 1), head.root)
      if (copy !== null) blocks.add(copy.block)
    }
    const found = new Map<string, Uint8Array>()
    for (const number of [...blocks].slice(0, limits.anchorEntryBlocks)) {
      const link = ancestor(chain, head, number)
      const body = link === null ? null : await ledger.bodyOf(link)
      for (const bytes of body?.records ?? []) if (bytes[0] === 0) found.set(entryHash(bytes), bytes)
    }
    return hashes.map(hash => found.get(hash) ?? null)
  }
}

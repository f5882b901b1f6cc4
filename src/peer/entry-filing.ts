import { decodeEntry } from '../records/index.ts'
import type { RecordRows } from '../store/index.ts'
import { blockKey, blockPrefix, copiesWith, copyKey, entryBlockKey, entryBlockPrefix, findingKeys, within, type CopyPlace, type CopyRow } from './entry-keys.ts'
import type { EntryHash } from './record-api.ts'

/** A copy of an entry that is known here. */
export interface Copy { readonly place: CopyPlace, readonly row: CopyRow }

/** Changes that become one write: of each copy its own row and all that find it, of each entry its bytes. Null: goes. */
export class EntryFiling {
  readonly rows = new Map<string, unknown>()
  readonly entries = new Map<EntryHash, Uint8Array | null>()

  constructor(private readonly kept: RecordRows) {}

  /** A copy, or more of one that is there. Bytes are null where they are not here. */
  add({ place, row }: Copy, bytes: Uint8Array | null): void {
    this.rows.set(copyKey(place), { ...row, size: bytes?.length ?? null } satisfies CopyRow)
    for (const key of findingKeys(place, row, bytes === null ? null : extIdsOf(bytes))) this.rows.set(key, true)
  }

  /** Copies that are filed, and the bytes of those entries of which none is left, unless they are to stay. */
  async drop(copies: readonly Copy[], staysHere: (hash: EntryHash) => boolean): Promise<void> {
    const hashes = [...new Set(copies.map(({ row }) => row.hash))]
    const bytes = new Map((await this.kept.entries(hashes)).map((each, i) => [hashes[i]!, each]))
    for (const { place, row } of copies) {
      this.rows.set(copyKey(place), null)
      const entry = bytes.get(row.hash) ?? null
      for (const key of findingKeys(place, row, row.size === null || entry === null ? null : extIdsOf(entry))) this.rows.set(key, null)
    }
    for (const hash of hashes) {
      if (staysHere(hash)) continue
      const left = await this.kept.keysBetween(...within(copiesWith(hash)))
      if (left.every(key => this.rows.get(key) === null)) this.entries.set(hash, null)
    }
  }

  /** Entry Blocks and Directory Blocks of blocks from one number up to another, but for those under keys that stay. */
  async dropBlocks(from: number, to: number, stays: (key: string) => boolean): Promise<void> {
    const keys = await Promise.all([
      this.kept.keysBetween(blockKey(from), to === Infinity ? within(blockPrefix)[1] : blockKey(to + 1)),
      this.kept.keysBetween(entryBlockKey(from, ''), to === Infinity ? within(entryBlockPrefix)[1] : entryBlockKey(to + 1, '')),
    ])
    for (const key of keys.flat()) if (!stays(key)) this.rows.set(key, null)
  }
}

/** None where these are not the bytes of an entry, as of a damaged one. */
export function extIdsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const entry = decodeEntry(bytes)
  return entry.ok ? entry.value.extIds : []
}

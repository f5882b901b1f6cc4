import { HoldfastError, fromUtf8, limits, type Alarm, type Cid } from '../../base/index.ts'
import { uploadKey, type Duty, type UploadName } from '../../content/index.ts'
import { isOver, nameOfKey, namesAt, readRow, uploadsIn, type Ledger } from '../../ledger/index.ts'
import { keys, type UploadRow } from '../../state/index.ts'

/** An upload a volunteer may keep. */
export interface Offered extends Duty {
  /** Keepers who promised it. */
  readonly promised: number
  /** Number of the last block it counts in; 0 for one that was taken back. */
  readonly until: number
}

export interface KeptUploadsParts {
  readonly ledger: Pick<Ledger, 'head' | 'values' | 'changes'>
  readonly clock: Alarm
  readonly signal: AbortSignal
  /** Whether it may be of use here: of others nothing is remembered. */
  fits(row: UploadRow): boolean
}

/**
 * The uploads of the head's state that may be kept: all are read once, some at a time, and from then on what differs between one head's state and the next.
 */
export class KeptUploads {
  private readonly known = new Map<string, Offered>()
  private at: Cid | null = null

  constructor(private readonly parts: KeptUploadsParts) {}

  /** Those that count in the block after the head. */
  all(): readonly Offered[] {
    const next = this.parts.ledger.head.header.number + 1
    return [...this.known.values()].filter(({ until }) => until >= next)
  }

  /** Up to the head as it is now; false where the time for it was over. */
  async follow(): Promise<boolean> {
    const { ledger, signal } = this.parts
    const { root } = ledger.head
    if (this.at === root) return true
    if (this.at !== null) {
      try {
        await this.step(this.at, root)
        return !signal.aborted
      } catch (error) {
        if (HoldfastError.from(error).code !== 'not-found') throw error
      }
    }
    await this.walk(root)
    return !signal.aborted
  }

  /** Whether the state of this root has any of these uploads, and they are not over. `not-found` where it is not here. */
  async counts(names: readonly UploadName[], root: Cid, number: number): Promise<boolean> {
    const rows = await uploadsIn(async wanted => await this.parts.ledger.values(wanted, root), names)
    return rows.some(row => row !== null && !isOver(row, number + 1))
  }

  private async step(before: Cid, after: Cid): Promise<void> {
    const touched = new Map<string, UploadName>()
    for await (const { key } of this.parts.ledger.changes(before, after)) {
      const name = nameOfKey(fromUtf8(key) ?? '')
      if (name !== null) touched.set(uploadKey(name), name)
    }
    await this.read([...touched.values()], after)
    this.at = after
  }

  private async walk(root: Cid): Promise<void> {
    const { ledger, clock, signal } = this.parts
    const read = async (names: readonly string[]) => await ledger.values(names, root)
    const total = await readRow(read, keys.uploads.total) ?? 0
    const seen = new Set<string>()
    for (let end = total; end > 0; end -= limits.uploadsWalked) {
      const names = await namesAt(read, Math.max(0, end - limits.uploadsWalked), end)
      for (const name of names) seen.add(uploadKey(name))
      await this.read(names, root)
      await clock.sleep(0, signal)
      if (signal.aborted) return
    }
    for (const key of this.known.keys()) if (!seen.has(key)) this.known.delete(key)
    this.at = root
  }

  private async read(names: readonly UploadName[], root: Cid): Promise<void> {
    const { ledger, fits } = this.parts
    for (let at = 0; at < names.length; at += limits.uploadsWalked) {
      const some = names.slice(at, at + limits.uploadsWalked)
      for (const [i, row] of (await uploadsIn(async wanted => await ledger.values(wanted, root), some)).entries()) {
        const name = some[i]!
        if (row === null || !fits(row)) this.known.delete(uploadKey(name))
        else this.known.set(uploadKey(name), offeredOf(name, row))
      }
    }
  }
}

function offeredOf({ cid, owner }: UploadName, { publication, kept, until, withdrawn }: UploadRow): Offered {
  const { kind, protected: locked, title, file, images, keyCommit } = publication
  return { cid, owner, kind, protected: locked, title, files: [file, ...images], keyCommit, waits: false, promised: kept.length, until: withdrawn ? 0 : until }
}

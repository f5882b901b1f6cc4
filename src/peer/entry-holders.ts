import { limits, type Clock } from '../base/index.ts'
import type { EntryHash } from './record-api.ts'
import type { EntrySource } from './record-reading.ts'

/** How many others have entries, as far as was heard lately. Nobody waits for the answer: once it is another, that is told. */
export class EntryHolders {
  readonly #heard = new Map<EntryHash, { holders: number | null, at: number }>()

  constructor(private readonly source: Pick<EntrySource, 'holders'>, private readonly clock: Clock, private readonly changed: () => void) {}

  /** What was heard last; those of whom nothing was heard lately are asked about. */
  of(hashes: readonly EntryHash[]): readonly (number | null)[] {
    const now = this.clock.now()
    const open = [...new Set(hashes.filter(hash => (this.#heard.get(hash)?.at ?? -Infinity) + limits.entryHoldersAgainMs <= now))]
    if (open.length > 0) void this.#ask(open, now)
    return hashes.map(hash => this.#heard.get(hash)?.holders ?? null)
  }

  async #ask(hashes: readonly EntryHash[], at: number): Promise<void> {
    for (const hash of hashes) this.#note(hash, this.#heard.get(hash)?.holders ?? null, at) // asked once
    const said = await this.source.holders(hashes)
    let moved = false
    for (const [i, hash] of hashes.entries()) {
      const holders = said[i] ?? null
      if (holders === null || holders === this.#heard.get(hash)?.holders) continue
      this.#note(hash, holders, at)
      moved = true
    }
    if (moved) this.changed()
  }

  #note(hash: EntryHash, holders: number | null, at: number): void {
    this.#heard.delete(hash)
    this.#heard.set(hash, { holders, at })
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= limits.entriesRemembered) return
      this.#heard.delete(oldest)
    }
  }
}

import type { RecordChanges, RecordStore } from './record-values.ts'

interface Batch { readonly changes: RecordChanges, readonly written: Promise<void> }

/** Writes what many ask for in one go: whatever comes while one write is under way goes into the next, in the order it came. */
export class GroupCommit {
  #waiting: Batch | null = null
  #last: Promise<void> = Promise.resolve()

  constructor(private readonly store: Pick<RecordStore, 'setValues'>) {}

  /** Resolves when these are on disk; fails, and none of its batch is kept, where they could not be written. */
  async write(changes: RecordChanges): Promise<void> {
    this.#waiting ??= this.#begin()
    Object.assign(this.#waiting.changes, changes)
    await this.#waiting.written
  }

  #begin(): Batch {
    const changes: RecordChanges = {}
    const before = this.#last
    const written = (async () => {
      await before
      this.#waiting = null
      await this.store.setValues(changes)
    })()
    this.#last = written.catch(() => {}) // whoever asked for it is told
    return { changes, written }
  }
}

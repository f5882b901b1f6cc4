import { HoldfastError, fromUtf8, limits, type Alarm, type Cid } from '../base/index.ts'
import type { Ledger } from '../ledger/index.ts'
import { keys } from '../state/index.ts'
import type { UploadName } from './upload-api.ts'
import { UploadIndex, refOf, type IndexedUpload } from './upload-index.ts'
import { indexedOf, nameOfKey, namesAt, readRow, uploadsIn } from './upload-state.ts'

export interface FollowParts {
  readonly ledger: Pick<Ledger, 'head' | 'values' | 'changes'>
  readonly clock: Alarm
  readonly signal: AbortSignal
  /** More of it is known. */
  changed(): void
}

/** What became of uploads from one state to another. `keys`: of the state, those that are not an upload's too. */
export interface UploadsMoved { readonly fresh: readonly UploadName[], readonly moved: readonly UploadName[], readonly gone: readonly UploadName[], readonly others: readonly string[] }

/**
 * Keeps an index of the uploads of the head's state: reads them all once, the newest first, a few at a time, and from then on what differs between one state
 * and the next, which is the same whatever the blocks between did: a publication, a withdrawal, a term that ended, another branch.
 */
export class UploadFollow {
  readonly index = new UploadIndex()
  /** The root whose state the index is of. */
  #at: Cid | null = null
  #total = 0

  constructor(private readonly parts: FollowParts) {}

  /** Uploads of that state, those that were not read yet too. */
  get total(): number { return this.#at === null ? this.#total : this.index.size }
  /** Whether all were read. */
  get isWhole(): boolean { return this.#at !== null }
  get at(): Cid | null { return this.#at }

  /** What was read by other ways may be of another state: all is read anew. */
  forget(): void { this.#at = null }

  /** Up to the head as it is now. Null where it was read anew, so that nobody knows what moved. */
  async follow(): Promise<UploadsMoved | null> {
    const { head } = this.parts.ledger
    if (this.#at === head.root) return nothing
    if (this.#at !== null) {
      try { return await this.#step(this.#at, head.root) } catch (error) {
        if (HoldfastError.from(error).code !== 'not-found') throw error
        this.#at = null // away for longer than states are kept
      }
    }
    await this.#walk(head.root)
    return null
  }

  async #step(before: Cid, after: Cid): Promise<UploadsMoved> {
    const names = new Map<string, UploadName>()
    const others: string[] = []
    for await (const { key } of this.parts.ledger.changes(before, after)) {
      const text = fromUtf8(key) ?? ''
      const name = nameOfKey(text)
      if (name !== null) names.set(refOf(name), name)
      else others.push(text)
    }
    const touched = [...names.values()]
    const [fresh, moved, gone]: [UploadName[], UploadName[], UploadName[]] = [[], [], []]
    for (const [i, upload] of (await this.#read(touched, after)).entries()) {
      const name = touched[i]!
      const known = this.index.get(name)
      if (upload !== null) {
        (known === null ? fresh : moved).push(name)
        this.index.set(upload)
      } else if (known !== null) {
        gone.push(name)
        this.index.drop(name)
      }
    }
    this.#at = after
    return { fresh, moved, gone, others }
  }

  async #walk(root: Cid): Promise<void> {
    const { ledger, clock, signal, changed } = this.parts
    const read = async (names: readonly string[]) => await ledger.values(names, root)
    this.#total = await readRow(read, keys.uploads.total) ?? 0
    const seen = new Set<string>()
    let told = -Infinity
    for (let end = this.#total; end > 0; end -= limits.uploadsWalked) {
      const names = await namesAt(read, Math.max(0, end - limits.uploadsWalked), end)
      for (const upload of await this.#read(names, root)) {
        if (upload === null) continue
        seen.add(refOf(upload))
        this.index.set(upload)
      }
      await clock.sleep(0, signal)
      if (signal.aborted) return
      if (clock.now() - told < limits.uploadsTellMs) continue
      told = clock.now()
      changed() // the newest are there first
    }
    for (const name of this.index.all()) if (!seen.has(refOf(name))) this.index.drop(name)
    this.#at = root
  }

  async #read(names: readonly UploadName[], root: Cid): Promise<readonly (IndexedUpload | null)[]> {
    const found: (IndexedUpload | null)[] = []
    for (let at = 0; at < names.length; at += limits.uploadsWalked) {
      const some = names.slice(at, at + limits.uploadsWalked)
      const rows = await uploadsIn(async wanted => await this.parts.ledger.values(wanted, root), some)
      found.push(...rows.map((row, i) => row === null ? null : indexedOf(some[i]!, row)))
    }
    return found
  }
}

const nothing: UploadsMoved = { fresh: [], moved: [], gone: [], others: [] }

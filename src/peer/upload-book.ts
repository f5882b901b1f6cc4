import { HoldfastError, limits, type Address, type Alarm } from '../base/index.ts'
import type { Ledger } from '../ledger/index.ts'
import { keys, type UploadRow } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { AccessDesk } from './upload-desk.ts'
import { checkName, valuesAtHead } from './upload-desk.ts'
import type { UploadName, UploadPage, UploadQuery, Upload } from './upload-api.ts'
import { UploadFollow, type UploadsMoved } from './upload-follow.ts'
import type { IndexedUpload } from './upload-index.ts'
import type { UploadNotes } from './upload-notes.ts'
import { isOver, shownUpload } from './upload-rows.ts'
import { indexedOf, namesAt, readRow, readRows, uploadsIn, type ReadValues } from './upload-state.ts'

export interface UploadBookParts {
  readonly ledger: Pick<Ledger, 'head' | 'values' | 'changes'>
  readonly sync: Pick<Sync, 'status' | 'read'>
  readonly clock: Alarm
  readonly notes: UploadNotes
  readonly access: AccessDesk
  readonly signal: AbortSignal
  me(): Address | null
  /** Whether the person wants to see nothing of a content, or of its owner. */
  isBlocked(name: UploadName): Promise<boolean>
  /** More of it is known. */
  changed(): void
}

/** Uploads of the ledger as pages ask for them: found in the index, shown as the head has them. On a metered line, where no states are kept up, the newest ones and what is asked by name, proved by others. */
export class UploadBook {
  readonly #follow: UploadFollow
  /** At which head the newest were read that way. */
  #provedAt: string | null = null

  constructor(private readonly parts: UploadBookParts) { this.#follow = new UploadFollow(parts) }

  get total(): number { return this.#follow.total }
  get isWhole(): boolean { return this.#follow.isWhole }
  titleOf(name: UploadName): string | null { return this.#follow.index.get(name)?.title ?? null }
  /** Number of the block the newest came in. */
  get newest(): number { return this.#follow.index.newest }

  offersTo(me: Address, isActive: (keeper: Address) => boolean): readonly IndexedUpload[] { return this.#follow.index.offersTo(me, isActive) }

  /** All that is known. */
  all(): readonly IndexedUpload[] { return this.#follow.index.all() }

  /** Up to the head's state; null where nobody knows what moved. */
  async follow(): Promise<UploadsMoved | null> {
    if (this.parts.sync.status.mode !== 'full') return null
    if (this.#provedAt !== null) this.#follow.forget()
    this.#provedAt = null
    return await this.#follow.follow()
  }

  async search(query: UploadQuery): Promise<UploadPage> {
    const { from, most } = query
    if (![from, most].every(value => Number.isSafeInteger(value) && value >= 0)) throw new HoldfastError('bad-input', 'no such page')
    const me = this.parts.me()
    const { sync: { status }, notes, isBlocked } = this.parts
    if (status.mode !== 'full') await this.#prove(query, me)
    // Own ones are shown whatever became of them, and whoever is asked for one by name is told how it stands.
    const hidden = (upload: IndexedUpload): boolean => upload.owner !== me && (isOver(upload, status.head.header.number) || notes.verdictOf(upload) !== null)
    const { uploads: found, total } = this.#follow.index.search({ ...query, most: Math.min(most, limits.uploadsPage) }, me, hidden)
    const shown: Upload[] = []
    const rows = await uploadsIn(this.#reader, found)
    for (const [i, row] of rows.entries()) {
      const { cid, owner } = found[i]!
      if (row !== null && (owner === me || !await isBlocked({ cid, owner }))) shown.push(await this.#shown({ cid, owner }, row))
    }
    return { uploads: shown, total }
  }

  async find({ cid, owner }: UploadName): Promise<Upload | null> {
    checkName({ cid, owner })
    const row = await readRow(this.#reader, keys.upload(cid, owner))
    return row === null ? null : await this.#shown({ cid, owner }, row)
  }

  async #shown(name: UploadName, row: UploadRow): Promise<Upload> {
    const { notes, access, sync: { status: { head, safe } } } = this.parts
    return shownUpload(name, row, { me: this.parts.me(), head, safe, verdict: notes.verdictOf(name), access: await access.accessOf(name, row) })
  }

  /** The newest, and what the query names, into the index. */
  async #prove({ text, own, owner }: UploadQuery, me: Address | null): Promise<void> {
    const { head } = this.parts.sync.status
    const read = this.#reader
    if (this.#provedAt !== head.id) {
      const total = await readRow(read, keys.uploads.total) ?? 0
      await this.#take(await namesAt(read, Math.max(0, total - limits.uploadsProved), total))
      this.#provedAt = head.id
    }
    const cid = text.trim().toLowerCase()
    if (/^[0-9a-f]{64}$/.test(cid)) {
      const of = await readRow(read, keys.uploadsOf(cid))
      if (of !== null) await this.#take([...new Set([of.first, ...owner === null ? [] : [owner], ...me === null ? [] : [me]])].map(each => ({ cid, owner: each })))
    }
    const whose = own ? me : owner
    if (whose === null) return
    const total = await readRow(read, keys.by(whose).total) ?? 0
    const from = Math.max(0, total - limits.uploadsProved)
    const cids = await readRows(read, Array.from({ length: total - from }, (_, i) => keys.by(whose).at(from + i)))
    await this.#take(cids.flatMap(each => each === null ? [] : [{ cid: each, owner: whose }]))
  }

  async #take(names: readonly UploadName[]): Promise<void> {
    const { index } = this.#follow
    for (const [i, row] of (await uploadsIn(this.#reader, names)).entries()) {
      if (row === null) index.drop(names[i]!)
      else index.set(indexedOf(names[i]!, row))
    }
  }

  get #reader(): ReadValues { return async names => await valuesAtHead(this.parts.sync, names) }
}

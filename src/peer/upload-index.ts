import type { Address } from '../base/index.ts'
import type { UploadKind } from '../content/index.ts'
import type { UploadName, UploadQuery } from './upload-api.ts'

/** What is known of an upload without asking the state again. */
export interface IndexedUpload extends UploadName {
  readonly kind: UploadKind
  readonly title: string
  readonly about: string
  readonly tags: readonly string[]
  /** Number of the block it came in. */
  readonly block: number
  /** Bytes of its file and pictures; whether it is locked; how many promised to keep it. */
  readonly bytes: number
  readonly protected: boolean
  readonly copies: number
  readonly withdrawn: boolean
  /** Number of the last block in which it counts. */
  readonly until: number
  /** Who may have its places: these, anybody, or (null) nobody. */
  readonly asks: readonly Address[] | 'anybody' | null
  /** Who has all of them; empty where one is free. A keeper who is not active any more has none. */
  readonly taken: readonly Address[]
}

interface Entry { upload: IndexedUpload, words: string }

export function refOf({ cid, owner }: UploadName): string { return `${cid}/${owner}` }

/** All uploads of one state, in memory, in the order they came. */
export class UploadIndex {
  readonly #entries = new Map<string, Entry>()
  /** By block, then by name. Null: to be sorted. */
  #sorted: Entry[] | null = []
  readonly #asking = new Map<string, IndexedUpload>()

  get size(): number { return this.#entries.size }

  all(): readonly IndexedUpload[] { return [...this.#entries.values()].map(({ upload }) => upload) }

  /** Number of the last block that brought one; 0 where there is none. */
  get newest(): number { return this.#order().at(-1)?.upload.block ?? 0 }

  get(name: UploadName): IndexedUpload | null { return this.#entries.get(refOf(name))?.upload ?? null }

  set(upload: IndexedUpload): void {
    const ref = refOf(upload)
    const known = this.#entries.get(ref)
    if (known !== undefined && known.upload.block !== upload.block) this.drop(upload)
    const entry = known?.upload.block === upload.block ? known : { upload, words: '' }
    entry.upload = upload
    entry.words = fold([upload.title, upload.about, ...upload.tags].join('\n'))
    if (upload.asks !== null && !upload.withdrawn) this.#asking.set(ref, upload)
    else this.#asking.delete(ref)
    if (this.#entries.get(ref) === entry) return
    this.#entries.set(ref, entry)
    const sorted = this.#sorted
    if (sorted === null) return
    if (sorted.length === 0 || byPlace(sorted.at(-1)!, entry) < 0) sorted.push(entry)
    else this.#sorted = null // once for all that come in between
  }

  drop(name: UploadName): void {
    const ref = refOf(name)
    this.#asking.delete(ref)
    const entry = this.#entries.get(ref)
    if (entry === undefined) return
    this.#entries.delete(ref)
    const sorted = this.#sorted
    if (sorted?.at(-1) === entry) sorted.pop()
    else this.#sorted = null
  }

  /** Newest first, a page of those that match and are not hidden, and how many there are. */
  search({ text, kind, owner, own, from, most }: UploadQuery, me: Address | null, hidden: (upload: IndexedUpload) => boolean): { readonly uploads: readonly IndexedUpload[], readonly total: number } {
    const words = text.trim().split(/\s+/u).filter(word => word !== '').map(word => ({ word, folded: fold(word) }))
    const uploads: IndexedUpload[] = []
    let total = 0
    const sorted = this.#order()
    for (let i = sorted.length - 1; i >= 0; i--) {
      const { upload, words: said } = sorted[i]!
      if (kind !== null && upload.kind !== kind || owner !== null && upload.owner !== owner || own && upload.owner !== me) continue
      if (!words.every(({ word, folded }) => said.includes(folded) || isNameOf(word, folded, upload)) || hidden(upload)) continue
      if (total >= from && uploads.length < most) uploads.push(upload)
      total++
    }
    return { uploads, total }
  }

  /** Whose keepers are wanted from this account, oldest first. */
  offersTo(me: Address, isActive: (keeper: Address) => boolean): readonly IndexedUpload[] {
    const open = [...this.#asking.values()].filter(({ asks, owner, taken }) => owner !== me && (asks === 'anybody' || asks?.includes(me) === true) && (taken.length === 0 || !taken.every(isActive)) && !taken.includes(me))
    return open.sort((a, b) => a.block - b.block)
  }

  #order(): readonly Entry[] { return this.#sorted ??= [...this.#entries.values()].sort(byPlace) }
}

function byPlace({ upload: a }: Entry, { upload: b }: Entry): number {
  return a.block - b.block || (a.cid < b.cid ? -1 : a.cid > b.cid ? 1 : a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : 0)
}

/** Whether a word is its content id, the beginning of one, or its owner's address. */
function isNameOf(word: string, folded: string, { cid, owner }: IndexedUpload): boolean {
  return folded.length >= leastDigits && cid.startsWith(folded) || word === owner
}

/** Of a content id: fewer stand in too many. */
const leastDigits = 8

/** Without case and accents, so that people find what they can type. */
function fold(text: string): string { return text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase() }

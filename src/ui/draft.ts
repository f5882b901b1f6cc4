import type { ShareOptions, SourceFile, UploadKind } from './types.ts'

/** What is about to be shared; kept by the shell, so that going elsewhere in the app loses nothing. */
export interface Draft {
  readonly files: readonly SourceFile[]
  /** As the person wrote it; null while the proposed one stands. */
  readonly title: string | null
  readonly options: ShareOptions
  /** Set where it is to be published rather than shared by link. */
  readonly publish?: PublishDraft
}

/** How it is to be published, as the person has written it so far; null where what is proposed stands. */
export interface PublishDraft {
  readonly kind: UploadKind | null
  readonly about: string
  /** Divided by commas. */
  readonly tags: string
  readonly covers: readonly File[]
  readonly policy: 'open' | 'public' | 'owner' | 'list' | 'pay' | null
  /** Addresses, one a line. */
  readonly list: string
  readonly price: string
  /** Percent for whoever gives out the key. */
  readonly share: string
  readonly holders: string
  readonly keeping: 'volunteers' | 'anybody' | 'named'
  readonly keepers: string
  readonly wanted: number
  /** Coins for each of them and period. */
  readonly each: string
  /** Periods; null for as many as are usual. */
  readonly until: number | null
}

export const publishDraft: PublishDraft = {
  kind: null, about: '', tags: '', covers: [], policy: null, list: '', price: '', share: '10', holders: '', keeping: 'volunteers', keepers: '', wanted: 3, each: '0', until: null,
}

/** A draft with more files; one that was chosen twice is in it once. `protect`: what a new draft begins with. */
export function addFiles(draft: Draft | null, more: readonly SourceFile[], protect = false): Draft {
  const before = draft?.files ?? []
  const same = (a: SourceFile, b: SourceFile): boolean =>
    a.path === b.path && a.file.size === b.file.size && a.file.lastModified === b.file.lastModified
  const byPath = new Map(before.map(one => [one.path, one]))
  const fresh = more.filter(one => {
    const old = byPath.get(one.path)
    return old === undefined || !same(old, one)
  })
  return { title: null, options: { protect, findable: false }, ...draft, files: [...before, ...fresh] }
}

export function withoutPaths(draft: Draft, paths: readonly string[]): Draft | null {
  const gone = new Set(paths)
  const files = draft.files.filter(({ path }) => !gone.has(path))
  return files.length === 0 ? null : { ...draft, files }
}

/** The draft changed; null puts it away. */
export class DraftEvent extends Event {
  static readonly type = 'holdfast-draft'
  constructor(readonly draft: Draft | null) {
    super(DraftEvent.type, { bubbles: true, composed: true })
  }
}

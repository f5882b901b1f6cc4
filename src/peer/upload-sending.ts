import { isCid, type Cid } from '../base/index.ts'
import type { Keep } from '../ledger/index.ts'
import type { Sync } from '../sync/index.ts'
import type { Wish } from './book-values.ts'
import type { Book } from './book.ts'
import type { UploadName, UploadSending } from './upload-api.ts'

/** What concerns uploads of all that is on its way. `titleOf`: of those the ledger has. */
export function sendingUploads({ book, sync }: { readonly book: Pick<Book, 'outbox'>, readonly sync: Pick<Sync, 'wasPulled'> }, known: { titleOf(name: UploadName): string | null }): readonly UploadSending[] {
  return book.outbox.list().flatMap(({ id, wish, what, sender, stage, problem }) => {
    const about = aboutOf(what, sender)
    if (about === null) return []
    const { op, name, title } = about
    return [{ id, wish, op, cid: name?.cid ?? null, title: title ?? (name === null ? null : known.titleOf(name)) ?? '', stage, pulled: stage === 'offered' && isCid(id) && sync.wasPulled(id), problem }]
  })
}

interface About { readonly op: UploadSending['op'], readonly name: UploadName | null, readonly title?: string }

function aboutOf(what: Wish, sender: string): About | null {
  if (what.op === 3) return { op: 3, name: { cid: what.body.file.cid, owner: sender }, title: what.body.title }
  if (what.op === 4) return { op: 4, name: { cid: what.body.cid, owner: sender } }
  if (what.op === 7) return what.body.box === null ? null : { op: 7, name: null }
  if (what.op === 5) return { op: 5, name: firstOf(uploadsOf(what.body)) }
  return what.op === 8 || what.op === 10 ? { op: what.op, name: { cid: what.body.cid, owner: what.body.owner } } : null
}

function uploadsOf(body: Keep): readonly (readonly [Cid, string])[] {
  if ('open' in body || 'close' in body) return []
  return 'accept' in body ? body.accept.uploads : 'claim' in body ? body.claim.uploads : body.release.uploads
}

function firstOf(uploads: readonly (readonly [Cid, string])[]): UploadName | null {
  const first = uploads[0]
  return first === undefined ? null : { cid: first[0], owner: first[1] }
}

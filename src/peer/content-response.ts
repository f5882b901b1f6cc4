import { HoldfastError, isCid, type Cid } from '../base/index.ts'
import { contentExtension, contentName, safeFileName, type Kind } from '../content/index.ts'
import { attachment, inert } from './attachment.ts'
import { matchesAny, readRange } from './byte-range.ts'
import { openHeld, type HeldFile, type HeldFrom } from './held-file.ts'
import { contentFolders } from './save-path.ts'
import { problemResponse } from './problem-response.ts'

type Folder = typeof contentFolders[Kind]
const folders = Object.values(contentFolders)

/** How much of an image is looked at before it may be shown: signature and header of a PNG. */
const headBytes = 33

/** What of the world `answerContent` needs. `safeImage`: whether the first bytes are those of a picture that may be decoded. */
export interface ContentFrom extends HeldFrom { safeImage(head: Uint8Array): boolean }

/** Whether the service worker answers this path, below the app's own, whatever is there. */
export function isContentPath(path: string): boolean {
  return path === 'content' || path.startsWith('content/')
}

/**
 * Answers `content/<archives|images|audio>/<cid>` for GET and HEAD with the bytes as they are stored, those of protected files too: of finished
 * files, or with `?fetch=1` of one that still comes, as it comes. Takes single ranges and conditions; the ETag is the content id, which
 * never changes. Nothing of it is opened on our origin: everything is an attachment but images, and those only where their header is that of
 * a picture.
 */
export async function answerContent(request: Pick<Request, 'method' | 'headers'>, path: string, fetching: boolean, from: ContentFrom): Promise<Response> {
  if (!['GET', 'HEAD'].includes(request.method)) return new Response('', { status: 405, headers: { allow: 'GET, HEAD' } })
  try {
    const wanted = readPath(path)
    const file = wanted === null ? null : await openHeld(wanted.cid, from)
    if (wanted === null || file === null || contentFolders[file.kind] !== wanted.folder) throw new HoldfastError('not-found', 'no such content')
    if (!file.whole && !fetching) throw new HoldfastError('not-found', 'it is still coming')
    return await answer(request, wanted.cid, file, from)
  } catch (error) { return problemResponse(error) }
}

async function answer({ method, headers: asked }: Pick<Request, 'method' | 'headers'>, cid: Cid, { kind, title, stored }: HeldFile, from: ContentFrom): Promise<Response> {
  const etag = `"${cid}"`
  const shown = kind === 'i' && stored.size >= headBytes && from.safeImage(await stored.read(0, headBytes))
  const headers: Record<string, string> = {
    ...shown ? inert : attachment(title === '' ? contentName(kind, cid) : safeFileName(title + contentExtension(kind))),
    'content-type': shown ? 'image/png' : 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    etag,
  }
  if (matchesAny(asked.get('if-none-match'), etag)) return new Response(null, { status: 304, headers })
  const condition = asked.get('if-range')
  const range = method === 'HEAD' || condition !== null && condition !== etag ? null : readRange(asked.get('range'), stored.size)
  if (range === 'unsatisfiable') return new Response('', { status: 416, headers: { ...headers, 'content-range': `bytes */${stored.size}` } })
  const { at, end } = range ?? { at: 0, end: stored.size }
  headers['content-length'] = String(end - at)
  if (range !== null) headers['content-range'] = `bytes ${at}-${end - 1}/${stored.size}`
  return new Response(method === 'HEAD' ? null : stored.stream(at, end), { status: range === null ? 200 : 206, headers })
}

function readPath(path: string): { readonly folder: Folder, readonly cid: Cid } | null {
  const [, name, cid] = /^content\/([a-z]+)\/([^/]+)$/.exec(path) ?? []
  const folder = folders.find(each => each === name)
  return folder !== undefined && isCid(cid) ? { folder, cid } : null
}

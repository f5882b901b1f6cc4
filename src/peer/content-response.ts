import { HoldfastError } from '../base/index.ts'
import { contentAnswer, pngHeadBytes, readContentPath } from '../content/index.ts'
import { openHeld, type HeldFrom } from './held-file.ts'
import { problemResponse } from './problem-response.ts'

/** What of the world `answerContent` needs. `safeImage`: whether the first bytes are those of a picture that may be decoded. */
export interface ContentFrom extends HeldFrom { safeImage(head: Uint8Array): boolean }

/**
 * Answers `content/<archives|images|audio>/<cid>` for GET and HEAD with the bytes as they are stored, those of protected files too: of finished
 * files, or with `?fetch=1` of one that still comes, as it comes. How: see `contentAnswer`.
 */
export async function answerContent(request: Pick<Request, 'method' | 'headers'>, path: string, fetching: boolean, from: ContentFrom): Promise<Response> {
  if (!['GET', 'HEAD'].includes(request.method)) return new Response('', { status: 405, headers: { allow: 'GET, HEAD' } })
  try {
    const wanted = readContentPath(path)
    const file = wanted === null ? null : await openHeld(wanted.cid, from)
    if (wanted === null || file === null || !wanted.kinds.includes(file.kind)) throw new HoldfastError('not-found', 'no such content')
    if (!file.whole && !fetching) throw new HoldfastError('not-found', 'it is still coming')
    const { kind, title, stored } = file
    const shown = kind === 'i' && stored.size >= pngHeadBytes && from.safeImage(await stored.read(0, pngHeadBytes))
    const { status, headers, body } = contentAnswer({ method: request.method, header: name => request.headers.get(name) }, { cid: wanted.cid, kind, title, shown, size: stored.size })
    return new Response(body === null ? (status === 416 ? '' : null) : stored.stream(body.at, body.end), { status, headers })
  } catch (error) { return problemResponse(error) }
}

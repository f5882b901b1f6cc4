import { HoldfastError, type Cid } from '../base/index.ts'
import { attachment, contentExtension, plainExtension, safeFileName } from '../content/index.ts'
import { memberStream } from '../media/index.ts'
import { openHeld, type HeldFrom } from './held-file.ts'
import { problemResponse } from './problem-response.ts'
import { readSavePath } from './save-path.ts'

/**
 * Answers `save/<cid>/<member>` from what this device holds: 200 with the bytes as an attachment, for HEAD without them. A member of an archive
 * that still comes is given once all of it can be read. Else the reason, see `problemResponse`.
 */
export async function answerSave(method: string, pathname: string, from: HeldFrom): Promise<Response> {
  try {
    const wanted = readSavePath(pathname)
    if (wanted === null) throw new HoldfastError('not-found', 'no such path')
    const { name, size, body } = await openSave(wanted.cid, wanted.member, from)
    return new Response(method === 'HEAD' ? null : body(), {
      headers: { ...attachment(name), 'content-type': 'application/octet-stream', 'content-length': String(size), 'cache-control': 'no-store' },
    })
  } catch (error) { return problemResponse(error) }
}

interface Save { readonly name: string, readonly size: number, readonly body: () => ReadableStream<Uint8Array<ArrayBuffer>> }

async function openSave(cid: Cid, index: number | null, from: HeldFrom): Promise<Save> {
  const file = await openHeld(cid, from)
  const member = index === null ? null : file.members?.[index]
  if (member === undefined) throw new HoldfastError('not-found', 'no such member')
  if (member === null ? !file.whole : member.offset + member.size > file.readable) throw new HoldfastError('not-found', 'it is still coming')
  if (!file.open && member === null) return { name: safeFileName(file.title + contentExtension(file.kind)), size: file.stored.size, body: () => file.stored.stream() }
  const plain = await file.plain()
  if (member !== null) return { name: safeFileName(member.path.slice(member.path.lastIndexOf('/') + 1)), size: member.size, body: () => memberStream(plain, member) }
  return { name: safeFileName(file.title + plainExtension(file.kind)), size: plain.size, body: () => plain.stream() }
}

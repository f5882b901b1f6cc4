import { HoldfastError, type Cid } from '../base/index.ts'
import { contentExtension, safeFileName } from '../content/index.ts'
import { memberStream } from '../media/index.ts'
import { openDatabase, openStoredFile } from '../store/index.ts'
import { readSavePath } from './save-path.ts'

/** Answers `save/<cid>/<member>` from the local store: 200 with the bytes as an attachment, 404 where there is no such thing. */
export async function answerSave(pathname: string): Promise<Response> {
  const wanted = readSavePath(pathname)
  if (wanted === null) return missing()
  try {
    const { name, size, body } = await openSave(wanted.cid, wanted.member)
    return new Response(body, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(size),
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, char => `%${char.charCodeAt(0).toString(16)}`)}`,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    if (HoldfastError.from(error).code === 'not-found') return missing()
    throw error
  }
}

async function openSave(cid: Cid, index: number | null): Promise<{ name: string, size: number, body: ReadableStream<Uint8Array> }> {
  const database = await openDatabase()
  try {
    const row = await database.get('content', cid)
    if (row?.status !== 'SEEDING') throw new HoldfastError('not-found', 'not held here')
    const file = await openStoredFile(row.path)
    if (index === null) return { name: safeFileName(row.title + contentExtension(row.kind)), size: file.size, body: file.stream() }
    const member = row.members?.[index]
    if (member === undefined) throw new HoldfastError('not-found', 'no such member')
    return { name: safeFileName(member.path.slice(member.path.lastIndexOf('/') + 1)), size: member.size, body: memberStream(file, member) }
  } finally { await database.close() }
}

function missing(): Response {
  return new Response('This file is no longer on this device.', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}

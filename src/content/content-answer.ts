import { isCid, type Cid } from '../base/index.ts'
import { attachment, inert } from './attachment.ts'
import { matchesAny, readRange, type ByteRange } from './byte-range.ts'
import { safeFileName } from './names.ts'
import { contentExtension, contentName } from './paths.ts'
import type { Kind } from './types.ts'

/*
 * `content/<archives|images|audio>/<cid>`: the same questions and answers in the service worker of a browser that holds a file and at a relay.
 */

const folders = { archives: ['z', 'p'], images: ['i'], audio: ['a'] } as const satisfies Record<string, readonly Kind[]>
type Folder = keyof typeof folders

/** What a path below the app asks for: the content, and as what it may lie there; null where it is no such path. */
export function readContentPath(path: string): { readonly cid: Cid, readonly kinds: readonly Kind[] } | null {
  const [, name = '', cid] = /^content\/([a-z]+)\/([^/]+)$/.exec(path) ?? []
  return Object.hasOwn(folders, name) && isCid(cid) ? { cid, kinds: folders[name as Folder] } : null
}

/** The same for the torrent of a file: its path with `.torrent` behind it. */
export function readTorrentPath(path: string): ReturnType<typeof readContentPath> {
  return path.endsWith('.torrent') ? readContentPath(path.slice(0, -'.torrent'.length)) : null
}

/** The path below the app of a file of this kind. */
export function contentPath(kind: Kind, cid: Cid): string {
  const [folder = ''] = Object.entries(folders).find(([, kinds]) => (kinds as readonly Kind[]).includes(kind)) ?? []
  return `content/${folder}/${cid}`
}

/** Whether a path is one of these, whatever is there. */
export function isContentPath(path: string): boolean {
  return path === 'content' || path.startsWith('content/')
}

export interface ContentQuestion { readonly method: string, header(name: string): string | null }

/** `shown`: it is an image whose first bytes are those of a picture that may be decoded. `title`: empty where it has none. */
export interface ContentAsked { readonly cid: Cid, readonly kind: Kind, readonly title: string, readonly size: number, readonly shown: boolean }

/** `body`: what of the file follows the headers; null for nothing. */
export interface ContentAnswer { readonly status: 200 | 206 | 304 | 416, readonly headers: Readonly<Record<string, string>>, readonly body: ByteRange | null }

/**
 * How a GET or HEAD of a file is answered. Takes single ranges and conditions; the ETag is the content id, which never changes. Nothing is opened on
 * the origin it comes from: everything is an attachment but pictures.
 */
export function contentAnswer({ method, header }: ContentQuestion, { cid, kind, title, size, shown }: ContentAsked): ContentAnswer {
  const etag = `"${cid}"`
  const headers: Record<string, string> = {
    ...shown ? inert : attachment(title === '' ? contentName(kind, cid) : safeFileName(title + contentExtension(kind))),
    'content-type': shown ? 'image/png' : 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    etag,
  }
  if (matchesAny(header('if-none-match'), etag)) return { status: 304, headers, body: null }
  const condition = header('if-range')
  const range = method === 'HEAD' || condition !== null && condition !== etag ? null : readRange(header('range'), size)
  if (range === 'unsatisfiable') return { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` }, body: null }
  const { at, end } = range ?? { at: 0, end: size }
  headers['content-length'] = String(end - at)
  if (range !== null) headers['content-range'] = `bytes ${at}-${end - 1}/${size}`
  return { status: range === null ? 200 : 206, headers, body: method === 'HEAD' ? null : { at, end } }
}

import type { Cid } from '../base/index.ts'
import type { Kind } from './types.ts'

const folders: Readonly<Record<Kind, string>> = { a: 'audio', i: 'images', z: 'archives', p: 'archives' }
const extensions: Readonly<Record<Kind, string>> = { a: '.flac.tdf', i: '.png', z: '.tgz', p: '.tgz.tdf' }

/** The bucket key of a stored file: a pure function of what it is, the same on every device and behind every driver. */
export function contentKey(kind: Kind, cid: Cid): string {
  return `${folders[kind]}/${cid.slice(0, 2)}/${cid.slice(2, 4)}/${contentName(kind, cid)}`
}

/** Whether such a file is a container that only its key opens. */
export function isProtectedKind(kind: Kind): boolean {
  return kind === 'a' || kind === 'p'
}

/** What is in a file once it is opened: the ending of its name. */
export function plainExtension(kind: Kind): string {
  return isProtectedKind(kind) ? extensions[kind].replace(/\.tdf$/, '') : extensions[kind]
}

/** The file's name in its bucket, its torrent and its swarm. */
export function contentName(kind: Kind, cid: Cid): string {
  return cid + extensions[kind]
}

export function contentExtension(kind: Kind): string {
  return extensions[kind]
}

/** What a file of this name is, when it is the content `cid`; null where no kind has that name. */
export function kindOfName(name: string, cid: Cid): Kind | null {
  return (Object.keys(extensions) as Kind[]).find(kind => name === contentName(kind, cid)) ?? null
}

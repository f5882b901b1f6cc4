import { isCid, type Cid } from '../base/index.ts'

/** Where the service worker answers with a member of a stored archive, or with null the archive itself, relative to the app. */
export function savePath(cid: Cid, member: number | null): string {
  return `save/${cid}/${member === null ? 'all' : String(member)}`
}

/** What a path of that form names, null for any other. */
export function readSavePath(pathname: string): { readonly cid: Cid, readonly member: number | null } | null {
  const [, cid, member] = /\/save\/([0-9a-f]{64})\/(all|\d{1,5})$/.exec(pathname) ?? []
  return isCid(cid) ? { cid, member: member === 'all' ? null : Number(member) } : null
}

/** Where the service worker answers with an export that is ready, relative to the app. */
export function exportPath(id: string, name: string): string {
  return `export/${id}/${encodeURIComponent(name)}`
}

/** What a path of that form names, null for any other. */
export function readExportPath(pathname: string): { readonly id: string, readonly name: string } | null {
  const [, id, name] = /\/export\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([^/]{1,1024})$/.exec(pathname) ?? []
  if (id === undefined || name === undefined) return null
  try { return { id, name: decodeURIComponent(name) } } catch { return null }
}

/** Said on a channel of an export once all of it was given out, or nobody wanted the rest. */
export function exportChannel(id: string): string {
  return `holdfast/export/${id}`
}

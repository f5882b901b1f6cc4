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

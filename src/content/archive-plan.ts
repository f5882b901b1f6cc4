import { compareBytes, limits, utf8, type ErrorCode } from '../base/index.ts'
import { ArchiveTree, type Refusal } from './archive-tree.ts'
import { cleanName } from './names.ts'
import { memberHeader, paddedSize, tarEndBytes } from './tar-header.ts'
import type { Member } from './types.ts'

export interface PlannedMember extends Member {
  /** Which of the files it is. */
  readonly source: number
}

export interface ArchivePlan {
  /** The file's name, the folder's where all lie in one, else "N files". */
  readonly title: string
  /** Of the files. */
  readonly bytes: number
  /** Of the tar they make, known before a byte is read. */
  readonly tarBytes: number
  /** In byte order of their paths; empty where the archive is refused. */
  readonly members: readonly PlannedMember[]
  readonly refusal: Refusal | null
}

/**
 * What an archive of `files` would be. Only files are members: a browser shows no empty folders, and a folder entry would make
 * the same files two archives. The order of `files` does not matter.
 */
export function planArchive(files: readonly { readonly path: string, readonly size: number }[]): ArchivePlan {
  const shared = { title: titleOf(files.map(({ path }) => path)), bytes: files.reduce((sum, { size }) => sum + size, 0) }
  const { members, refusal } = sortedMembers(files)
  if (refusal !== null) return { ...shared, tarBytes: 0, members: [], refusal }
  let tarBytes = 0
  const placed = members.map(({ path, size, source }) => {
    const offset = tarBytes + memberHeader({ path, size }).length
    tarBytes = offset + paddedSize(size)
    return { path, size, offset, source }
  })
  return { ...shared, tarBytes: tarBytes + tarEndBytes, members: placed, refusal: null }
}

function sortedMembers(files: readonly { readonly path: string, readonly size: number }[]): { readonly members: readonly Omit<PlannedMember, 'offset'>[], readonly refusal: Refusal | null } {
  const refuse = (refusal: Refusal) => ({ members: [], refusal })
  if (files.length === 0) return refuse({ code: 'archive-empty', reason: 'no files', paths: [] })
  if (files.length > limits.archiveEntries) return refuse({ code: 'archive-entries', reason: `more than ${limits.archiveEntries} files`, paths: [] })
  const tree = new ArchiveTree()
  const members: { readonly member: Omit<PlannedMember, 'offset'>, readonly key: Uint8Array }[] = []
  const faults: { readonly path: string, readonly code: ErrorCode, readonly reason: string }[] = []
  for (const [source, { path, size }] of files.entries()) {
    const judged = tree.addFile(path)
    if (judged.ok) members.push({ member: { path: judged.value, size, source }, key: utf8(judged.value) })
    else faults.push({ path, code: judged.code, reason: judged.reason })
  }
  const [first] = faults
  if (first !== undefined) return refuse({ code: first.code, reason: first.reason, paths: faults.filter(({ code }) => code === first.code).map(({ path }) => path) })
  return { members: members.sort((a, b) => compareBytes(a.key, b.key)).map(({ member }) => member), refusal: null }
}

function titleOf(paths: readonly string[]): string {
  const [top = '', ...rest] = new Set(paths.map(path => path.split('/')[0] ?? ''))
  return rest.length === 0 && (paths.length === 1 || paths.every(path => path.includes('/'))) ? cleanName(top.normalize('NFC')) : `${paths.length} files`
}

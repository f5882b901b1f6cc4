import { HoldfastError } from '../base/index.ts'
import type { ListObject } from './bucket.ts'
import { entriesOf } from './opfs.ts'
import { comparePaths } from './paths.ts'

/**
 * The files below `folder`, whose keys begin with `path`, in byte order of their keys. A folder sorts as its name with a slash,
 * which is how its keys sort among the files beside it (`a.txt` before `a/b`). Folders that hold no file are not there.
 */
export async function* walk(folder: FileSystemDirectoryHandle, path: string, prefix: string, fold: boolean): AsyncGenerator<ListObject> {
  const entries = (await entriesOf(folder))
    .map(entry => ({ key: `${path}${entry.name}${entry.kind === 'directory' ? '/' : ''}`, entry }))
    .filter(({ key, entry }) => key.startsWith(prefix) || (entry.kind === 'directory' && prefix.startsWith(key)))
    .sort((a, b) => comparePaths(a.key, b.key))
  for (const { key, entry } of entries) {
    if (entry.kind === 'file') {
      const size = await sizeOf(entry)
      if (size !== null) yield { key, size, isDir: false }
    } else if (!fold || prefix.startsWith(key)) yield* walk(entry, key, prefix, fold)
    else if (await holdsFile(entry)) yield { key, size: 0, isDir: true }
  }
}

/** Null for a file that was removed meanwhile. */
async function sizeOf(file: FileSystemFileHandle): Promise<number | null> {
  try {
    return (await file.getFile()).size
  } catch (error) {
    const failure = HoldfastError.from(error)
    if (failure.code === 'not-found') return null
    throw failure
  }
}

async function holdsFile(folder: FileSystemDirectoryHandle): Promise<boolean> {
  for (const entry of await entriesOf(folder)) if (entry.kind === 'file' || await holdsFile(entry)) return true
  return false
}

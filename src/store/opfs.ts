import { HoldfastError, limits } from '../base/index.ts'
import { copyInto, type SyncHandle } from './sync-handle.ts'

/**
 * The origin private file system (fs.spec.whatwg.org) behind both drivers: finding files by path and taking what the DOM
 * library of a page has no types for. A file with an open handle, anybody's, cannot be opened in another mode, moved or removed.
 */
interface OpfsFile {
  /** In dedicated workers only. Where modes are unknown every handle is exclusive. */
  createSyncAccessHandle?(options: { readonly mode: 'readwrite' | 'read-only' }): Promise<SyncHandle>
  /** Silently replaces a file of that name. */
  move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>
}

/** The OPFS of this origin; `unsupported` where there is none (no secure context, some private windows). */
export async function opfsRoot(): Promise<FileSystemDirectoryHandle> {
  const storage = globalThis.navigator?.storage as StorageManager | undefined
  if (storage?.getDirectory === undefined) throw new HoldfastError('unsupported', 'this context has no origin private file system')
  try {
    return await storage.getDirectory()
  } catch (error) {
    throw new HoldfastError('unsupported', 'the browser denies its origin private file system here', {}, { cause: error })
  }
}

/** Whether this is a dedicated worker, the only place with sync access handles. */
export function canOpenHandles(): boolean {
  const { FileSystemFileHandle: type } = globalThis as { FileSystemFileHandle?: { prototype: object } }
  return type !== undefined && 'createSyncAccessHandle' in type.prototype
}

/** The folder below `from`, made with those above it where it does not exist. */
export async function makeFolder(from: FileSystemDirectoryHandle, names: readonly string[]): Promise<FileSystemDirectoryHandle> {
  let folder = from
  for (const name of names) folder = await made(folder.getDirectoryHandle(name, { create: true }))
  return folder
}

/** The file below `from`, made with its folders where it does not exist. */
export async function makeFile(from: FileSystemDirectoryHandle, names: readonly string[]): Promise<FileSystemFileHandle> {
  const folder = await makeFolder(from, names.slice(0, -1))
  return await made(folder.getFileHandle(lastOf(names), { create: true }))
}

/** The folder below `from`, or null. */
export async function findFolder(from: FileSystemDirectoryHandle, names: readonly string[]): Promise<FileSystemDirectoryHandle | null> {
  let folder: FileSystemDirectoryHandle | null = from
  for (const name of names) if (folder !== null) folder = await found(folder.getDirectoryHandle(name))
  return folder
}

/** The file below `from`, or null; a folder is none. */
export async function findFile(from: FileSystemDirectoryHandle, names: readonly string[]): Promise<FileSystemFileHandle | null> {
  const folder = await findFolder(from, names.slice(0, -1))
  return folder === null ? null : await found(folder.getFileHandle(lastOf(names)))
}

/** Everything directly in `folder`, in no order; nothing where it was removed meanwhile. */
export async function entriesOf(folder: FileSystemDirectoryHandle): Promise<readonly (FileSystemDirectoryHandle | FileSystemFileHandle)[]> {
  const entries: (FileSystemDirectoryHandle | FileSystemFileHandle)[] = []
  try {
    for await (const entry of folder.values()) entries.push(entry)
  } catch (error) {
    if (!isNamed(error, 'NotFoundError')) throw failureOf(error)
  }
  return entries
}

/** Removes the file or folder below `from`; `not-found` where there is none, `storage-busy` where something of it is open. */
export async function removeEntry(from: FileSystemDirectoryHandle, names: readonly string[]): Promise<void> {
  const folder = await findFolder(from, names.slice(0, -1))
  if (folder === null) throw new HoldfastError('not-found', 'there is nothing to remove')
  await whenHandedOver(async () => { await folder.removeEntry(lastOf(names), { recursive: true }) })
}

/** The name in its own folder of what a path leads to. */
export function lastOf(names: readonly string[]): string {
  return names.at(-1) ?? ''
}

async function found<T>(handle: Promise<T>): Promise<T | null> {
  try {
    return await handle
  } catch (error) {
    if (isNamed(error, 'NotFoundError', 'TypeMismatchError')) return null
    throw failureOf(error)
  }
}

async function made<T>(handle: Promise<T>): Promise<T> {
  try {
    return await handle
  } catch (error) {
    if (isNamed(error, 'TypeMismatchError')) throw new HoldfastError('bad-input', 'a file is where a folder should be, or a folder where a file', {}, { cause: error })
    throw failureOf(error)
  }
}

function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name)
}

export async function openHandle(file: FileSystemFileHandle, mode: 'readwrite' | 'read-only'): Promise<SyncHandle> {
  const { createSyncAccessHandle } = file as OpfsFile
  if (createSyncAccessHandle === undefined) throw new HoldfastError('unsupported', 'files are opened in a dedicated worker only')
  try {
    return await createSyncAccessHandle.call(file, { mode })
  } catch (error) {
    throw lockFailure(error)
  }
}

/** WebKit says `InvalidStateError` where the standard and the others say `NoModificationAllowedError`. */
function lockFailure(error: unknown): HoldfastError {
  return isNamed(error, 'InvalidStateError') ? new HoldfastError('storage-busy', 'the file is open', {}, { cause: error }) : failureOf(error)
}

/** A failure of a file or folder. Of those of the person's disk the browser may take its permission back at any time. */
export function failureOf(error: unknown): HoldfastError {
  return isNamed(error, 'NotAllowedError') ? new HoldfastError('storage-permission', 'the browser has to be asked for the folder', {}, { cause: error }) : HoldfastError.from(error)
}

/**
 * Takes something that a tab or worker which is just dying may still hold: tries for `limits.handOverMs`, then `storage-busy`.
 * Whoever is alive and holds it for longer has a right to.
 */
export async function whenHandedOver<T>(take: () => Promise<T>): Promise<T> {
  const until = performance.now() + limits.handOverMs
  for (let pause = 4; ; pause = Math.min(2 * pause, 64)) {
    try {
      return await take()
    } catch (error) {
      const failure = lockFailure(error)
      if (failure.code !== 'storage-busy' || performance.now() >= until) throw failure
    }
    await new Promise(resolve => { setTimeout(resolve, pause) })
  }
}

/** Moves `file` to `folder` under `name` in place of what is there; `remove` takes away the old name where the browser can only copy. */
export async function moveFile(file: FileSystemFileHandle, folder: FileSystemDirectoryHandle, name: string, remove: () => Promise<void>): Promise<void> {
  const { move } = file as OpfsFile
  if (move !== undefined) return await whenHandedOver(async () => { await move.call(file, folder, name) })
  const target = await folder.getFileHandle(name, { create: true })
  const handle = await whenHandedOver(async () => await openHandle(target, 'readwrite'))
  try {
    await copyInto(handle, await file.getFile())
  } finally {
    handle.close()
  }
  await remove()
}

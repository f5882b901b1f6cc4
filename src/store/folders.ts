import { HoldfastError } from '../base/index.ts'
import { openDatabase } from './idb-database.ts'

/** Chromium's part of File System Access, which the DOM library does not know. */
interface PickedFolder extends FileSystemDirectoryHandle {
  queryPermission?(options: { readonly mode: 'readwrite' }): Promise<PermissionState>
  requestPermission?(options: { readonly mode: 'readwrite' }): Promise<PermissionState>
}

/** Remembers a folder the person picked, in place of one of that name. Names: 1 to 63 of a-z, 0-9 and -, as in the host of a URL. */
export async function rememberFolder(name: string, handle: FileSystemDirectoryHandle): Promise<void> {
  checkName(name)
  const database = await openDatabase()
  try { await database.put('folders', { name, handle }) } finally { await database.close() }
}

/** The folder of that name, ready to be read and written; `not-found`, `storage-permission`. */
export async function openFolder(name: string): Promise<FileSystemDirectoryHandle> {
  const handle = await recall(name)
  // A browser without the question has no folders but those that need none.
  const state = await handle.queryPermission?.({ mode: 'readwrite' }) ?? 'granted'
  if (state !== 'granted') throw new HoldfastError('storage-permission', 'the browser has to be asked for the folder', { name, state })
  return handle
}

/** Asks the browser, and it the person, for a remembered folder; only within a click. False where it was refused. */
export async function allowFolder(name: string): Promise<boolean> {
  const handle = await recall(name)
  return await handle.requestPermission?.({ mode: 'readwrite' }) !== 'denied' && await openFolder(name).then(() => true, () => false)
}

async function recall(name: string): Promise<PickedFolder> {
  checkName(name)
  const database = await openDatabase()
  try {
    const row = await database.get('folders', name)
    if (row === null) throw new HoldfastError('not-found', 'no folder of that name was picked', { name })
    return row.handle
  } finally { await database.close() }
}

function checkName(name: string): void {
  if (!/^[a-z0-9-]{1,63}$/.test(name)) throw new HoldfastError('bad-input', 'not a name of a folder', { name: name.slice(0, 100) })
}

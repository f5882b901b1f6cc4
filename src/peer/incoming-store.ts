import { HoldfastError, limits } from '../base/index.ts'

/*
 * Files that the system handed to the app while no page of it ran: in OPFS under `holdfast/incoming/<time>-<uuid>/<n>/<name>`, until they are
 * shared or a day is over. Files and not a cache: the page then has real files on disk, as if they had been chosen, and nothing of them
 * in memory. Not in `tmp`: that is swept at every start, which is exactly when they are wanted.
 */
const place = ['holdfast', 'incoming'] as const

/** The Web Lock that says these files are being written, or that a page has taken them, for as long as it lives. */
const lockOf = (id: string) => `incoming/${id}`

/** Keeps `files`, whose names are fit for files, for the next page. What cannot be kept whole is not kept; `storage-full` says so. */
export async function keepIncoming(files: readonly { readonly name: string, readonly file: Blob }[]): Promise<void> {
  const root = await incomingRoot(true)
  if (root === null) return
  const id = `${Date.now()}-${crypto.randomUUID()}`
  await navigator.locks.request(lockOf(id), async () => {
    try {
      const folder = await root.getDirectoryHandle(id, { create: true })
      for (const [n, { name, file }] of files.entries()) {
        const handle = await (await folder.getDirectoryHandle(String(n), { create: true })).getFileHandle(name, { create: true })
        await file.stream().pipeTo(await handle.createWritable())
      }
    } catch (error) {
      await root.removeEntry(id, { recursive: true })
      throw HoldfastError.from(error)
    }
  })
}

/** As `SourceFile` of the peer. */
export interface KeptFile { readonly file: File, readonly path: string }

/** A batch that this page took, and how to let go of it. */
export interface Taken { readonly files: readonly KeptFile[], remove(): Promise<void> }

/** Takes all that waits and no other page has taken. */
export async function takeIncoming(): Promise<readonly Taken[]> {
  const root = await incomingRoot(false)
  const taken: Taken[] = []
  if (root === null) return taken
  for (const id of await namesIn(root)) {
    const release = await hold(lockOf(id))
    if (release === null) continue
    try {
      const files = await filesIn(await root.getDirectoryHandle(id))
      taken.push({ files, async remove() { await root.removeEntry(id, { recursive: true }); release() } })
    } catch { release() } // another page let go of it meanwhile
  }
  return taken
}

/** Removes what waited too long and no page has taken. */
export async function cleanIncoming(now = Date.now()): Promise<void> {
  const root = await incomingRoot(false)
  if (root === null) return
  for (const id of await namesIn(root)) {
    const since = Number(/^(\d+)-/.exec(id)?.[1] ?? 0)
    if (now - since < limits.incomingMs) continue
    await navigator.locks.request(lockOf(id), { ifAvailable: true }, async lock => { if (lock !== null) await root.removeEntry(id, { recursive: true }).catch(() => {}) }) // another page did it
  }
}

async function incomingRoot(create: boolean): Promise<FileSystemDirectoryHandle | null> {
  try {
    let folder = await navigator.storage.getDirectory()
    for (const name of place) folder = await folder.getDirectoryHandle(name, { create })
    return folder
  } catch (error) {
    if (!create && (error as Error).name === 'NotFoundError') return null
    throw HoldfastError.from(error)
  }
}

async function namesIn(folder: FileSystemDirectoryHandle): Promise<readonly string[]> {
  const names: string[] = []
  for await (const name of folder.keys()) names.push(name)
  return names.sort()
}

async function filesIn(batch: FileSystemDirectoryHandle): Promise<KeptFile[]> {
  const found: KeptFile[] = []
  const numbers = (await namesIn(batch)).map(Number).sort((a, b) => a - b)
  for (const n of numbers) {
    const folder = await batch.getDirectoryHandle(String(n))
    for (const name of await namesIn(folder)) found.push({ file: await (await folder.getFileHandle(name)).getFile(), path: name })
  }
  return found
}

/** Takes a Web Lock until the returned function is called or the page is gone; null where somebody else has it. */
async function hold(name: string): Promise<(() => void) | null> {
  const { promise, resolve } = Promise.withResolvers<(() => void) | null>()
  navigator.locks.request(name, { ifAvailable: true }, async lock => {
    if (lock === null) return resolve(null)
    await new Promise<void>(release => { resolve(release) })
  }).catch(() => { resolve(null) }) // a page that is being closed is given no lock
  return await promise
}

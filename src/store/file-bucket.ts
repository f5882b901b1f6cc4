import { HoldfastError } from '../base/index.ts'
import type { Bucket } from './bucket.ts'
import { FolderBucket, makeFolders, makePart, type FolderAccess } from './folder-bucket.ts'
import { failureOf, findFile, moveFile } from './opfs.ts'
import { openFolder } from './folders.ts'
import { splitPath } from './paths.ts'

/**
 * The bucket in the folder `path` of a folder that the person picked and that is remembered as `name`. `not-found` where none is,
 * `storage-permission` where the browser wants a click first (`allowFolder`), as it does after each start; so nothing that must go on by
 * itself depends on it. Works in pages and workers. Where the browser cannot move files of the disk a new file is copied to its key, and is
 * seen there, empty, until the copy is whole.
 */
export async function openFileBucket(name: string, path: string): Promise<Bucket> {
  splitPath(path)
  const [root, parts] = await makeFolders(await openFolder(name), path)
  return new FolderBucket(root, parts, access)
}

const access: FolderAccess = {
  openForReading: null,
  async newPart(parts) {
    const { file, remove } = await makePart(parts)
    try {
      const out = await file.createWritable()
      return {
        file,
        async append(bytes) { await out.write(bytes as Uint8Array<ArrayBuffer>) },
        async finish() { await out.close() },
        async remove() {
          await out.abort().catch(() => undefined) // it was closed
          await remove()
        },
      }
    } catch (error) {
      await remove()
      throw failureOf(error)
    }
  },
  async move(file, folder, name, remove) {
    if ('move' in file) {
      try { await moveFile(file, folder, name, remove); return } catch (error) {
        if (!cannotMove.has(HoldfastError.from(error).code)) throw error
      }
    }
    await copy(file, folder, name)
    await remove()
  },
}

/** What browsers say that move in OPFS only. */
const cannotMove: ReadonlySet<string> = new Set(['aborted', 'internal', 'unsupported'])

async function copy(file: FileSystemFileHandle, folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  const fresh = await findFile(folder, [name]) === null
  const target = await folder.getFileHandle(name, { create: true })
  try {
    await (await file.getFile()).stream().pipeTo(await target.createWritable())
  } catch (error) {
    if (fresh) await folder.removeEntry(name)
    throw failureOf(error)
  }
}

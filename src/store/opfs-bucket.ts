import type { Bucket } from './bucket.ts'
import { FolderBucket, makeFolders, makePart, type FolderAccess } from './folder-bucket.ts'
import { canOpenHandles, failureOf, findFile, moveFile, openHandle, opfsRoot } from './opfs.ts'
import { splitPath } from './paths.ts'
import { writeAll } from './sync-handle.ts'

/**
 * The bucket in the OPFS folder `root`. Reading works in every context; writing, copying and the handles that make reading fast
 * need a dedicated worker. Unfinished files lie in the folder `{root}.parts` beside it.
 */
export async function openOpfsBucket(root = 'holdfast/content'): Promise<Bucket> {
  splitPath(root)
  const [folder, parts] = await makeFolders(await opfsRoot(), root)
  return new OpfsBucket(folder, parts, { ...access, openForReading: canOpenHandles() ? async file => await openHandle(file, 'read-only') : null })
}

const access: Omit<FolderAccess, 'openForReading'> = {
  move: moveFile,
  async newPart(parts) {
    const { file, remove } = await makePart(parts)
    try {
      const handle = await openHandle(file, 'readwrite')
      return {
        file,
        append(bytes) { writeAll(handle, handle.getSize(), bytes) },
        async finish() {
          handle.flush()
          handle.close()
        },
        async remove() {
          handle.close()
          await remove()
        },
      }
    } catch (error) {
      await remove()
      throw failureOf(error)
    }
  },
}

export class OpfsBucket extends FolderBucket {
  /** Takes over a staged file of this OPFS under `key`, or drops it by `remove` where the key is already there in full length. */
  async adopt(file: FileSystemFileHandle, key: string, remove: () => Promise<void>): Promise<void> {
    const names = splitPath(key)
    await this.replace(key, async () => {
      const there = await findFile(this.root, names)
      if (there !== null && (await there.getFile()).size === (await file.getFile()).size) await remove()
      else await this.moveHere(file, key, remove)
    })
  }
}

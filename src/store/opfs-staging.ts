import { HoldfastError } from '../base/index.ts'
import { adoptByCopy } from './adopt.ts'
import type { Bucket } from './bucket.ts'
import { OpfsBucket } from './opfs-bucket.ts'
import { canOpenHandles, entriesOf, findFile, findFolder, makeFile, makeFolder, openHandle, opfsRoot, removeEntry, whenHandedOver } from './opfs.ts'
import { comparePaths, splitPath } from './paths.ts'
import { HandleFile, OpenPaths } from './staging-file.ts'
import type { Staging, StagingFile } from './staging.ts'
import { SwitchedBucket } from './switched-bucket.ts'

/** Staging in the OPFS folder `root`; `unsupported` outside dedicated workers, which alone have sync access handles. */
export async function openOpfsStaging(root = 'holdfast'): Promise<Staging> {
  if (!canOpenHandles()) throw new HoldfastError('unsupported', 'staging needs OPFS in a dedicated worker')
  return new OpfsStaging(await makeFolder(await opfsRoot(), splitPath(root)))
}

/** Owns the open files of this worker; `busy` holds their paths, so that our own second open fails at once instead of waiting. */
class OpfsStaging implements Staging {
  private readonly busy = new OpenPaths()

  constructor(private readonly root: FileSystemDirectoryHandle) {}

  async open(path: string, { create = false } = {}): Promise<StagingFile> {
    const names = splitPath(path)
    this.busy.claim(path)
    try {
      const file = create ? await makeFile(this.root, names) : await findFile(this.root, names)
      if (file === null) throw new HoldfastError('not-found', 'no such file in staging', { path })
      const handle = await whenHandedOver(async () => await openHandle(file, 'readwrite'))
      return new HandleFile(handle, () => { this.busy.release(path) })
    } catch (error) {
      this.busy.release(path)
      throw error
    }
  }

  async exists(path: string): Promise<boolean> {
    return await findFile(this.root, splitPath(path)) !== null
  }

  async remove(path: string): Promise<void> {
    const names = splitPath(path)
    this.busy.refuse(path)
    try {
      await removeEntry(this.root, names)
    } catch (error) {
      if (HoldfastError.from(error).code !== 'not-found') throw error
    }
  }

  async list(folder: string): Promise<readonly string[]> {
    const found = await findFolder(this.root, splitPath(folder))
    return found === null ? [] : (await entriesOf(found)).map(({ name }) => name).sort(comparePaths)
  }

  async adopt(path: string, bucket: Bucket, key: string): Promise<void> {
    if (bucket instanceof SwitchedBucket) { await bucket.write(async current => { await this.adopt(path, current, key) }); return }
    if (!(bucket instanceof OpfsBucket)) return await adoptByCopy(this, path, bucket, key)
    const names = splitPath(path)
    this.busy.claim(path)
    try {
      const file = await findFile(this.root, names)
      if (file !== null) return await bucket.adopt(file, key, async () => { await removeEntry(this.root, names) })
      if (!await bucket.exists(key)) throw new HoldfastError('not-found', 'neither the staged file nor its key is there', { path, key })
    } finally {
      this.busy.release(path)
    }
  }
}

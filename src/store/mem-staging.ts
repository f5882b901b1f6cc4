import { HoldfastError } from '../base/index.ts'
import { adoptByCopy } from './adopt.ts'
import type { Bucket } from './bucket.ts'
import { MemFile } from './mem-file.ts'
import { comparePaths, foldersOf, splitPath } from './paths.ts'
import { HandleFile, OpenPaths } from './staging-file.ts'
import type { Staging, StagingFile } from './staging.ts'

/** Staging that lives as long as this object and holds at most `capacity` bytes. */
export function memStaging({ capacity = Infinity } = {}): Staging {
  return new MemStaging(capacity)
}

class MemStaging implements Staging {
  private readonly files = new Map<string, MemFile>()
  private readonly busy = new OpenPaths()

  constructor(private readonly capacity: number) {}

  async open(path: string, { create = false } = {}): Promise<StagingFile> {
    splitPath(path)
    const file = this.files.get(path) ?? (create ? this.make(path) : null)
    if (file === null) throw new HoldfastError('not-found', 'no such file in staging', { path })
    this.busy.claim(path)
    return new HandleFile(file, () => { this.busy.release(path) })
  }

  async exists(path: string): Promise<boolean> {
    splitPath(path)
    return this.files.has(path)
  }

  async remove(path: string): Promise<void> {
    splitPath(path)
    this.busy.refuse(path)
    for (const each of [path, ...this.below(path)]) this.files.delete(each)
  }

  async list(folder: string): Promise<readonly string[]> {
    splitPath(folder)
    const names = this.below(folder).map(path => path.slice(folder.length + 1).split('/')[0] ?? '')
    return [...new Set(names)].sort(comparePaths)
  }

  async adopt(path: string, bucket: Bucket, key: string): Promise<void> {
    await adoptByCopy(this, path, bucket, key)
  }

  private make(path: string): MemFile {
    if (this.below(path).length > 0 || foldersOf(path).some(folder => this.files.has(folder))) {
      throw new HoldfastError('bad-input', 'a file is where a folder should be, or a folder where a file', { path })
    }
    const file = new MemFile(() => this.capacity - [...this.files.values()].reduce((sum, each) => sum + each.getSize(), 0))
    this.files.set(path, file)
    return file
  }

  private below(folder: string): string[] {
    return [...this.files.keys()].filter(path => path.startsWith(`${folder}/`))
  }
}

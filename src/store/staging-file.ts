import { HoldfastError } from '../base/index.ts'
import type { StagingFile } from './staging.ts'
import { readExactly, setSize, writeAll, type SyncHandle } from './sync-handle.ts'

/** A staged file over the handle it owns; `onClose` is called once. */
export class HandleFile implements StagingFile {
  private closed = false

  constructor(readonly handle: SyncHandle, private readonly onClose: () => void) {}

  async size(): Promise<number> { return this.use(handle => handle.getSize()) }
  async read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> { return this.use(handle => readExactly(handle, at, length)) }
  async write(at: number, bytes: Uint8Array): Promise<void> { this.use(handle => { writeAll(handle, at, bytes) }) }
  async resize(size: number): Promise<void> { this.use(handle => { setSize(handle, size) }) }
  async flush(): Promise<void> { this.use(handle => { handle.flush() }) }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.handle.close()
    this.onClose()
  }

  private use<T>(operation: (handle: SyncHandle) => T): T {
    if (this.closed) throw new HoldfastError('bad-input', 'the staged file is closed')
    try { return operation(this.handle) } catch (error) { throw HoldfastError.from(error) }
  }
}

/** Paths that are open here, each once. */
export class OpenPaths {
  private readonly paths = new Set<string>()

  /** `storage-busy` where the path is open already. */
  claim(path: string): void {
    if (this.paths.has(path)) throw new HoldfastError('storage-busy', 'the staged file is open', { path })
    this.paths.add(path)
  }

  release(path: string): void {
    this.paths.delete(path)
  }

  /** `storage-busy` where the file, or a file in the folder, of that path is open. */
  refuse(path: string): void {
    for (const open of this.paths) {
      if (open === path || open.startsWith(`${path}/`)) throw new HoldfastError('storage-busy', 'the staged file is open', { path: open })
    }
  }
}

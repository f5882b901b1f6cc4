import { KeyedLock } from '../base/index.ts'

/** Something open that is closed at once, without waiting. */
interface Closable { close(): void }

/**
 * Open handles by key, the least recently used closed first. Owns every handle it opens: at most `most` are open or being
 * opened at any time, one a key. Using one is synchronous, so nobody closes a handle in the middle of a read; a key is opened,
 * and taken away from the cache, only under its lock.
 */
export class HandleCache<Handle extends Closable> {
  /** Oldest use first. */
  private readonly handles = new Map<string, Handle>()
  private readonly opening = new Set<Promise<unknown>>()
  private readonly locks = new KeyedLock()

  constructor(private readonly most: number, private readonly open: (key: string) => Promise<Handle>) {}

  /** What `read` makes of the key's handle, opened where it is not; fails as `open` and `read` do. */
  async use<T>(key: string, read: (handle: Handle) => T): Promise<T> {
    const handle = this.handles.get(key)
    if (handle !== undefined) return this.touch(key, handle, read)
    return await this.locks.run(key, async () => {
      const opened = this.handles.get(key)
      return opened === undefined ? await this.openAndUse(key, read) : this.touch(key, opened, read)
    })
  }

  /** Runs `change` while no handle of `key` is open here and none can be opened. */
  async without<T>(key: string, change: () => Promise<T>): Promise<T> {
    return await this.locks.run(key, async () => {
      this.drop(key)
      return await change()
    })
  }

  closeAll(): void {
    for (const key of this.handles.keys()) this.drop(key)
  }

  private touch<T>(key: string, handle: Handle, read: (handle: Handle) => T): T {
    this.handles.delete(key)
    this.handles.set(key, handle)
    return read(handle)
  }

  private async openAndUse<T>(key: string, read: (handle: Handle) => T): Promise<T> {
    while (this.handles.size + this.opening.size >= this.most) {
      const [oldest] = this.handles.keys()
      if (oldest === undefined) await Promise.race(this.opening)
      else this.drop(oldest)
    }
    const opened = this.open(key)
    const settled = opened.then(() => undefined, () => undefined)
    this.opening.add(settled)
    try {
      return this.touch(key, await opened, read) // at once: a moment later somebody else's opening may close it
    } finally {
      this.opening.delete(settled)
    }
  }

  private drop(key: string): void {
    this.handles.get(key)?.close()
    this.handles.delete(key)
  }
}

import { HoldfastError } from '../base/index.ts'
import type { SyncHandle } from './sync-handle.ts'

/** A file in memory that behaves as a sync access handle. `room` tells how many bytes it may still grow by. */
export class MemFile implements SyncHandle {
  private bytes = new Uint8Array(0)
  private size = 0

  constructor(private readonly room: () => number) {}

  read(buffer: Uint8Array, { at }: { readonly at: number }): number {
    const part = this.bytes.subarray(Math.min(at, this.size), Math.min(at + buffer.length, this.size))
    buffer.set(part)
    return part.length
  }

  write(bytes: Uint8Array, { at }: { readonly at: number }): number {
    if (at + bytes.length > this.size) this.truncate(at + bytes.length)
    this.bytes.set(bytes, at)
    return bytes.length
  }

  truncate(size: number): void {
    if (size - this.size > this.room()) throw new HoldfastError('storage-full', 'no room left')
    if (size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.size))
      larger.set(this.bytes.subarray(0, this.size))
      this.bytes = larger
    } else this.bytes.fill(0, Math.min(size, this.size), this.size)
    this.size = size
  }

  getSize(): number { return this.size }

  flush(): void {
    // Memory has nothing below it.
  }

  close(): void {
    // The same file may be opened again.
  }
}

import { HoldfastError, limits } from '../base/index.ts'
import { checkCount } from './paths.ts'

/** What we use of a `FileSystemSyncAccessHandle`; the DOM library of a page does not know it. */
export interface SyncHandle {
  read(buffer: Uint8Array, options: { readonly at: number }): number
  write(bytes: Uint8Array, options: { readonly at: number }): number
  truncate(size: number): void
  getSize(): number
  flush(): void
  close(): void
}

/**
 * Writes all of `bytes` or throws `storage-full`, and then the file is no longer than before. A browser's private window does
 * not throw when it is full: `write` returns a bogus number and `truncate` does nothing, so both are checked here.
 */
export function writeAll(handle: SyncHandle, at: number, bytes: Uint8Array): void {
  checkCount('at', at)
  if (bytes.length === 0) return
  const before = handle.getSize()
  const failure = attempt(() => handle.write(bytes, { at }) === bytes.length)
  if (failure === null) return
  shrinkTo(handle, before)
  throw failure
}

/** Sets the length or throws `storage-full`, and then the file is as long as before. */
export function setSize(handle: SyncHandle, size: number): void {
  checkCount('size', size)
  const before = handle.getSize()
  const failure = attempt(() => {
    handle.truncate(size)
    return handle.getSize() === size
  })
  if (failure === null) return
  shrinkTo(handle, before)
  throw failure
}

/** Exactly `length` bytes: `bad-input` beyond the end, `storage-lost` where the disk does not give what the file should have. */
export function readExactly(handle: SyncHandle, at: number, length: number): Uint8Array<ArrayBuffer> {
  checkCount('at', at)
  checkCount('length', length)
  const size = handle.getSize()
  if (at + length > size) throw new HoldfastError('bad-input', 'read beyond the end of the file', { at, length, size })
  const bytes = new Uint8Array(length)
  if (length > 0 && handle.read(bytes, { at }) !== length) throw new HoldfastError('storage-lost', 'the file could not be read', { at, length })
  return bytes
}

/** Replaces all that the handle's file holds by `source`. */
export async function copyInto(handle: SyncHandle, source: Blob): Promise<void> {
  setSize(handle, 0)
  for (let at = 0; at < source.size; at += limits.storeChunkBytes) {
    writeAll(handle, at, new Uint8Array(await source.slice(at, at + limits.storeChunkBytes).arrayBuffer()))
  }
  handle.flush()
}

function attempt(complete: () => boolean): HoldfastError | null {
  try {
    return complete() ? null : new HoldfastError('storage-full', 'the browser gave no room for it')
  } catch (error) {
    return HoldfastError.from(error)
  }
}

function shrinkTo(handle: SyncHandle, size: number): void {
  try {
    if (handle.getSize() > size) handle.truncate(size)
  } catch {
    // The failure that led here is what the caller must hear; the tail is overwritten by whoever writes there next.
  }
}

import type { Bucket } from './bucket.ts'
import type { SyncHandle } from './sync-handle.ts'

/**
 * Random-access scratch files, always local: downloads, archives, jobs. Every driver passes `tests/contract/staging.ts`. Paths
 * follow the grammar of `splitPath`. Failures are `HoldfastError`s: `bad-input`, `not-found`, `storage-full` (nothing of the write
 * counts), `storage-busy` (open, here or elsewhere), `storage-lost` (the disk no longer gives what was written).
 */
export interface Staging {
  /** Opens for reading and writing; nobody else may have it open. Makes it (and its folders) where `create` is set. */
  open(path: string, options?: { readonly create?: boolean }): Promise<StagingFile>
  /** Whether there is a file of this path; a folder is none. */
  exists(path: string): Promise<boolean>
  /** Removes a closed file, or a folder with all in it; nothing happens where there is none. */
  remove(path: string): Promise<void>
  /** Names of the files and folders directly in `folder`, in byte order; none where it does not exist. */
  list(folder: string): Promise<readonly string[]>
  /**
   * Makes a closed (and flushed) file the bucket's `key`: moved where both lie in one OPFS, else streamed and then deleted.
   * Done twice it is done once: where the file is gone and the key is there, nothing happens; where the key is there in full
   * length, the file is dropped, since a key names its bytes.
   */
  adopt(path: string, bucket: Bucket, key: string): Promise<void>
}

/** After `close` every other call is `bad-input`. */
export interface StagingFile {
  /** What lies below it, for code that cannot wait, as WebAssembly: it stays this file's to close. None where the driver has none. */
  readonly handle?: SyncHandle
  size(): Promise<number>
  /** Exactly `length` bytes from `at`; `bad-input` where the file is shorter. */
  read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>>
  /** Beyond the end the gap reads as zeros. A write that fails leaves the file no longer than it was. */
  write(at: number, bytes: Uint8Array): Promise<void>
  /** Sets the length: the room is charged at once, so a full disk shows before the first byte comes. */
  resize(size: number): Promise<void>
  flush(): Promise<void>
  /** Twice is once. */
  close(): Promise<void>
}

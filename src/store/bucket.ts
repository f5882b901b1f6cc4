/**
 * The blob store of finished, immutable files: gocloud.dev's `blob.Bucket` contract. Every driver passes
 * `tests/contract/bucket.ts`. Keys follow the grammar of `splitPath`, and no key is a folder of another; the content type comes
 * from the key's extension. Failures are `HoldfastError`s: `not-found`, `already-exists`, `bad-input`, `storage-full`,
 * `storage-busy` (another context has the file open), `aborted`, `unsupported` (writing where only reading is possible).
 */
export interface Bucket {
  exists(key: string): Promise<boolean>
  attributes(key: string): Promise<Attributes>
  /**
   * `length` bytes from `offset`, fewer at the end of the file; `length` -1 means to the end. Where the file is replaced or deleted
   * meanwhile, the stream goes on with the old bytes or fails with `not-found`; it never mixes two files.
   */
  newRangeReader(key: string, offset: number, length: number, options?: BucketOptions): Promise<BlobReader>
  readAll(key: string): Promise<Uint8Array<ArrayBuffer>>
  /** The old file, if any, stays whole until `close` succeeds; after `abort` nothing was written. */
  newWriter(key: string, options?: WriterOptions): Promise<BlobWriter>
  writeAll(key: string, bytes: Uint8Array, options?: WriterOptions): Promise<void>
  copy(destination: string, source: string): Promise<void>
  delete(key: string): Promise<void>
  /** In byte order of the UTF-8 keys; with a delimiter, what lies deeper than the prefix's folder is one row that ends in it. */
  list(options?: ListOptions): AsyncIterable<ListObject>
  /** Lets go of what it holds; nothing is asked of it afterwards. */
  close(): Promise<void>
}

export interface BucketOptions { readonly signal?: AbortSignal }
/** `ifNotExist`: `already-exists` at once or from `close`, rather than replace a file. */
export interface WriterOptions extends BucketOptions { readonly ifNotExist?: boolean }
export interface ListOptions { readonly prefix?: string, readonly delimiter?: '/' }
/** `size` is 0 for a folder. */
export interface ListObject { readonly key: string, readonly size: number, readonly isDir: boolean }
/** `modified`: milliseconds since 1970. */
export interface Attributes { readonly size: number, readonly modified: number, readonly contentType: string }
/** `size`: of the whole file, whatever the range. */
export interface BlobReader { readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>, readonly size: number }
/** After a `write` that failed nothing is published: `close` throws that failure again. `abort` after the end does nothing. */
export interface BlobWriter {
  write(bytes: Uint8Array): Promise<void>
  close(): Promise<void>
  abort(): Promise<void>
}

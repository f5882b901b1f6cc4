/** What a cloud store can do with the objects of one bucket; failures as `cloudFailure` has them. Keys are whole, with the bucket's prefix. */
export interface CloudApi {
  /** Null where there is no such object. */
  head(key: string, signal?: AbortSignal): Promise<CloudFile | null>
  /** Bytes from `at` to before `end`, null to the end of it; the answer is a 200, 206, 404 or 416. */
  get(key: string, range: { readonly at: number, readonly end: number | null } | null, signal?: AbortSignal): Promise<Response>
  put(key: string, bytes: Uint8Array<ArrayBuffer>, options: PutOptions): Promise<void>
  beginParts(key: string, options: PutOptions): Promise<CloudParts>
  /** Whether there was such an object, as far as the store tells. */
  remove(key: string): Promise<boolean>
  /** Copies within the store; false where it cannot, and bytes have to come and go. */
  copy(destination: string, source: CloudFile & { readonly key: string }): Promise<boolean>
  /** Keys that begin with `prefix` in pages of at most `most`, from where `token` says. */
  page(options: { readonly prefix: string, readonly delimited: boolean, readonly token: string | null, readonly most: number }): Promise<CloudPage>
  /** Whether pages follow each other in the byte order of UTF-8. */
  readonly ordered: boolean
}

export interface CloudFile { readonly size: number, readonly modified: number }
export interface PutOptions { readonly type: string, readonly fresh: boolean, readonly signal?: AbortSignal | undefined }

/** An object that is written in parts, one after the other, all but the last of `limits.cloudPartBytes`; it is there once `finish` is. */
export interface CloudParts {
  add(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  finish(): Promise<void>
  abandon(): Promise<void>
}

export interface CloudPage {
  readonly files: readonly { readonly key: string, readonly size: number }[]
  /** What lies deeper, each once, with the delimiter at its end. */
  readonly folders: readonly string[]
  readonly next: string | null
}

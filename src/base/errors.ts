/**
 * Every failure a person or another room can meet. The code says what happened; words are found for it in the UI's catalogue.
 * Data from peers is judged (`Judged`), not thrown; what is thrown is a `HoldfastError`.
 */
export const errorCodes = [
  'aborted', 'bad-input', 'internal', 'unsupported', 'timeout', 'too-large', 'too-many', 'rate-limited',
  // storage
  'not-found', 'already-exists', 'storage-full', 'storage-busy', 'storage-lost', 'storage-newer', 'storage-permission', 'storage-damaged',
  'store-unreachable', 'store-refused', 'store-missing', 'store-cors',
  // archives and links
  'archive-empty', 'archive-entries', 'archive-depth', 'archive-name', 'archive-collision', 'archive-damaged', 'archive-link', 'bad-image', 'file-unreadable', 'file-changed',
  'link-cut', 'link-invalid', 'link-unknown-kind',
  // transfers
  'wrong-bytes', 'wrong-info', 'attachment-false', 'no-tracker', 'share-interrupted', 'blocked',
  // protected files and archives nobody should unpack unasked
  'wrong-key', 'tdf-damaged', 'archive-bomb',
  // who this person is
  'locked', 'wrong-passphrase', 'not-own', 'backup-damaged', 'backup-newer',
  // music, pictures and films
  'media-none', 'not-media', 'no-audio', 'media-damaged', 'media-cut', 'media-miscounted', 'media-unsupported', 'media-crashed', 'image-too-large',
  // uploads and their keys
  'publish-interrupted', 'no-box', 'denied', 'promised',
  // connections
  'relay-unreachable', 'relay-full', 'peer-unreachable', 'stream-closed', 'bad-frame', 'bad-reply', 'network-file',
] as const

export type ErrorCode = typeof errorCodes[number]

/** Plain details of a failure: small, cloneable, fit for a log. */
export type ErrorData = Readonly<Record<string, string | number | boolean>>

export interface ErrorObject { readonly code: ErrorCode, readonly message: string, readonly data: ErrorData }

/** An error whose `code` and `data` survive `postMessage` by `toObject` and `fromObject`. */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError'
  readonly code: ErrorCode
  readonly data: ErrorData

  constructor(code: ErrorCode, message: string = code, data: ErrorData = {}, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.data = data
  }

  toObject(): ErrorObject {
    return { code: this.code, message: this.message, data: this.data }
  }

  static fromObject({ code, message, data }: ErrorObject): HoldfastError {
    return new HoldfastError(code, message, data)
  }

  /** `error` as one of ours: itself, an abort or a full disk under its code, anything else as `internal`. */
  static from(error: unknown): HoldfastError {
    if (error instanceof HoldfastError) return error
    const { name = '', message = String(error) } = (error ?? {}) as Partial<Error>
    const code: ErrorCode = name === 'AbortError' ? 'aborted'
      : name === 'QuotaExceededError' ? 'storage-full'
      : name === 'TimeoutError' ? 'timeout'
      : name === 'NotFoundError' ? 'not-found'
      : name === 'NoModificationAllowedError' ? 'storage-busy'
      : 'internal'
    return new HoldfastError(code, message, {}, { cause: error })
  }
}

/** What became of a piece of remote or pasted data: the value, or why it is refused. */
export type Judged<T> = { readonly ok: true, readonly value: T } | { readonly ok: false, readonly code: ErrorCode, readonly reason: string }

export function accept<T>(value: T): Judged<T> {
  return { ok: true, value }
}

export function reject(code: ErrorCode, reason: string): { readonly ok: false, readonly code: ErrorCode, readonly reason: string } {
  return { ok: false, code, reason }
}

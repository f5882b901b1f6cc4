import { equalBytes } from '../base/index.ts'
import { pieceHash } from '../content/index.ts'

/** Whether `bytes` are piece `index` of the file of `size` bytes that the canonical `info` describes. Hashed beside this thread. */
export async function isPiece({ info, size }: { readonly info: Uint8Array, readonly size: number }, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  return equalBytes(new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)), pieceHash(info, size, index))
}

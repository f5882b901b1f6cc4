import { equalBytes } from '../base/index.ts'

const hashBytes = 20

/** Whether `bytes` are the piece `index` of a torrent with the canonical info dictionary `info`, in which the hashes of all `pieces` stand last, before its `e`. */
export async function isPiece({ info, pieces }: { readonly info: Uint8Array, readonly pieces: number }, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const at = info.length - 1 - hashBytes * (pieces - index)
  return equalBytes(new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)), info.subarray(at, at + hashBytes))
}

import { limits } from '../base/index.ts'

/**
 * The pieces read last, of all files together: WebTorrent asks for blocks of 16 KiB, several people often for the same ones,
 * and a piece is read from the disk once for all of them. Bounded by bytes; the piece unused for longest goes first. A read
 * under way is shared, counts with its length, and is forgotten when it fails.
 */
export class PieceCache {
  private pieces = new Map<string, { readonly bytes: Promise<Uint8Array>, readonly length: number }>()
  private bytes = 0

  constructor(readonly capacity: number = limits.pieceCacheBytes) {}

  get held(): number { return this.bytes }

  /** The bytes under `key`, else what `read` brings, which must be `length` bytes. They are shared: nobody may write to them. */
  get(key: string, length: number, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const known = this.pieces.get(key)
    if (known !== undefined) {
      this.pieces.delete(key)
      this.pieces.set(key, known)
      return known.bytes
    }
    const bytes = read()
    const entry = { bytes, length }
    this.pieces.set(key, entry)
    this.bytes += length
    bytes.catch(() => { if (this.pieces.get(key) === entry) this.drop(key) })
    for (const oldest of this.pieces.keys()) {
      if (this.bytes <= this.capacity) break
      if (oldest !== key) this.drop(oldest)
    }
    return bytes
  }

  /** Forgets every key that begins with `prefix`. */
  forget(prefix: string): void {
    for (const key of this.pieces.keys()) if (key.startsWith(prefix)) this.drop(key)
  }

  private drop(key: string): void {
    this.bytes -= this.pieces.get(key)?.length ?? 0
    this.pieces.delete(key)
  }
}

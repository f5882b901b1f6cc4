/** Bytes by number, at most `limit` of them together; what was used longest ago goes first. */
export class ByteCache {
  /** Oldest use first. */
  private readonly entries = new Map<number, Uint8Array>()
  private size = 0

  constructor(private readonly limit: number) {}

  get(key: number): Uint8Array | undefined {
    const bytes = this.entries.get(key)
    if (bytes !== undefined) {
      this.entries.delete(key)
      this.entries.set(key, bytes)
    }
    return bytes
  }

  set(key: number, bytes: Uint8Array): void {
    this.delete(key)
    if (bytes.length > this.limit) return
    this.entries.set(key, bytes)
    this.size += bytes.length
    for (const [oldest, { length }] of this.entries) {
      if (this.size <= this.limit) break
      this.entries.delete(oldest)
      this.size -= length
    }
  }

  delete(key: number): void {
    this.size -= this.entries.get(key)?.length ?? 0
    this.entries.delete(key)
  }

  clear(): void {
    this.entries.clear()
    this.size = 0
  }
}

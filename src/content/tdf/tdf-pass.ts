import { HoldfastError, limits } from '../../base/index.ts'
import type { UnlockedTdf } from './open-tdf.ts'

/**
 * Decrypts a TDF whose bytes pass by, from the first to the last, for somebody else's sake: whoever hashes the stored file need not read it twice. `push` takes
 * its bytes at once; `drain` hands over what is decrypted, in order, and is to be awaited before much more is pushed.
 */
export class TdfPass {
  /** Of the file, so far. */
  private at = 0
  private next = 0
  private segment = new Uint8Array(0)
  private filled = 0
  private readonly free: Uint8Array<ArrayBuffer>[] = []
  private readonly coming: Promise<Uint8Array<ArrayBuffer>>[] = []

  constructor(private readonly tdf: UnlockedTdf, private readonly out: (plain: Uint8Array<ArrayBuffer>) => void | Promise<void>) {}

  push(bytes: Uint8Array): void {
    const before = Math.max(0, this.tdf.payload.at - this.at)
    this.at += bytes.length
    for (let at = before; at < bytes.length;) {
      const due = this.tdf.segments[this.next]
      if (due === undefined) return
      if (this.filled === 0) this.segment = this.buffer(due.sealed)
      const part = bytes.subarray(at, at + due.sealed - this.filled)
      this.segment.set(part, this.filled)
      this.filled += part.length
      at += part.length
      if (this.filled === due.sealed) this.decrypt()
    }
  }

  /** Throws `tdf-damaged` where a segment is not what was signed. */
  async drain(): Promise<void> {
    await this.pass(limits.tdfSegmentsInFlight)
  }

  /** Hands over the rest; `tdf-damaged` where the file ended before. */
  async finish(): Promise<void> {
    await this.pass(0)
    if (this.next < this.tdf.segments.length) throw new HoldfastError('tdf-damaged', 'the file ends before its payload')
  }

  private decrypt(): void {
    const [segment, sealed] = [this.tdf.segments[this.next++]!, this.segment]
    const plain = this.tdf.decrypt(segment, sealed).finally(() => { this.free.push(sealed) })
    plain.catch(() => {}) // told where it is awaited
    this.coming.push(plain)
    this.filled = 0
  }

  private async pass(inFlight: number): Promise<void> {
    while (this.coming.length > inFlight) {
      const plain = await this.coming.shift()
      if (plain !== undefined) await this.out(plain)
    }
  }

  private buffer(length: number): Uint8Array<ArrayBuffer> {
    const last = this.free.pop()
    return last?.length === length ? last : new Uint8Array(length)
  }
}

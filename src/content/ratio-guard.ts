import { limits } from '../base/index.ts'

/**
 * Counts what an archive of `stored` bytes unpacks to, and says when that is more than anybody packs by accident: over `limits.unpackRatio` times
 * its size, and over what is too little to mind. Deflate reaches 1,032:1, so 10 MB can be a day of work for who unpacks it.
 */
export class RatioGuard {
  private unpacked = 0
  private readonly most: number

  constructor(stored: number) {
    this.most = Math.max(stored * limits.unpackRatio, limits.unpackFreeBytes)
  }

  /** Takes in that `bytes` more came out; false from the first too many on. */
  take(bytes: number): boolean {
    this.unpacked += bytes
    return this.unpacked <= this.most
  }
}

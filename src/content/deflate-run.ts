import { Deflate } from 'fflate'

/**
 * 2^16 hash chains. More made nothing smaller or faster, and their table, 2 MiB with the default, is made anew for every member.
 */
const hashMemory = 4

/**
 * Deflate blocks that end on a byte, so that others can follow. What comes out depends on how what goes in is cut: the caller always cuts
 * it alike.
 */
export class DeflateRun {
  private readonly deflate: Deflate
  private out: (bytes: Uint8Array) => void

  constructor(out: (bytes: Uint8Array) => void) {
    this.out = out
    this.deflate = new Deflate({ level: 6, mem: hashMemory }, chunk => { this.out(chunk) })
  }

  /** Gives what comes out from now on to somebody else. */
  redirect(out: (bytes: Uint8Array) => void): void {
    this.out = out
  }

  push(bytes: Uint8Array): void {
    this.deflate.push(bytes)
  }

  /** Puts out everything but the up to 7 bits that fill no byte yet. */
  flush(): void {
    this.deflate.flush()
  }

  /**
   * Ends the run with an empty stored block, which fills the last byte. fflate's own `flush(true)` is to do this, but writes the block at
   * the wrong place where bits are pending (fflate#267). So the stream is ended instead: its last block, final, fixed and empty, is the bits
   * 1 1 0 and seven zeros after the pending ones. The highest 1 thus shows how many those are; they are kept, and the stored block goes there.
   */
  end(): void {
    this.flush()
    const out = this.out
    const last: number[] = []
    this.redirect(bytes => { last.push(...bytes) })
    this.deflate.push(new Uint8Array(0), true)
    const bits = last.reduce((all, byte, i) => all | byte << 8 * i, 0)
    const pending = 31 - Math.clz32(bits) - 1
    out(Uint8Array.of(bits & (1 << pending) - 1, ...pending > 5 ? [0] : [], 0, 0, 0xff, 0xff))
  }
}

import { handshakeBytes } from './handshake.ts'

/** Length and identifier of a message and its first three numbers: enough for every message that has no long payload. */
const headBytes = 17

/** The beginning of a message of the peer wire protocol (BEP 3). `length`: bytes after the four that say so; 0 keeps alive. */
export class MessageHead {
  private readonly view: DataView

  constructor(readonly length: number, private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** -1 for a keep-alive. */
  get id(): number { return this.bytes[4] ?? -1 }

  /** The number at that place behind the identifier: `0` to `2`; NaN where the message is shorter. */
  number(place: number): number { return this.bytes.length >= 9 + 4 * place ? this.view.getUint32(5 + 4 * place) : Number.NaN }
}

/**
 * Finds the messages in what goes one way over a wire, without keeping or changing it: holds at most the beginning of one. Each
 * is told when its beginning is there, before its payload is.
 */
export class MessageReader {
  private skip = handshakeBytes
  private readonly head = new Uint8Array(headBytes)
  private filled = 0

  /** Tells of each message until `tell` returns what is wrong with one. */
  read(bytes: Uint8Array, tell: (head: MessageHead) => string | null): string | null {
    let at = 0
    while (at < bytes.length) {
      const skipped = Math.min(this.skip, bytes.length - at)
      this.skip -= skipped
      at += skipped
      for (let wanted = this.wanted; at < bytes.length && this.filled < wanted; wanted = this.wanted) {
        const part = bytes.subarray(at, at + wanted - this.filled)
        this.head.set(part, this.filled)
        this.filled += part.length
        at += part.length
      }
      if (this.skip > 0 || this.filled < 4 || this.filled < this.wanted) return null
      const fault = tell(new MessageHead(this.length, this.head.slice(0, this.filled)))
      if (fault !== null) return fault
      this.skip = this.length + 4 - this.filled
      this.filled = 0
    }
    return null
  }

  private get length(): number { return new DataView(this.head.buffer).getUint32(0) }

  private get wanted(): number { return this.filled < 4 ? 4 : Math.min(this.length + 4, headBytes) }
}

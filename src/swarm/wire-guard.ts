import { limits } from '../base/index.ts'
import type { PieceMap } from './bitfield.ts'
import { MessageReader, type MessageHead } from './wire-messages.ts'

/** WebTorrent asks for blocks of this size and cuts who asks for more than the other. */
const blockBytes = 16 * 1024
const askedBytesMost = 128 * 1024
const mostPieces = Math.floor(limits.infoBytes / 20)

/**
 * Stands between a connection and WebTorrent's wire, which believes every length: a message of 2 GiB is waited for in memory, any
 * number of blocks can be asked for and never read, blocks nobody asked for are counted. Looks at what goes both ways, keeps
 * nothing of it, and says what no peer sends. Until the torrent is known only what fits no torrent is refused.
 */
export class WireGuard {
  private readonly incoming = new MessageReader()
  private readonly outgoing = new MessageReader()
  /** Blocks we asked the peer for, and those it asked us for: how often each. */
  private readonly ours = new Blocks()
  private readonly theirs = new Blocks()
  private handshake = 0
  private fast = false
  private choking = true
  private bitfieldBytes: number | null = null
  private chatter = 0
  private useful = 0
  private extended = 0

  constructor(private pieces: PieceMap | null) {}

  /** What is wrong with bytes from the peer; null where nothing is. */
  received(bytes: Uint8Array): string | null {
    if (this.handshake <= 27 && this.handshake + bytes.length > 27) this.fast = ((bytes[27 - this.handshake] ?? 0) & 0x04) !== 0
    this.handshake += bytes.length
    return this.incoming.read(bytes, head => this.judge(head))
  }

  /** Notes what we send. */
  sent(bytes: Uint8Array): void {
    this.outgoing.read(bytes, head => {
      this.note(head)
      return null
    })
  }

  /** From now on these are its pieces; what was said before may be wrong for them. */
  know(pieces: PieceMap): string | null {
    this.pieces = pieces
    return this.bitfieldBytes === null || this.bitfieldBytes === Math.ceil(pieces.count / 8) ? null : 'a bitfield of another length'
  }

  private judge(head: MessageHead): string | null {
    const { id, length } = head
    switch (id) {
      case 4: case 13: case 17: return length === 5 && head.number(0) < this.count ? this.chat() : 'a piece there is not'
      case 5: return this.bitfield(length - 1)
      case 6: return length === 13 ? this.asked(head) : 'not a request'
      case 7: return this.block(head)
      case 8: return length === 13 ? this.cancelled(head) : 'not a cancel'
      case 16:
        if (length === 13) this.ours.take(keyOf(head, head.number(2)))
        return length === 13 ? this.chat() : 'not a reject'
      case 20: return length < 2 || length > limits.wireExtendedBytes ? 'an extension message too long' : ++this.extended > limits.wireExtended ? 'too many extension messages' : null
      default: return length > (id <= 3 || id === 14 || id === 15 ? 1 : limits.wireExtendedBytes) ? 'a message too long' : this.chat()
    }
  }

  private bitfield(bytes: number): string | null {
    const fits = this.pieces === null ? bytes <= Math.ceil(mostPieces / 8) : bytes === Math.ceil(this.pieces.count / 8)
    this.bitfieldBytes = bytes
    return fits ? this.chat() : 'a bitfield of another length'
  }

  private asked(head: MessageHead): string | null {
    const [index, begin, length] = [head.number(0), head.number(1), head.number(2)]
    if (index >= this.count || length === 0 || length > askedBytesMost || (this.pieces !== null && begin + length > this.pieces.length(index))) return 'a block there is not'
    this.useful++
    if (this.choking && !this.fast) return null // WebTorrent lets it fall
    this.theirs.add(keyOf(head, length), length)
    return this.theirs.count > limits.wireRequests || this.theirs.bytes > limits.wireRequestBytes ? 'more blocks than may wait' : null
  }

  private cancelled(head: MessageHead): string | null {
    this.theirs.take(keyOf(head, head.number(2)))
    return this.chat()
  }

  private block(head: MessageHead): string | null {
    const bytes = head.length - 9
    this.useful++
    return bytes <= blockBytes && this.ours.take(keyOf(head, bytes)) ? null : 'a block nobody asked for'
  }

  private note(head: MessageHead): void {
    switch (head.id) {
      case 0:
        this.choking = true
        if (!this.fast) this.theirs.clear()
        break
      case 1: this.choking = false; break
      case 6: this.ours.add(keyOf(head, head.number(2)), head.number(2)); break
      case 7: this.theirs.take(keyOf(head, head.length - 9)); break
      case 16: this.theirs.take(keyOf(head, head.number(2))); break
    }
  }

  private chat(): string | null {
    return ++this.chatter > limits.wireChatter + 4 * Math.min(this.count, mostPieces) + this.useful ? 'too many messages' : null
  }

  private get count(): number { return this.pieces?.count ?? mostPieces }
}

/** Blocks that were asked for, each with how often. */
class Blocks {
  count = 0
  bytes = 0
  private readonly all = new Map<string, { times: number, readonly bytes: number }>()

  add(key: string, bytes: number): void {
    const block = this.all.get(key) ?? { times: 0, bytes }
    block.times++
    this.count++
    this.bytes += bytes
    this.all.set(key, block)
  }

  /** Whether it was there. */
  take(key: string): boolean {
    const block = this.all.get(key)
    if (block === undefined) return false
    this.count--
    this.bytes -= block.bytes
    if (--block.times === 0) this.all.delete(key)
    return true
  }

  clear(): void {
    this.all.clear()
    this.count = this.bytes = 0
  }
}

function keyOf(head: MessageHead, length: number): string {
  return `${String(head.number(0))} ${String(head.number(1))} ${String(length)}`
}

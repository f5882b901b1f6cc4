import { HoldfastError, concat, fromHex, utf8, type Infohash } from '../base/index.ts'
import type { PieceMap } from './bitfield.ts'
import { handshakeBytes } from './handshake.ts'
import type { SectionPeers } from './section-peers.ts'
import { MessageReader } from './wire-messages.ts'
import { WireSocket } from './wire-socket.ts'

/** Pieces in memory: blocks of a few are asked for at once, and those of one come one after the other. */
const piecesHeld = 8

/** The BitTorrent peer that sections are shown as; no client has this name. */
export const sectionPeerId = '2d686f6c64666173742073656374696f6e732020'

/**
 * The sections that peers give, as the wire of a seed that only gives: the torrent asks it for blocks as it asks all others, so what comes by sections is picked, limited in speed, verified, written
 * and taken up again as anything that comes. It ends with the first piece it cannot make, and tells why.
 */
export class SectionSocket extends WireSocket {
  private readonly messages = new MessageReader()
  private readonly made = new Map<number, Promise<Uint8Array>>()
  private greeted = 0

  constructor(private readonly infohash: Infohash, private readonly pieces: PieceMap, private readonly source: Pick<SectionPeers, 'piece'>, private readonly failed: (error: HoldfastError) => void) {
    super(sectionPeerId)
    this.carry({
      buffered: 0,
      send: bytes => {
        this.take(bytes)
        return true
      },
      close() {},
    })
  }

  private take(bytes: Uint8Array): void {
    const before = this.greeted
    this.greeted = Math.min(handshakeBytes, before + bytes.length)
    if (before < handshakeBytes && this.greeted === handshakeBytes) queueMicrotask(() => { this.greet() })
    this.messages.read(bytes, head => {
      if (head.id === 2) queueMicrotask(() => { this.receive(message(1, new Uint8Array())) })
      else if (head.id === 6) void this.give(head.number(0), head.number(1), head.number(2))
      return null
    })
  }

  /** The handshake of a peer without extensions, and all pieces. It is unchoked when the torrent says that it is interested: before, nobody listens. */
  private greet(): void {
    const hello = concat(Uint8Array.of(19), utf8('BitTorrent protocol'), new Uint8Array(8), fromHex(this.infohash) ?? new Uint8Array(), fromHex(this.id) ?? new Uint8Array())
    const bits = this.pieces.empty()
    for (let index = 0; index < this.pieces.count; index++) bits[index >> 3]! |= 0x80 >> (index & 7)
    this.receive(concat(hello, message(5, bits)))
  }

  private async give(index: number, begin: number, length: number): Promise<void> {
    try {
      const piece = await this.piece(index)
      const place = new DataView(new ArrayBuffer(8))
      place.setUint32(0, index)
      place.setUint32(4, begin)
      this.receive(message(7, concat(new Uint8Array(place.buffer), piece.subarray(begin, begin + length))))
    } catch (error) {
      if (this.destroyed) return
      this.destroy()
      this.failed(HoldfastError.from(error))
    }
  }

  private piece(index: number): Promise<Uint8Array> {
    const piece = this.made.get(index) ?? this.source.piece(index)
    this.made.delete(index)
    this.made.set(index, piece)
    for (const oldest of this.made.keys()) {
      if (this.made.size <= piecesHeld) break
      this.made.delete(oldest)
    }
    return piece
  }
}

function message(id: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(5))
  head.setUint32(0, 1 + payload.length)
  head.setUint8(4, id)
  return concat(new Uint8Array(head.buffer), payload)
}

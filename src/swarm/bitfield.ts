/** BEP 3 bitfields: the first piece is the highest bit of the first byte. */
export function hasPiece(bitfield: Uint8Array, index: number): boolean {
  return ((bitfield[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0
}

export function addPiece(bitfield: Uint8Array, index: number): void {
  bitfield[index >> 3]! |= 0x80 >> (index & 7)
}

export function piecesIn(bitfield: Uint8Array, pieces: number): number[] {
  return Array.from({ length: pieces }, (_, index) => index).filter(index => hasPiece(bitfield, index))
}

/** How a file of `size` bytes falls into pieces. */
export class PieceMap {
  readonly count: number

  constructor(readonly size: number, readonly pieceLength: number) {
    this.count = Math.ceil(size / pieceLength)
  }

  length(index: number): number {
    return index === this.count - 1 ? this.size - index * this.pieceLength : this.pieceLength
  }

  /** Bytes of the pieces `has` says yes to. */
  bytes(has: (index: number) => boolean): number {
    let bytes = 0
    for (let index = 0; index < this.count; index++) if (has(index)) bytes += this.length(index)
    return bytes
  }

  empty(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Math.ceil(this.count / 8))
  }
}

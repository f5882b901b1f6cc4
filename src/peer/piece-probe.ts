import { equalBytes, limits, type Address, type Cid, type Random } from '../base/index.ts'
import { sectionCount, sectionRange, type PublishedFile } from '../content/index.ts'
import type { SectionPart, SectionQuestion } from '../net/index.ts'

export interface PieceProbeParts {
  readonly random: Random
  readonly links: {
    devicesOf(account: Address): readonly string[]
    section(peerId: string, question: SectionQuestion, length: number): Promise<SectionPart>
  }
  /** Bytes of a file that lies here; null where it does not. */
  read(cid: Cid, at: number, length: number): Promise<Uint8Array | null>
}

/** Asks a keeper's devices for a random piece of a file that lies here, too. */
export class PieceProbe {
  constructor(private readonly parts: PieceProbeParts) {}

  /** Whether one of them gave it, and it is right; null where none is there, or it cannot be compared here. */
  async ask(keeper: Address, { cid, infohash, size }: PublishedFile): Promise<boolean | null> {
    const { random, links, read } = this.parts
    const devices = links.devicesOf(keeper).slice(0, devicesMost)
    if (devices.length === 0) return null
    const index = 1 + new DataView(random.bytes(4).buffer).getUint32(0) % sectionCount(size)
    const { at, length: all } = sectionRange(size, index)
    const length = Math.min(all, limits.sectionPartBytes)
    const own = await read(cid, at, length)
    if (own === null) return null
    for (const peerId of devices) {
      const part = await links.section(peerId, { cid, infohash, index, at: 0 }, length).catch(() => null)
      if (part !== null && equalBytes(part.bytes, own)) return true
    }
    return false
  }
}

/** Of one keeper: who has more keeps on one of the first. */
const devicesMost = 4

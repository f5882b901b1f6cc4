import type { Member } from './types.ts'

/** Picks the bytes of one member out of a tar that comes in chunks. */
export class MemberSlice {
  private at = 0
  private readonly end: number

  constructor(private readonly member: Pick<Member, 'offset' | 'size'>) {
    this.end = member.offset + member.size
  }

  get done(): boolean {
    return this.at >= this.end
  }

  /** What of this chunk is the member's; often empty. */
  take<T extends ArrayBufferLike>(chunk: Uint8Array<T>): Uint8Array<T> {
    const [from, to] = [this.member.offset - this.at, this.end - this.at].map(edge => Math.min(Math.max(edge, 0), chunk.length))
    this.at += chunk.length
    return chunk.subarray(from, to)
  }
}

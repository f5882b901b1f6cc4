import { makePeerRecord, type DeviceKey, type PeerRecord } from './peer-record.ts'

/** This device's own record: signed anew, one `seq` higher, whenever its relays are others; `onSeq` keeps the number for the next start. */
export class OwnRecord {
  current: PeerRecord | null = null
  private relays = ''
  private signing: Promise<void> = Promise.resolve()

  constructor(private readonly key: DeviceKey, private seq: number, private readonly onSeq: (seq: number) => void) {}

  /** Resolves when `current` says `relays`. */
  async update(relays: readonly string[]): Promise<void> {
    const sorted = [...new Set(relays)].toSorted()
    if (sorted.join(' ') !== this.relays || this.current === null) {
      this.relays = sorted.join(' ')
      const seq = ++this.seq
      this.onSeq(seq)
      this.signing = this.sign(sorted, seq, this.signing)
    }
    await this.signing
  }

  private async sign(relays: readonly string[], seq: number, before: Promise<void>): Promise<void> {
    await before
    this.current = await makePeerRecord(this.key, { relays, seq })
  }
}

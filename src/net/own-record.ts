import { noNetworkId, toHex } from '../base/index.ts'
import { isAccountOf, makePeerRecord, type DeviceKey, type PeerRecord, type RecordAccount } from './peer-record.ts'

/**
 * This device's own record: signed anew, one `seq` higher, whenever its relays, its account or its network are others; `onSeq` keeps the number for the next
 * start. An account that does not know the device on this network is left out: with it nobody would take the record.
 */
export class OwnRecord {
  current: PeerRecord | null = null
  account: RecordAccount | null = null
  networkId: Uint8Array = noNetworkId
  private said = ''
  private signing: Promise<void> = Promise.resolve()

  constructor(private readonly key: DeviceKey, private seq: number, private readonly onSeq: (seq: number) => void) {}

  /** Resolves when `current` says `relays`, and whose device it is. */
  async update(relays: readonly string[]): Promise<void> {
    const sorted = [...new Set(relays)].toSorted()
    const { account, networkId } = this
    const saying = [...sorted, account?.address ?? '', account === null ? '' : toHex(account.signature), toHex(networkId)].join(' ')
    if (saying !== this.said || this.current === null) {
      this.said = saying
      const seq = ++this.seq
      this.onSeq(seq)
      this.signing = this.sign({ relays: sorted, seq }, account, networkId, this.signing.catch(() => {})) // told to whoever asked for it
    }
    const { signing } = this
    try { await signing } catch (error) {
      if (signing === this.signing) this.said = '' // nothing says it yet
      throw error
    }
  }

  private async sign(record: Pick<PeerRecord, 'relays' | 'seq'>, account: RecordAccount | null, networkId: Uint8Array, before: Promise<void>): Promise<void> {
    await before
    const known = account !== null && await isAccountOf(account, this.key.publicKey.raw, networkId)
    this.current = await makePeerRecord(this.key, { ...record, ...known && { account } }, networkId)
  }
}

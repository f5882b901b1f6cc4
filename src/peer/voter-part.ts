import type { Address } from '../base/index.ts'
import type { IdentityState } from '../keys/index.ts'
import type { Statement, UnsignedStatement } from '../ledger/index.ts'
import type { RecordAccount } from '../net/index.ts'
import type { DeskPart, DeskParts } from './desk-parts.ts'

/** Where it is said of this device whose it is. */
export interface RecordOfDevice {
  /** Ed25519 public key, null while it is not known. */
  readonly device: Uint8Array<ArrayBuffer> | null
  setAccount(account: RecordAccount | null): void
}

/** Keys that could not be asked are asked again after this. */
const againMs = 10_000

/** Votes and blocks of this peer are those of the person of this device, as long as their key can be used; and its record says so. */
export class VoterPart implements DeskPart {
  #identity: IdentityState | null = null
  /** Whose key is used, and by which device it was said so. */
  #voter: Address | null = null
  #bound = ''
  /** Counts what was begun: only the last of it matters. */
  #uses = 0
  /** When the keys could not be asked, ms since 1970. */
  #failedAt: number | null = null
  #closed = false

  constructor(private readonly parts: Pick<DeskParts, 'keys' | 'network' | 'sync' | 'clock'>, private readonly record: RecordOfDevice) {}

  onIdentity(identity: IdentityState | null): void {
    this.#identity = identity
    this.#failedAt = null
    const use = ++this.#uses
    void this.#use(use).catch(() => {
      if (this.#isOver(use)) return // of a former identity, or key of the device
      this.#failedAt = this.parts.clock.now()
      this.#drop()
    })
  }

  /** What failed may have been a disk that was busy. */
  onStatus(): void { if (this.#failedAt !== null && Math.abs(this.parts.clock.now() - this.#failedAt) >= againMs) this.onDevice() }

  /** The key of this device became known. */
  onDevice(): void { this.onIdentity(this.#identity) }

  close(): void { this.#closed = true }

  async #use(use: number): Promise<void> {
    const identity = this.#identity
    if (identity === null || identity.locked) { this.#drop(); return }
    const { address } = identity
    if (this.#voter !== null && this.#voter !== address) this.#drop()
    if (this.#voter === null) {
      const { ledger, address: whose } = await this.parts.keys.publicKeys()
      if (this.#isOver(use) || whose !== address) return
      this.#voter = address
      this.parts.sync.setVoter({ address, publicKey: ledger, sign: async statement => await this.#sign(statement) })
    }
    await this.#bind(identity, use)
  }

  async #bind({ address }: IdentityState, use: number): Promise<void> {
    const { record: { device }, parts: { keys, network } } = this
    const bound = device === null ? '' : `${address} ${device.join()}`
    if (device === null || this.#bound === bound) return
    const signature = await keys.sign('device', network, { address, device })
    if (this.#isOver(use)) return
    this.#bound = bound
    this.record.setAccount({ address, signature })
  }

  async #sign(statement: UnsignedStatement): Promise<Statement | null> {
    try {
      return { ...statement, signature: await this.parts.keys.sign('statement', this.parts.network, statement) }
    } catch { return null } // locked meanwhile, or another's by now
  }

  #drop(): void {
    if (this.#voter !== null) this.parts.sync.setVoter(null)
    if (this.#bound !== '') this.record.setAccount(null)
    this.#voter = null
    this.#bound = ''
  }

  #isOver(use: number): boolean { return this.#closed || this.#uses !== use }
}

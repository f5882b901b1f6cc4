import { HoldfastError, addressOfKey, limits, type Address, type Random, type Secp256k1 } from '../base/index.ts'
import { formatInvite } from '../content/index.ts'
import type { KeyService } from '../keys/index.ts'
import type { Account } from '../state/index.ts'
import type { BookChanges, BookStore, InviteValue } from './book-values.ts'
import type { Invite } from './wallet-api.ts'

export interface InviteBookParts {
  readonly network: string
  /** Address of the app, without a fragment. */
  readonly base: string
  readonly store: Pick<BookStore, 'values' | 'setValues'>
  readonly keys: Pick<KeyService, 'seal' | 'reveal'>
  readonly signatures: Secp256k1
  readonly random: Random
}

/** The invites made on this device. Their keys lie sealed; the links are in memory, since pages show them. */
export class InviteBook {
  readonly #values = new Map<Address, InviteValue>()
  readonly #links = new Map<Address, string>()

  private constructor(private readonly parts: InviteBookParts) {}

  static async open(parts: InviteBookParts): Promise<InviteBook> {
    const book = new InviteBook(parts)
    for (const [, value] of await parts.store.values('invite/')) book.#values.set(value.address, value)
    return book
  }

  /** Newest first. One whose coins are not there and not on their way is kept, since a key once given away is never thrown away unused, and not shown. */
  list(isComing: (wish: string) => boolean): readonly Invite[] {
    const shown = [...this.#values.values()].filter(({ stage, wish }) => stage !== 'offered' || isComing(wish))
    return shown.toReversed().map(({ address, amount, made, stage }) => ({ address, amount, made, stage, link: this.#links.get(address) ?? '' }))
  }

  ofWish(wish: string): InviteValue | null { return [...this.#values.values()].find(value => value.wish === wish) ?? null }
  linkOf(address: Address): string | null { return this.#links.get(address) ?? null }

  /** A new key for coins to lie under, kept before anything is sent to it. */
  async make(wish: string, amount: number, from: Address, made: number): Promise<InviteValue> {
    const { keys, signatures, random } = this.parts
    const secret = random.bytes(32)
    const address = addressOfKey(signatures.publicKey(secret))
    const value: InviteValue = { address, from, amount, made, wish, sealed: await keys.seal(secret), stage: 'offered' }
    await this.#keep(value)
    this.#note(value, secret)
    return value
  }

  /** Of one whose coins never left, or were taken. */
  async drop(address: Address): Promise<void> {
    this.#values.delete(address)
    this.#links.delete(address)
    await this.#write(address, undefined)
  }

  /** Makes the links of those that were made before the worker began; whether there were any. */
  async reveal(): Promise<boolean> {
    let changed = false
    for (const value of this.#values.values()) {
      if (this.#links.has(value.address)) continue
      const secret = await this.parts.keys.reveal(value.sealed).catch(() => null) // sealed by a key this device no longer has
      if (secret === null) continue
      this.#note(value, secret)
      changed = true
    }
    return changed
  }

  /** Asks how it stands with each, where asking is cheap with those that were taken too: a branch may give them back. Whether any has changed. */
  async look(account: (address: Address) => Promise<Account | null>, all: boolean): Promise<boolean> {
    let changed = false
    for (const value of Array.from(this.#values.values())) {
      if (value.stage === 'taken' && !all) continue
      const held = await account(value.address)
      const stage = held === null ? value.stage : held.nonce > 0n ? 'taken' : held.balance > 0 ? 'ready' : 'offered'
      if (stage === value.stage) continue
      await this.#keep({ ...value, stage })
      changed = true
    }
    return changed
  }

  async #keep(value: InviteValue): Promise<void> {
    await this.#write(value.address, value)
    this.#values.set(value.address, value)
    const spare = [...this.#values.values()].filter(({ stage }) => stage === 'taken')
    for (const { address } of spare.slice(0, Math.max(0, this.#values.size - limits.invites))) await this.drop(address)
  }

  async #write(address: Address, value: InviteValue | undefined): Promise<void> {
    const changes: BookChanges = {}
    changes[`invite/${address}`] = value
    await this.parts.store.setValues(changes)
  }

  #note({ address, from }: InviteValue, secret: Uint8Array<ArrayBuffer>): void {
    this.#links.set(address, this.parts.base + formatInvite({ network: this.parts.network, secret, from }))
    secret.fill(0)
  }

  /** `too-many` where no more can be open. */
  checkRoom(): void {
    if ([...this.#values.values()].filter(({ stage }) => stage !== 'taken').length >= limits.invites) throw new HoldfastError('too-many', 'too many invites are open')
  }
}

import { HoldfastError, KeyedLock, type Address, type Random } from '../base/index.ts'
import { putting, type Change, type Database, type IdentityRow } from '../store/index.ts'
import { ledgerKey, publicKeys } from './derivation.ts'
import { withFactomKeys } from './factom-keys.ts'
import type { OwnStore } from './own-store.ts'
import { checkNewPassphrase, freshStretching, keyOfPassphrase, openBytes, sealBytes, type Sealed } from './passphrase.ts'
import { entropyBytes, seedOf } from './phrase.ts'

/** What is secret of a person, in memory only. `id`: of the row it came from. */
export interface Secrets {
  readonly id: string
  readonly address: Address
  readonly entropy: Uint8Array<ArrayBuffer>
  readonly seed: Uint8Array<ArrayBuffer>
  /** secp256k1: what signs. */
  readonly ledger: Uint8Array<ArrayBuffer>
}

const devicePurpose = 'holdfast/phrase/1'
const passphrasePurpose = 'holdfast/phrase-passphrase/1'
/** There is one identity here; whoever changes it waits for whoever does. */
const one = 'identity'

/**
 * The one identity of this device: a row of the database, and once it is open its secrets in memory. The row is read anew for each act, so that
 * several of these over one database agree; it is replaced as a whole, in one transaction, so that a crash leaves the old one or the new one. Only the
 * phrase is kept, everything else is derived. With a passphrase it is locked until that was given here.
 */
export class IdentityBook {
  private opened: Secrets | null = null
  private readonly changing = new KeyedLock()

  /** `changed`: another row stands, or it was unlocked. */
  constructor(private readonly store: OwnStore, private readonly random: Random, private readonly changed: (row: IdentityRow) => void) {}

  async find(): Promise<IdentityRow | null> {
    return await this.store.use(async database => await database.setting('identity'))
  }

  /** The identity; made where there is none, and of several who make one at once all get the same. */
  async ensure(): Promise<IdentityRow> {
    const standing = await this.find()
    if (standing !== null) return standing
    const fresh = await this.rowOf(this.random.bytes(entropyBytes), null)
    const row = await this.store.use(async database => await database.settle('identity', fresh))
    if (row.id === fresh.id) this.changed(row)
    return row
  }

  isLocked({ id, passphrase }: IdentityRow): boolean {
    return passphrase !== null && this.opened?.id !== id
  }

  /** Throws `locked` where the passphrase was not given yet. */
  async secrets(): Promise<Secrets> {
    const row = await this.ensure()
    if (this.opened?.id === row.id) return this.opened
    if (row.passphrase !== null) throw new HoldfastError('locked', 'locked with a passphrase')
    return await this.remember(row, await this.entropyOf(row, ''))
  }

  /** `wrong-passphrase`, and it stays locked. */
  async unlock(passphrase: string): Promise<void> {
    await this.changing.run(one, async () => { // or one that was replaced meanwhile would be told of last
      const row = await this.ensure()
      if (row.passphrase === null) return
      await this.remember(row, await this.entropyOf(row, passphrase))
      this.changed(row)
    })
  }

  /** Locks it with `next`, or with null with nothing; `current` is that of now, asked for even while it is unlocked, and ignored where there is none. */
  async setPassphrase(current: string, next: string | null): Promise<void> {
    if (next !== null) checkNewPassphrase(next)
    await this.edit(async row => {
      const entropy = await this.entropyOf(row, current)
      await this.remember(row, entropy)
      return { ...row, ...await this.sealed(entropy, next) }
    })
  }

  async markBackedUp(how: 'words' | 'file'): Promise<void> {
    await this.edit(row => ({ ...row, backedUp: how }))
  }

  /**
   * Puts the identity behind `entropy` in the place of the present one, with whatever else belongs to it, all or nothing. Where it is the present one
   * already it stays, locked as it is. `factom`: texts of keys that were made elsewhere.
   */
  async replace(entropy: Uint8Array<ArrayBuffer>, how: 'words' | 'file', factom: readonly string[] = [], rest: (database: Database) => Promise<readonly Change[]> = async () => []): Promise<IdentityRow> {
    const [fresh, seed] = [await this.rowOf(entropy, how), await seedOf(entropy)]
    return await this.changing.run(one, async () => {
      const row = await this.store.use(async database => {
        const standing = await database.setting('identity')
        const base = standing?.address === fresh.address ? { ...standing, backedUp: how } : fresh
        const keys = await withFactomKeys(base.factom ?? [], factom, seed, this.random)
        const next = keys.length === 0 ? base : { ...base, factom: keys }
        await database.write([putting('settings', { name: 'identity', value: next }), ...await rest(database)])
        return next
      })
      this.changed(row)
      return row
    })
  }

  /** Puts what `make` makes of the row in its place; changes go one after the other. */
  async edit(make: (row: IdentityRow) => IdentityRow | Promise<IdentityRow>): Promise<void> {
    await this.changing.run(one, async () => {
      const row = await make(await this.ensure())
      await this.store.use(async database => { await database.set('identity', row) })
      this.changed(row)
    })
  }

  private async remember({ id, address }: IdentityRow, entropy: Uint8Array<ArrayBuffer>): Promise<Secrets> {
    const seed = await seedOf(entropy)
    return this.opened = { id, address, entropy, seed, ledger: ledgerKey(seed).secret }
  }

  private async rowOf(entropy: Uint8Array<ArrayBuffer>, backedUp: IdentityRow['backedUp']): Promise<IdentityRow> {
    return { id: crypto.randomUUID(), ...publicKeys(await seedOf(entropy)), ...await this.sealed(entropy, null), backedUp }
  }

  private async sealed(entropy: Uint8Array<ArrayBuffer>, passphrase: string | null): Promise<Pick<IdentityRow, 'secret' | 'passphrase'>> {
    const device = await this.store.deviceKey()
    if (passphrase === null) return { secret: await sealBytes(device, entropy, devicePurpose, this.random), passphrase: null }
    const stretching = freshStretching(this.random)
    const { iv, ct } = await sealBytes(await keyOfPassphrase(passphrase, stretching), entropy, passphrasePurpose, this.random)
    return { secret: await sealBytes(device, ct, devicePurpose, this.random), passphrase: { ...stretching, iv } }
  }

  private async entropyOf({ secret, passphrase: locked }: IdentityRow, passphrase: string): Promise<Uint8Array<ArrayBuffer>> {
    const ct = await openBytes(await this.store.deviceKey(), secret, devicePurpose)
    if (ct === null) throw new HoldfastError('storage-lost', 'sealed by a key this device no longer has')
    if (locked === null) return ct
    const inner: Sealed = { iv: locked.iv, ct }
    const entropy = await openBytes(await keyOfPassphrase(passphrase, locked), inner, passphrasePurpose)
    if (entropy === null) throw new HoldfastError('wrong-passphrase', 'the passphrase does not open the phrase')
    return entropy
  }
}

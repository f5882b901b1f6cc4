import type { Address } from '../base/index.ts'
import type { EnvelopePurpose, KeptName, KeyName } from '../content/index.ts'
import type { SealedKey } from '../store/index.ts'

/** A key of an upload, sealed to this device. `purpose`: what for it came; `missing`: see `KeptName`. */
export interface DekValue { readonly key: SealedKey, readonly purpose: EnvelopePurpose, readonly missing: number | null }

/** A purchase that is looked after here. `safe`: it was below the safety root; `refunded`: it was, and the coins came back. */
export interface PurchaseValue { readonly safe: boolean, readonly refunded: boolean }

export interface AccessValues {
  readonly [dek: `local/deks/${string}`]: DekValue
  /** Asked for by the person, ms since 1970. */
  readonly [asked: `local/asking/${string}`]: number
  readonly [purchase: `local/purchase/${string}`]: PurchaseValue
  /** To whom a key was given, and when last, ms since 1970. */
  readonly [given: `local/given/${string}`]: number
  /** Up to which root purchases were looked for. */
  readonly 'access/at': string
}

export type AccessChanges = { -readonly [Name in keyof AccessValues]?: AccessValues[Name] | undefined }

/** Where it is kept: a ledger store does. */
export interface AccessStore {
  value(name: 'access/at'): Promise<string | null>
  values<Prefix extends string>(prefix: Prefix): Promise<readonly (readonly [string, AccessValues[keyof AccessValues & `${Prefix}${string}`]])[]>
  /** Undefined forgets. */
  setValues(values: AccessChanges): Promise<void>
}

export function refOfKey({ cid, owner }: KeyName): string { return `${cid}/${owner}` }

/** The upload of a name that begins with it, and whose it is beside. */
export function keyNameOf(text: string): KeyName & { readonly who: Address } {
  const [cid = '', owner = '', who = ''] = text.split('/')
  return { cid, owner, who }
}

/** The keys of uploads on this device: for its owner, a reader, or to give to others. Written down before they count. */
export class DekBook {
  readonly #values = new Map<string, DekValue>()

  private constructor(private readonly store: AccessStore) {}

  static async open(store: AccessStore): Promise<DekBook> {
    const book = new DekBook(store)
    for (const [name, value] of await store.values('local/deks/')) book.#values.set(name.slice('local/deks/'.length), value)
    return book
  }

  of(name: KeyName): SealedKey | null { return this.#values.get(refOfKey(name))?.key ?? null }

  all(): readonly (KeptName & { readonly key: SealedKey })[] {
    return [...this.#values].map(([ref, value]) => {
      const { cid, owner } = keyNameOf(ref)
      return { cid, owner, ...value }
    })
  }

  /** A key to give to others becomes a reader's or the owner's own; never the other way. */
  async keep(name: KeyName, key: SealedKey, purpose: EnvelopePurpose): Promise<void> {
    const known = this.#values.get(refOfKey(name))
    if (known !== undefined && (known.purpose !== 'holder' || purpose === 'holder')) return
    await this.#set(name, { key, purpose, missing: null })
  }

  async mark({ cid, owner, missing }: KeptName): Promise<void> {
    const known = this.#values.get(refOfKey({ cid, owner }))
    if (known !== undefined) await this.#set({ cid, owner }, { ...known, missing })
  }

  /** It is a reader's from now on. */
  async own(name: KeyName): Promise<void> {
    const known = this.#values.get(refOfKey(name))
    if (known !== undefined) await this.#set(name, { key: known.key, purpose: 'access', missing: null })
  }

  async drop(name: KeyName): Promise<void> { await this.#set(name, undefined) }

  async #set(name: KeyName, value: DekValue | undefined): Promise<void> {
    const ref = refOfKey(name)
    const changes: AccessChanges = {}
    changes[`local/deks/${ref}`] = value
    await this.store.setValues(changes)
    if (value === undefined) this.#values.delete(ref)
    else this.#values.set(ref, value)
  }
}

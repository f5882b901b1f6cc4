import { HoldfastError, sha256, toHex, utf8, type Address, type Cid, type ErrorObject } from '../base/index.ts'
import type { BookChanges, BookStore, IntentValue, Place, Wish } from './book-values.ts'
import type { Stage } from './wallet-api.ts'

/** Something on its way that no block has yet, as it is shown. */
export interface Sending {
  readonly id: Cid
  /** Of the call that asked for it. */
  readonly wish: string
  readonly what: Wish
  readonly sender: Address
  /** Those it was ever signed with, the present one last. */
  readonly nonces: readonly bigint[]
  readonly fee: number
  /** Seconds since 1970. */
  readonly time: number
  readonly stage: Stage
  readonly problem: ErrorObject | null
  /** Whether it takes the coins of an invite. */
  readonly claims: boolean
}

/** What a caller is told: the nonce it was given, and the content id it was signed with. */
export interface Told { readonly nonce: bigint, readonly id: Cid }

/** One intent while the ledger is open. */
export interface Live {
  value: IntentValue
  /** Written down: nothing is done with it before. */
  kept: boolean
  stage: 'signing' | 'stamping'
  /** While it is being signed. */
  nonce: bigint | null
  readonly end: AbortController
  /** Who waits for it, and for what. */
  told: { readonly until: 'planned' | 'signed', readonly promise: PromiseWithResolvers<Told> } | null
  /** The head at which it was last refused for what may pass. */
  rests: Cid | null
}

export interface ShelfParts {
  readonly store: Pick<BookStore, 'values' | 'setValues'>
  /** Where a transaction stands on the chain; null where not. */
  placeOf(id: Cid): Place | null
  changed(): void
}

/** The intents there are, each kept before anything is done with it, and whoever waits for one. */
export class OutboxShelf {
  readonly #live = new Map<number, Live>()
  #next = 1

  private constructor(private readonly parts: ShelfParts) {}

  static async open(parts: ShelfParts): Promise<OutboxShelf> {
    const shelf = new OutboxShelf(parts)
    for (const [, value] of await parts.store.values('intent/')) shelf.#adopt(value, true)
    return shelf
  }

  /** In the order they were asked for. */
  all(): readonly Live[] { return [...this.#live.values()] }
  has(live: Live): boolean { return this.#live.get(live.value.number) === live }
  ofWish(wish: string): Live | null { return this.all().find(({ value }) => value.wish === wish) ?? null }
  find(id: Cid): Live | null { return this.all().find(live => live.value.versions.some(version => version.id === id) || show(live).id === id) ?? null }

  /** Where one stands, by whichever of its signings. */
  placeOf({ value }: Live): Place | null {
    for (const { id } of value.versions) {
      const place = this.parts.placeOf(id)
      if (place !== null) return place
    }
    return null
  }

  /** A new one, which a caller waits for from the beginning. */
  async add(intent: Omit<IntentValue, 'number' | 'versions' | 'since' | 'problem'>, until: 'planned' | 'signed'): Promise<{ readonly told: Promise<Told> }> {
    const live = this.#adopt({ ...intent, number: this.#next, versions: [], since: 0, problem: null }, false)
    const told = this.told(live, until)
    told.catch(() => {}) // where it cannot be written down nobody gets to hear it this way
    try { await this.keep(live, live.value) } catch (error) {
      this.#live.delete(live.value.number)
      this.refuse(live, HoldfastError.from(error))
      throw error
    }
    this.parts.changed()
    return { told }
  }

  async keep(live: Live, value: IntentValue): Promise<void> {
    await this.#write(value, value)
    live.value = value
    live.kept = true
  }

  async forget(live: Live): Promise<void> {
    this.#live.delete(live.value.number)
    this.parts.changed()
    await this.#write(live.value, undefined)
  }

  /** What a caller waits for. */
  async told(live: Live, until: 'planned' | 'signed'): Promise<Told> {
    const version = live.value.versions.at(-1)
    if (version !== undefined) return version
    live.told ??= { until, promise: Promise.withResolvers<Told>() }
    return await live.told.promise.promise
  }

  tell(live: Live, done: 'planned' | 'signed'): void {
    const { told } = live
    const { id, nonces } = show(live)
    const nonce = nonces.at(-1)
    if (told === null || nonce === undefined || done === 'planned' && told.until === 'signed') return
    live.told = null
    told.promise.resolve({ nonce, id })
  }

  refuse(live: Live, error: HoldfastError): void {
    const { told } = live
    live.told = null
    told?.promise.reject(error)
  }

  close(): void {
    for (const live of this.#live.values()) {
      live.end.abort()
      this.refuse(live, new HoldfastError('aborted', 'the ledger was closed'))
    }
  }

  #adopt(value: IntentValue, kept: boolean): Live {
    const live: Live = { value, kept, stage: 'signing', nonce: null, end: new AbortController(), told: null, rests: null }
    this.#live.set(value.number, live)
    this.#next = Math.max(this.#next, value.number + 1)
    return live
  }

  async #write({ number }: IntentValue, value: IntentValue | undefined): Promise<void> {
    const changes: BookChanges = {}
    changes[`intent/${String(number).padStart(12, '0')}`] = value
    await this.parts.store.setValues(changes)
  }
}

/** An intent as it is shown. One that was never signed has an id of this device's own. */
export function show({ value, nonce, stage }: Live): Sending {
  const { what, sender, problem, versions, made, wish, sealed } = value
  const last = versions.at(-1)
  const anew = nonce !== null && nonce !== last?.nonce
  return {
    wish, what, sender, problem, claims: sealed !== null, id: last?.id ?? toHex(sha256(utf8(`holdfast/wish/1 ${wish}`))), nonces: [...versions.map(version => version.nonce), ...anew ? [nonce] : []],
    fee: last?.fee ?? 0, time: last?.time ?? made, stage: problem !== null ? 'failed' : last === undefined || anew ? stage : 'offered',
  }
}

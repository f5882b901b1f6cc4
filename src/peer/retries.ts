import { HoldfastError, limits, type Cid, type Clock, type Infohash } from '../base/index.ts'
import { uploadKey, type Duty } from '../content/index.ts'
import type { ContentRow } from '../store/index.ts'
import { isDamage } from './row-edits.ts'

/** When what failed is fetched again, and what nobody has any more. Forgets with the program: a new start tries anew. */
export class Retries {
  readonly #failed = new Map<Cid, { readonly tries: number, readonly at: number }>()
  /** Uploads of which something is missing: for how long nobody who has it was seen while anybody could have been, and when that was looked at. */
  readonly #missing = new Map<string, { readonly ms: number, readonly at: number }>()

  constructor(private readonly clock: Clock) {}

  /** How the rows stand now. What the disk lost is fetched at once. */
  look(rows: Iterable<Pick<ContentRow, 'cid' | 'status' | 'problem'>>): void {
    const now = this.clock.now()
    for (const { cid, status, problem } of rows) {
      const known = this.#failed.get(cid)
      if (status === 'SEEDING' && known !== undefined) this.#failed.delete(cid)
      else if (status === 'FAILED' && known === undefined) {
        const damaged = problem !== null && isDamage(HoldfastError.fromObject(problem))
        this.#failed.set(cid, { tries: 0, at: damaged ? now : now + limits.refetchMs })
      }
    }
  }

  due(cid: Cid): boolean {
    return (this.#failed.get(cid)?.at ?? Infinity) <= this.clock.now()
  }

  tried(cid: Cid): void {
    const tries = (this.#failed.get(cid)?.tries ?? 0) + 1
    this.#failed.set(cid, { tries, at: this.clock.now() + Math.min(limits.refetchMostMs, limits.refetchMs * 2 ** tries) })
  }

  /** Whether nobody was seen who has what is missing of this upload, for so long that nobody has it. `met`: somebody gives this torrent now. */
  lost(duty: Duty, held: ReadonlyMap<Cid, ContentRow>, met: (infohash: Infohash) => boolean, online: boolean): boolean {
    const key = uploadKey(duty)
    const missing = duty.files.filter(({ cid }) => held.get(cid)?.status !== 'SEEDING')
    if (missing.length === 0 || missing.some(({ infohash }) => met(infohash))) {
      this.#missing.delete(key)
      return false
    }
    const now = this.clock.now()
    const { ms, at } = this.#missing.get(key) ?? { ms: 0, at: now }
    // A machine that slept looked at nothing meanwhile.
    const waited = online ? ms + Math.min(now - at, 2 * limits.reconcileMs) : ms
    this.#missing.set(key, { ms: waited, at: now })
    return waited >= limits.lostMs
  }
}

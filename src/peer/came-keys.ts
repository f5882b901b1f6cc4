import type { Cid } from '../base/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { KeyCame } from './duty-api.ts'

/** Keys of uploads that are on this device, as the ledger worker tells of them: files that lie here locked open with them, and others once they are fetched. */
export class CameKeys {
  readonly #keys = new Map<Cid, SealedKey>()
  #opening: Promise<void> = Promise.resolve()

  /** `rekey`: whether a file is here, which then has the key. */
  constructor(private readonly rekey: (cid: Cid, sealed: SealedKey) => Promise<boolean>) {}

  of(cid: Cid): SealedKey | null { return this.#keys.get(cid) ?? null }

  /** One after the other: to open a file takes reading it. */
  came(keys: readonly KeyCame[]): void {
    for (const { cid, sealed } of keys) {
      if (this.#keys.get(cid)?.ct.join() === sealed.ct.join()) continue
      this.#keys.set(cid, sealed)
      this.#opening = this.#opening.then(async () => { await this.rekey(cid, sealed) }).catch(() => {}) // told of by its row, or tried again at the next start
    }
  }
}

import type { LedgerService, TabStanding } from './ledger-api.ts'
import { watchPower } from './power.ts'
import { isMetered, lineHere } from './presence.ts'
import { tabLock } from './tab-lock.ts'
import type { Served } from './tab-rpc.ts'

/** Tells the ledger worker how this tab stands, and anew whenever it changes or another worker serves. A lock of its own tells when it is gone. */
export class OwnStanding {
  readonly #tab = crypto.randomUUID()
  #charging: boolean | null = null
  #ready = false

  constructor(private readonly ledger: Pick<Served<LedgerService>, 'stand'>) {
    const tell = () => { this.tell() }
    document.addEventListener('visibilitychange', tell)
    lineHere()?.addEventListener('change', tell)
    void this.#begin()
  }

  tell(): void {
    if (!this.#ready) return
    const standing: TabStanding = { visible: document.visibilityState === 'visible', charging: this.#charging, metered: isMetered(lineHere()) }
    this.ledger.stand(this.#tab, standing).catch(() => {}) // nobody serves: who begins to is told anew
  }

  async #begin(): Promise<void> {
    const locked = Promise.withResolvers<void>()
    navigator.locks.request(tabLock(this.#tab), async () => {
      locked.resolve()
      await new Promise<never>(() => {})
    }).catch(() => {}) // this page ends
    this.#charging = await watchPower(charging => {
      this.#charging = charging
      this.tell()
    })
    await locked.promise // or it would seem to be gone already
    this.#ready = true
    this.tell()
  }
}

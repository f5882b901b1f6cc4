import type { TabStanding } from './ledger-api.ts'
import { tabLock } from './tab-lock.ts'

/** How the tabs of this browser stand. One that is gone, however it went, is forgotten at once: its lock is free. */
export class TabStandings {
  readonly #tabs = new Map<string, TabStanding>()
  /** What was told last: of the machine, all tabs tell the same. */
  #last: TabStanding | null = null

  constructor(private readonly changed: () => void) {}

  /** Whether any tab is in sight. */
  get visible(): boolean { return [...this.#tabs.values()].some(({ visible }) => visible) }
  get charging(): boolean | null { return this.#last?.charging ?? null }
  get metered(): boolean { return this.#last?.metered ?? false }

  stand(tab: string, standing: TabStanding): void {
    const isNew = !this.#tabs.has(tab)
    this.#tabs.set(tab, standing)
    this.#last = standing
    if (isNew) void this.#watch(tab)
    this.changed()
  }

  async #watch(tab: string): Promise<void> {
    await navigator.locks.request(tabLock(tab), () => {}).catch(() => {}) // this context ends: nobody asks any more
    this.#tabs.delete(tab)
    this.changed()
  }
}

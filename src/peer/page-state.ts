import type { PeerState } from './state-api.ts'

/** The one state of a page: frozen snapshots, and whoever wants to hear of the next. Many changes of one task make one announcement. */
export class PageState {
  private readonly listeners = new Set<(state: PeerState) => void>()
  private announced = false

  constructor(private now: PeerState) {}

  get state(): PeerState {
    return this.now
  }

  subscribe(listener: (state: PeerState) => void): () => void {
    this.listeners.add(listener)
    return () => { this.listeners.delete(listener) }
  }

  set(change: Partial<PeerState>): void {
    this.now = Object.freeze({ ...this.now, ...change })
    if (this.announced) return
    this.announced = true
    queueMicrotask(() => {
      this.announced = false
      for (const listener of this.listeners) listener(this.now)
    })
  }
}

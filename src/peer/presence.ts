/**
 * The person and the machine as the page sees them: whether it is visible and online, whether leaving would hurt somebody, and the
 * wake lock that keeps the machine up meanwhile. Owns the `beforeunload` guard, which exists only while there is a reason for it.
 */
export class Presence {
  private busy = false
  private leavingAllowedUntil = 0
  private wakeLock: Promise<WakeLockSentinel | null> | null = null

  /** `nudge` is called whenever connections are worth another look: back online, or back in sight. */
  constructor(nudge: (online: boolean) => void) {
    const look = () => { nudge(navigator.onLine) }
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible') return
      look()
      if (this.busy) this.stayAwake()
    })
    look()
  }

  /** Whether closing the tab now would break something off: a share being prepared, files coming or going. */
  setBusy(busy: boolean): void {
    if (busy === this.busy) return
    this.busy = busy
    if (busy) {
      window.addEventListener('beforeunload', this.guard)
      this.stayAwake()
    } else {
      window.removeEventListener('beforeunload', this.guard)
      void this.wakeLock?.then(async lock => lock?.release())
      this.wakeLock = null
    }
  }

  /** A navigation that ends as a download asks `beforeunload` like any other, though nobody leaves. */
  expectDownload(): void {
    this.leavingAllowedUntil = performance.now() + 2000
  }

  private readonly guard = (event: BeforeUnloadEvent): void => {
    if (performance.now() > this.leavingAllowedUntil) event.preventDefault()
  }

  private stayAwake(): void {
    if (!('wakeLock' in navigator) || document.visibilityState !== 'visible') return
    this.wakeLock = navigator.wakeLock.request('screen').catch(() => null) // refused on low battery: nothing depends on it
  }
}

/** What leaving or sleeping would break off. `guard`: this tab must not be left unasked; `awake`: the machine must not sleep. */
export interface Busy { readonly guard: boolean, readonly awake: boolean }

/** Who is busy: files on their way, or the blocks of this device. */
export type BusyReason = 'transfers' | 'mining'

/** A connection as browsers that tell describe it (Network Information API). */
interface Line extends EventTarget { readonly type?: string, readonly saveData?: boolean }

export interface Standing { readonly online: boolean, readonly metered: boolean }

/**
 * The person and the machine as a page sees them: whether it is visible and online, what kind of connection there is, whether leaving would
 * hurt somebody, and the wake lock that keeps the machine up meanwhile. Owns the `beforeunload` guard, which exists only while there is a
 * reason for it.
 */
export class Presence {
  private busy: Busy = { guard: false, awake: false }
  private readonly reasons = new Map<BusyReason, Busy>()
  private leavingAllowedUntil = 0
  private wakeLock: Promise<WakeLockSentinel | null> | null = null

  /** `look` is called whenever connections are worth another look: `moved` when they changed, else this page is back in sight. */
  constructor(look: (moved: boolean) => void) {
    const moved = () => { look(true) }
    window.addEventListener('online', moved)
    window.addEventListener('offline', moved)
    lineHere()?.addEventListener('change', moved)
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible') return
      look(false)
      if (this.busy.awake) this.stayAwake() // a hidden page loses it
    })
  }

  setBusy(reason: BusyReason, of: Busy): void {
    this.reasons.set(reason, of)
    const before = this.busy
    const all = [...this.reasons.values()]
    const busy = this.busy = { guard: all.some(({ guard }) => guard), awake: all.some(({ awake }) => awake) }
    if (busy.guard !== before.guard) {
      if (busy.guard) window.addEventListener('beforeunload', this.guard)
      else window.removeEventListener('beforeunload', this.guard)
    }
    if (busy.awake === before.awake) return
    if (busy.awake) this.stayAwake()
    else {
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

/** How this machine stands now. A line that is paid by the byte is known as such only where the browser tells. */
export function standing(): Standing {
  return { online: navigator.onLine, metered: isMetered(lineHere()) }
}

export function isMetered(line: { readonly type?: string, readonly saveData?: boolean } | undefined): boolean {
  return line?.type === 'cellular' || line?.saveData === true
}

export function lineHere(): Line | undefined {
  return (navigator as { connection?: Line }).connection
}

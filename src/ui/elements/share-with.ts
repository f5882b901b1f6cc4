import { ProblemEvent } from '../events.ts'

/** Opens the system's own menu for sending something; only where `navigator.share` is. */
export function shareWith(from: EventTarget, data: ShareData): void {
  navigator.share(data).catch((error: unknown) => {
    // An AbortError is a menu closed without choosing: nothing to tell.
    if ((error as Error).name !== 'AbortError') from.dispatchEvent(new ProblemEvent(error))
  })
}

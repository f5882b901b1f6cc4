import type { Item } from './item-api.ts'
import type { ShareJob } from './share-api.ts'
import type { PeerState } from './state-api.ts'

type Seen = Pick<PeerState, 'jobs' | 'items'>
type State = ShareJob['state'] | Item['state']

/**
 * What happened that a person has not seen yet: jobs and items that failed, and those that ended well while nobody looked. Whatever is on show
 * counts as seen.
 */
export class Attention {
  private readonly waiting = new Set<string>()
  private before: ReadonlyMap<string, State> = new Map()

  /** How many things ask for attention now; `looking`: the page is in sight. */
  update({ jobs, items }: Seen, looking: boolean): number {
    const now = new Map<string, State>()
    const note = (key: string, state: State, asks: boolean) => {
      now.set(key, state)
      if (asks && state !== this.before.get(key)) this.waiting.add(key)
    }
    for (const { id, state } of jobs) note(`job ${id}`, state, state === 'failed')
    for (const { cid, state, job } of items) {
      const key = `item ${cid}`
      // What is here when it is first heard of was there before, unless a job made it.
      note(key, state, state === 'failed' || state === 'here' && (job !== null || this.before.has(key)))
    }
    for (const key of this.waiting) if (looking || !now.has(key)) this.waiting.delete(key)
    this.before = now
    return this.waiting.size
  }
}

interface BadgeNavigator { setAppBadge?(count: number): Promise<void>, clearAppBadge?(): Promise<void> }

/** Shows on the installed app's icon how many things ask for attention, where the system has such a thing. */
export class Badge {
  private readonly attention = new Attention()
  private last: Seen | null = null
  private shown = 0

  constructor() {
    document.addEventListener('visibilitychange', () => { if (this.last !== null) this.update(this.last) })
  }

  update(state: Seen): void {
    this.last = state
    const count = this.attention.update(state, document.visibilityState === 'visible')
    if (count === this.shown) return
    this.shown = count
    const { setAppBadge, clearAppBadge } = navigator as BadgeNavigator
    const done = count === 0 ? clearAppBadge?.call(navigator) : setAppBadge?.call(navigator, count)
    done?.catch(() => {}) // not installed, or the system has badges off: nothing depends on it
  }
}

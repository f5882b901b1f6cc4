import type { ShareOptions, SourceFile } from './api.ts'
import { jobLock } from './job-locks.ts'

/** All that is needed to do a share job, from its start, in whichever tab. */
export interface JobOrder {
  readonly id: string
  readonly title: string
  readonly files: readonly SourceFile[]
  readonly options: ShareOptions
  readonly startedAt: number
}

/** What tabs say to each other about share jobs. `wanted`: a tab that just came asks for the files of what is under way. */
type Said = { readonly order: JobOrder } | { readonly over: string } | { readonly wanted: true }

const channelName = 'holdfast/jobs'

/**
 * Copies of the files of all share jobs in all tabs of this browser. A `File` copied to another tab is a handle: it costs next to nothing,
 * and it can be read when the tab that was given it is gone (measured in Chromium). Whoever does a job holds its lock; all others wait
 * for the lock, and the first to get it goes on.
 */
export class JobFiles {
  private readonly channel = new BroadcastChannel(channelName)
  private readonly own = new Map<string, JobOrder>()
  private readonly standby = new Map<string, AbortController>()

  /** `takeOver` does a job whose tab is gone; the lock is held until it ends. */
  constructor(private readonly takeOver: (order: JobOrder) => Promise<void>) {
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => {
      if ('order' in data) this.keep(data.order)
      else if ('over' in data) this.standby.get(data.over)?.abort()
      else for (const order of this.own.values()) this.say({ order })
    }
    const want = () => { this.say({ wanted: true }) }
    // A frozen tab would be given a job and do nothing for it.
    document.addEventListener('freeze', () => { for (const stop of this.standby.values()) stop.abort() })
    document.addEventListener('resume', want)
    want()
  }

  /** Does `work` as the tab that does job `id`. */
  async hold(id: string, work: () => Promise<void>): Promise<void> {
    await navigator.locks.request(jobLock(id), work)
  }

  /** Gives copies to all other tabs, also to those that come later, until the job is over. */
  offer(order: JobOrder): void {
    this.own.set(order.id, order)
    this.say({ order })
  }

  over(id: string): void {
    if (this.own.delete(id)) this.say({ over: id })
  }

  private keep(order: JobOrder): void {
    const { id } = order
    if (this.standby.has(id) || this.own.has(id)) return
    const stop = new AbortController()
    this.standby.set(id, stop)
    navigator.locks.request(jobLock(id), { signal: stop.signal }, async () => { await this.takeOver(order) })
      .catch(() => {}) // over, or not to be had: what becomes of the job stands in its row
      .finally(() => { this.standby.delete(id) })
  }

  private say(what: Said): void {
    this.channel.postMessage(what)
  }
}

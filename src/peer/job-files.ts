import { jobLock } from './job-locks.ts'
import type { ShareOptions, SourceFile } from './share-api.ts'

/** All that is needed to do a share job, from its start, in whichever tab. */
export interface JobOrder {
  readonly id: string
  readonly title: string
  readonly files: readonly SourceFile[]
  readonly options: ShareOptions
  readonly startedAt: number
}

/** Files of an order, from place `at` on, `total` in all. */
interface Part { readonly part: readonly SourceFile[], readonly at: number, readonly total: number, readonly of: Omit<JobOrder, 'files'> }

/**
 * What tabs say to each other about share jobs. `doing`: one that has begun; whoever wants copies of its files says `wanted`, with null
 * of whatever is under way, and they come in parts.
 */
type Said = { readonly doing: string } | { readonly over: string } | { readonly wanted: string | null } | Part

const channelName = 'holdfast/jobs'
/** Files copied in one task, as copying them takes time of the page: 0.7 ms each on a machine with a load of 15 a core (measured). */
const filesAtOnce = 50

/**
 * Copies of the files of all share jobs in all tabs of this browser. A `File` copied to another tab is a handle: no bytes are copied, and it
 * can be read when the tab that was given it is gone (measured in Chromium). Whoever does a job holds its lock; all others wait for the
 * lock, and the first to get it goes on. Where there is no other tab nothing is copied.
 */
export class JobFiles {
  private readonly channel = new BroadcastChannel(channelName)
  private readonly own = new Map<string, JobOrder>()
  private readonly coming = new Map<string, SourceFile[]>()
  private readonly standby = new Map<string, AbortController>()
  /** Jobs whose files are being said now; `again` where somebody asked too late to hear all of them. */
  private readonly sending = new Map<string, { again: boolean }>()

  /** `takeOver` does a job whose tab is gone; the lock is held until it ends. */
  constructor(private readonly takeOver: (order: JobOrder) => Promise<void>) {
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => { this.hear(data) }
    const want = () => { this.say({ wanted: null }) }
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
    this.say({ doing: order.id })
  }

  over(id: string): void {
    if (this.own.delete(id)) this.say({ over: id })
  }

  private hear(said: Said): void {
    if ('doing' in said) {
      if (!this.standby.has(said.doing)) this.say({ wanted: said.doing })
    } else if ('over' in said) {
      this.coming.delete(said.over)
      this.standby.get(said.over)?.abort()
    } else if ('wanted' in said) {
      for (const order of this.own.values()) if (said.wanted === null || said.wanted === order.id) void this.send(order)
    } else this.collect(said)
  }

  private async send({ files, ...of }: JobOrder): Promise<void> {
    const now = this.sending.get(of.id)
    if (now !== undefined) { now.again = true; return }
    const sending = { again: false }
    this.sending.set(of.id, sending)
    do {
      sending.again = false
      for (let at = 0; at < files.length && this.own.has(of.id); at += filesAtOnce) {
        this.say({ part: files.slice(at, at + filesAtOnce), at, total: files.length, of })
        await new Promise(done => { setTimeout(done) })
      }
    } while (sending.again)
    this.sending.delete(of.id)
  }

  private collect({ part, at, total, of }: Part): void {
    if (this.standby.has(of.id) || this.own.has(of.id)) return
    const files = at === 0 ? [] : this.coming.get(of.id)
    if (files === undefined || files.length !== at) return // came in the middle: all are said once more
    files.push(...part)
    this.coming.set(of.id, files)
    if (files.length < total) return
    this.coming.delete(of.id)
    this.keep({ ...of, files })
  }

  private keep(order: JobOrder): void {
    const { id } = order
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

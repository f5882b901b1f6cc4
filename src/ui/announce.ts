import { msg, str } from '@lit/localize'
import { percent } from './strings/format.ts'
import { publishWords } from './strings/uploads.ts'
import type { PeerState } from './types.ts'

/** Something under way, as far as a listener cares. */
export interface Progress { readonly id: string, readonly title: string, readonly done: number, readonly total: number, readonly words: string }

const pause = 5000

/**
 * What a live region says of transfers: the words of every new state, and 25, 50, 75 and 100 %, at most every five seconds.
 * Owns what was said last of each; while the region is silent only the newest words of each transfer are kept.
 */
export class Announcer {
  private readonly said = new Map<string, { quarter: number, words: string }>()
  private readonly waiting = new Map<string, string>()
  private last = Number.NEGATIVE_INFINITY

  /** The words to say now, or null. `now` in milliseconds. Call again by itself while something `waits`. */
  update(all: readonly Progress[], now: number): string | null {
    for (const { id, title, done, total, words } of all) {
      const quarter = Math.floor(percent(done, total) / 25)
      const before = this.said.get(id)
      this.said.set(id, { quarter, words })
      if (before === undefined || (before.quarter === quarter && before.words === words)) continue
      this.waiting.set(id, before.words !== words ? `${title}: ${words}` : msg(str`${title}: ${quarter * 25} %`))
    }
    if (this.waiting.size === 0 || now - this.last < pause) return null
    this.last = now
    const text = [...this.waiting.values()].join('. ')
    this.waiting.clear()
    return text
  }

  get waits(): boolean {
    return this.waiting.size > 0
  }
}

/** Everything under way in a snapshot, in words that change only when the state does. */
export function progressOf({ jobs, items }: PeerState): Progress[] {
  return [
    ...jobs.map(job => ({ id: job.id, title: job.title, done: job.done, total: job.bytes, words: job.state === 'failed' ? msg('stopped') : job.publish !== undefined ? publishWords(job.publish) : msg('preparing') })),
    ...items.map(item => ({ id: item.cid, title: item.title, done: item.received, total: item.size, words: itemWords(item.state) })),
  ]
}

function itemWords(state: PeerState['items'][number]['state']): string {
  return {
    waiting: () => msg('waiting for the sharer'),
    getting: () => msg('coming in'),
    checking: () => msg('being checked'),
    here: () => msg('all of it is here'),
    paused: () => msg('paused'),
    failed: () => msg('stopped'),
  }[state]()
}

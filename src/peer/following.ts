import { HoldfastError } from '../base/index.ts'
import type { Answered, News } from './tab-rpc.ts'

/** News kept while everything is asked for anew; when more come, the gap is noticed and all is asked for once more. */
const heldAtMost = 256

/**
 * Keeps up with a service: everything once, then what changes, each piece of news exactly once and in order. When another begins to
 * serve, or something was missed, everything is asked for again; until it is here, what was known stays.
 */
export class Following<T> {
  /** Whose news we follow, up to which number; null before the first answer. */
  private server: string | null = null
  private upTo = 0
  private held: News[] = []
  private joining = false
  /** Who began to serve while we asked. */
  private newest: string | null = null

  /** `learn`: all there is, or with `whole` false what changed. `failed`: it could not be asked for; the next one who serves is asked again. */
  constructor(private readonly snapshot: () => Promise<Answered<T>>, private readonly learn: (value: T, whole: boolean) => void, private readonly failed: (error: HoldfastError) => void) {}

  hello(server: string): void {
    if (server === this.server) return
    if (this.joining) this.newest = server
    else void this.join()
  }

  hear(news: News): void {
    if (!this.joining && news.server === this.server) { this.apply(news); return }
    this.held.push(news)
    if (this.held.length > heldAtMost) this.held.shift()
    if (!this.joining) void this.join()
  }

  async join(): Promise<void> {
    if (this.joining) return
    this.joining = true
    try {
      do {
        this.newest = null
        const { value, server, before } = await this.snapshot()
        this.server = server
        this.upTo = before
        this.learn(value, true)
      } while (this.newest !== null && this.newest !== this.server)
    } catch (error) {
      this.failed(HoldfastError.from(error))
      return
    } finally { this.joining = false }
    const held = this.held.splice(0)
    for (const news of held) {
      if (news.server === this.server) this.apply(news) // others are of one who serves no more
    }
  }

  private apply(news: News): void {
    if (news.number <= this.upTo) return
    if (news.number > this.upTo + 1) {
      this.held.push(news)
      void this.join()
      return
    }
    this.upTo = news.number
    this.learn(news.news as T, false)
  }
}

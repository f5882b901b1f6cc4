import { limits, type Clock, type Random } from '../base/index.ts'
import { fraction } from './chance.ts'
import type { PeerBook } from './peer-book.ts'
import type { judgePeers } from './peer-exchange.ts'

/** Two tabs opened at the same time: the relay learns of each a moment after it came. */
const firstPauseMs = 400
const longestPauseMs = 5 * 60_000
/** A relay that knows nobody yet is where the next one will turn up. */
const longestRelayPauseMs = limits.relayWantMs
const atOnce = 4

interface Source { have: number, pauseMs: number, dueAt: number, busy: boolean }

/**
 * Asks everybody we are connected to, relays first, who else there is: again and again where the answers bring something new,
 * ever more seldom where they do not.
 */
export class PeerFinder {
  private readonly sources = new Map<string, Source>()

  constructor(
    private readonly book: PeerBook,
    private readonly ask: (peerId: string, have: number) => Promise<unknown>,
    private readonly own: string,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly onFound: () => void,
    private readonly judge: (reply: unknown) => ReturnType<typeof judgePeers>,
  ) {}

  /** Asks who is due of those we are connected to. */
  tick(connected: readonly { readonly peerId: string, readonly relay: boolean }[]): void {
    const now = this.clock.now()
    for (const peerId of this.sources.keys()) if (!connected.some(each => each.peerId === peerId)) this.sources.delete(peerId)
    let room = atOnce - [...this.sources.values()].filter(({ busy }) => busy).length
    for (const { peerId, relay } of connected) {
      const source = this.sources.get(peerId) ?? { have: 0, pauseMs: firstPauseMs, dueAt: now, busy: false }
      this.sources.set(peerId, source)
      if (source.busy || source.dueAt > now || room <= 0) continue
      room--
      void this.pull(peerId, source, relay ? longestRelayPauseMs : longestPauseMs)
    }
  }

  /** Asks `peerId` now; resolves when what it said is in the book. */
  async pullFrom(peerId: string): Promise<void> {
    const source = this.sources.get(peerId) ?? { have: 0, pauseMs: firstPauseMs, dueAt: 0, busy: false }
    this.sources.set(peerId, source)
    if (!source.busy) await this.pull(peerId, source, longestPauseMs)
  }

  nudge(): void {
    for (const source of this.sources.values()) Object.assign(source, { dueAt: 0, pauseMs: firstPauseMs })
  }

  private async pull(peerId: string, source: Source, longest: number): Promise<void> {
    source.busy = true
    let news = 0
    try {
      const judged = await this.judge(await this.ask(peerId, source.have))
      for (const record of judged.ok ? judged.value : []) {
        if (record.peerId === this.own) continue
        if (record.peerId !== peerId) source.have++
        if (this.book.add(record, peerId)) news++
      }
    } catch { /* whoever does not answer is asked again later */ }
    source.busy = false
    const pause = news > 0 ? firstPauseMs : source.pauseMs
    source.dueAt = this.clock.now() + pause * (0.75 + fraction(this.random) / 2)
    source.pauseMs = Math.min(longest, pause * 2)
    if (news > 0) this.onFound()
  }
}

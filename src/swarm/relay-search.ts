import { limits, type Clock } from '../base/index.ts'
import type { FetchedFile } from './types.ts'
import type { WebSeeds } from './web-seeds.ts'

const firstPauseMs = 10_000
/** So long somebody who is connected may still say what describes the pieces: beginning anew would lose the connection. */
const patienceMs = 4000

/** A file that comes, as far as relays are concerned. */
export interface RelaySought {
  /** Whether the info dictionary is here. */
  readonly learned: boolean
  /** Whether somebody connected may still give it, or gives the pieces. */
  readonly supplied: boolean
  learn(info: Uint8Array<ArrayBuffer>): void
  addWebSeed(url: string): void
}

/**
 * Asks the relays of the network for one file, at once and then ever more seldom: for its info dictionary while nobody has told it, since where a relay alone holds the
 * file nobody will; and for its bytes while nobody gives them. A file that is given by people costs one question.
 */
export class RelaySearch {
  private asking = false
  private askAt = 0
  private pauseMs = firstPauseMs
  private learned = false
  private info: { readonly bytes: Uint8Array<ArrayBuffer>, readonly since: number } | null = null

  constructor(private readonly seeds: Pick<WebSeeds, 'info' | 'find'>, private readonly clock: Clock, private readonly file: FetchedFile, private readonly signal: AbortSignal) {}

  /** Does what is due; to be called about every second. */
  tick(sought: RelaySought): void {
    const now = this.clock.now()
    if (sought.learned && !this.learned) this.askAt = now + this.pauseMs // who joins with it asks for the bytes at once
    this.learned = sought.learned
    if (sought.learned) this.info = null
    else if (this.info !== null && (!sought.supplied || now - this.info.since >= patienceMs)) {
      const { bytes } = this.info
      this.info = null
      sought.learn(bytes)
      return
    }
    if (this.asking || this.info !== null || now < this.askAt || (sought.learned && sought.supplied)) return
    this.askAt = now + this.pauseMs
    this.pauseMs = Math.min(2 * this.pauseMs, limits.relaySeedMs)
    this.asking = true
    void this.ask(sought).finally(() => { this.asking = false })
  }

  private async ask(sought: RelaySought): Promise<void> {
    if (sought.learned) {
      for (const url of await this.seeds.find(this.file, this.signal)) sought.addWebSeed(url)
      return
    }
    const bytes = await this.seeds.info(this.file, this.signal)
    if (bytes === null) return
    this.info = { bytes, since: this.clock.now() }
    this.tick(sought)
  }
}

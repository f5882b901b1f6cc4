import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** What words of problems promise: it is tried again by itself. */
const againMs = 5000

/** What an element reads of the peer: the answer of whoever asked last counts, and what failed is read again after a while, as long as the element is there. */
export class Rereading implements ReactiveController {
  problem: unknown = null
  private turn = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  /** `read` looks, after each of its waits, whether it is still the last. */
  constructor(private readonly host: ReactiveControllerHost, private readonly read: (isLast: () => boolean) => Promise<void>) { host.addController(this) }

  hostDisconnected(): void {
    this.turn++
    clearTimeout(this.timer)
  }

  async again(): Promise<void> {
    clearTimeout(this.timer)
    const turn = ++this.turn
    const isLast = () => turn === this.turn
    try {
      await this.read(isLast)
      if (isLast()) this.problem = null
    } catch (error) {
      if (!isLast()) return
      this.problem = error
      this.timer = setTimeout(() => { void this.again() }, againMs)
    }
    this.host.requestUpdate()
  }
}

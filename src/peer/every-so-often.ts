/** Does something soon after it was asked for, never twice within `pauseMs`, and one after the other. */
export class EverySoOften {
  #timer: ReturnType<typeof setTimeout> | null = null
  #last = -Infinity
  #doing: Promise<void> = Promise.resolve()

  constructor(private readonly task: () => Promise<void>, private readonly pauseMs: number) {}

  ask(): void {
    this.#timer ??= setTimeout(() => { void this.now() }, Math.max(0, this.#last + this.pauseMs - performance.now()))
  }

  /** At once, whatever was asked for with it; resolves when it is done. What it throws is for it to tell of. */
  async now(): Promise<void> {
    this.#forget()
    this.#last = performance.now()
    this.#doing = this.#doing.then(this.task).catch(() => {})
    await this.#doing
  }

  stop(): void { this.#forget() }

  #forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}

/** Does something one at a time; asked for while it is done, once more after it. What it throws is for it to tell of. */
export class Rerun {
  #asked = false
  #running: Promise<void> | null = null

  constructor(private readonly task: () => Promise<void>) {}

  ask(): void { void this.now() }

  /** Resolves when it was done from beginning to end after this call. */
  async now(): Promise<void> {
    this.#asked = true
    this.#running ??= this.#run()
    await this.#running
  }

  async #run(): Promise<void> {
    while (this.#asked) {
      this.#asked = false
      try { await this.task() } catch {} // tried again when it is asked for again
    }
    this.#running = null
  }
}

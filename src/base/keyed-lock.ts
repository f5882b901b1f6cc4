/** Runs tasks of one key one after the other, in the order they came; tasks of different keys do not wait for each other. */
export class KeyedLock {
  private readonly last = new Map<string, Promise<unknown>>()

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const result = (this.last.get(key) ?? Promise.resolve()).then(task)
    const settled = result.then(() => undefined, () => undefined)
    this.last.set(key, settled)
    try {
      return await result
    } finally {
      if (this.last.get(key) === settled) this.last.delete(key)
    }
  }
}

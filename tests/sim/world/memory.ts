import type { SyncMemory, SyncValues } from '../../../src/sync/index.ts'

/** What a peer remembers beside its blocks, over any number of lives. */
export class Memory {
  readonly #values = new Map<string, unknown>()

  get size(): number { return this.#values.size }

  /** As one life has it: a write takes as long as `disk` does, and one that a kill cut off was never made. */
  of(disk: () => Promise<boolean>): SyncMemory {
    const values = this.#values
    return {
      async value<Name extends keyof SyncValues>(name: Name): Promise<SyncValues[Name] | null> {
        return (values.get(name) ?? null) as SyncValues[Name] | null
      },
      async values<Prefix extends string>(prefix: Prefix): Promise<readonly (readonly [string, SyncValues[keyof SyncValues & `${Prefix}${string}`]])[]> {
        const found: (readonly [string, unknown])[] = [...values].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => a < b ? -1 : 1)
        return found as (readonly [string, SyncValues[keyof SyncValues & `${Prefix}${string}`]])[]
      },
      async setValues(changes): Promise<void> {
        if (!await disk()) return await new Promise(() => { /* the life is over */ })
        for (const [name, value] of Object.entries(changes)) {
          if (value === undefined) values.delete(name)
          else values.set(name, value)
        }
      },
    }
  }

  wipe(): void { this.#values.clear() }
}

import { HoldfastError, decode, limits, type Cid } from '../base/index.ts'
import type { StateKey } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'

/** What states have, read many at a time and remembered: from here or, on metered lines, as others prove it. */
export class StateFacts {
  readonly #known = new Map<string, Uint8Array | null>()

  constructor(private readonly sync: Pick<Sync, 'read'>) {}

  /** False where nobody tells. */
  async load(root: Cid, keys: Iterable<StateKey<unknown>>): Promise<boolean> {
    const names = [...new Set([...keys].map(({ name }) => name))].filter(name => !this.#known.has(`${root} ${name}`))
    for (let at = 0; at < names.length; at += limits.provenKeys) {
      const asked = names.slice(at, at + limits.provenKeys)
      const found = await this.sync.read(asked, root)
      if (found === null) return false
      for (const [i, name] of asked.entries()) this.#known.set(`${root} ${name}`, found.values[i] ?? null)
    }
    return true
  }

  /** Whether it was loaded. */
  knows(root: Cid, { name }: StateKey<unknown>): boolean { return this.#known.has(`${root} ${name}`) }

  /** What was loaded. */
  get<T>(root: Cid, { name, codec }: StateKey<T>): T | null {
    const bytes = this.#known.get(`${root} ${name}`)
    if (bytes === undefined) throw new HoldfastError('internal', `${name} was not read`)
    const judged = bytes === null ? null : decode(codec, bytes)
    if (judged?.ok === false) throw new HoldfastError('storage-damaged', judged.reason)
    return judged?.value ?? null
  }
}

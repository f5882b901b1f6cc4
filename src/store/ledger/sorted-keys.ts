/** Text keys of rows in memory in their order, sorted when somebody asks after they changed. */
export class SortedKeys {
  #keys: readonly string[] | null = null

  /** Rows came or went. */
  changed(): void { this.#keys = null }

  /** Those of `rows` from `from` up to `end`, which is not one of them; no more than `most`. */
  between(rows: ReadonlyMap<string | number, unknown>, from: string, end: string, most: number): readonly string[] {
    const keys = this.#keys ??= [...rows.keys()].map(String).sort()
    const at = placeOf(keys, from)
    return keys.slice(at, Math.min(placeOf(keys, end), at + most))
  }
}

/** How many lie before `key`. */
function placeOf(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = low + high >>> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}

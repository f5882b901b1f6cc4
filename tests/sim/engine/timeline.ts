/** Something that happens at a time. */
export interface Happening { readonly at: number, readonly order: number, act: (() => void) | null }

/**
 * Virtual time: what shall happen lies in a heap by its time and, at one time, in the order in which it was asked for. After each of them all promises that
 * can settle do so, which takes one turn of the host's loop: code that waits for nothing but promises has then done all it can.
 */
export class Timeline {
  #now: number
  #order = 0
  readonly #heap: Happening[] = []
  /** How much has happened. */
  happened = 0

  constructor(start: number) { this.#now = start }

  /** Milliseconds since 1970. */
  get now(): number { return this.#now }

  at(time: number, act: () => void): Happening {
    const happening: Happening = { at: Math.max(this.#now, Math.round(time)), order: this.#order++, act }
    push(this.#heap, happening)
    return happening
  }

  after(ms: number, act: () => void): Happening { return this.at(this.#now + ms, act) }

  /** Lets things happen up to a time; `each` is called after each of them. */
  async run(until: number, each: () => void): Promise<void> {
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      pop(this.#heap)
      const { act } = next
      if (act === null) continue
      next.act = null
      this.#now = next.at
      this.happened++
      act()
      await settled()
      each()
    }
    this.#now = Math.max(this.#now, until)
  }
}

/** When every promise that can has settled: microtasks come before the host's next turn. */
function settled(): Promise<void> { return new Promise(resolve => { setImmediate(resolve) }) }

function before(a: Happening, b: Happening): boolean { return a.at < b.at || a.at === b.at && a.order < b.order }

function push(heap: Happening[], item: Happening): void {
  let at = heap.length
  heap.push(item)
  while (at > 0) {
    const up = at - 1 >> 1
    if (!before(item, heap[up]!)) break
    heap[at] = heap[up]!
    at = up
  }
  heap[at] = item
}

function pop(heap: Happening[]): void {
  const item = heap.pop()!
  if (heap.length === 0) return
  let at = 0
  for (;;) {
    let down = 2 * at + 1
    if (down >= heap.length) break
    if (down + 1 < heap.length && before(heap[down + 1]!, heap[down]!)) down++
    if (!before(heap[down]!, item)) break
    heap[at] = heap[down]!
    at = down
  }
  heap[at] = item
}

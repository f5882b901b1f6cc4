/** Something with a number that grows from one to the next. */
interface Numbered { readonly id: string, readonly order: number }

/** What waits in the order it came, so that what came after a number is found without a look at all before. What has gone is passed over, and let go of by and by. */
export class OrderLine<T extends Numbered> {
  #line: Numbered[] = []

  /** `get`: what is there by its id. */
  constructor(private readonly get: (id: string) => T | null) {}

  /** Its number is higher than all before. */
  add({ id, order }: T): void {
    this.#line.push({ id, order })
    if (this.#line.length < this.#tidyAt) return
    this.#line = this.#line.filter(each => this.#thing(each) !== null)
    this.#tidyAt = 2 * this.#line.length + 64
  }
  #tidyAt = 64

  /** At most so many of those that came after `cursor`, as they came. */
  after(cursor: number, most: number): readonly T[] {
    let [low, high] = [0, this.#line.length]
    while (low < high) {
      const middle = low + high >> 1
      if (this.#line[middle]!.order > cursor) high = middle
      else low = middle + 1
    }
    const found: T[] = []
    for (; low < this.#line.length && found.length < most; low++) {
      const thing = this.#thing(this.#line[low]!)
      if (thing !== null) found.push(thing)
    }
    return found
  }

  #thing({ id, order }: Numbered): T | null {
    const thing = this.get(id)
    return thing?.order === order ? thing : null
  }
}

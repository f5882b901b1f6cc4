import type { Random } from '../../../src/base/index.ts'

/** Chance that follows from a seed alone: sfc32, one stream for each who draws. */
export class Chance implements Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number, name: string) {
    this.#a = seed | 0
    this.#b = textHash(name, 0x811c9dc5)
    this.#c = textHash(name, 0x9e3779b9)
    for (let i = 0; i < 12; i++) this.next()
  }

  /** From 0 to 2^32 - 1. */
  next(): number {
    const sum = (this.#a + this.#b | 0) + this.#counter | 0
    this.#counter = this.#counter + 1 | 0
    this.#a = this.#b ^ this.#b >>> 9
    this.#b = this.#c + (this.#c << 3) | 0
    this.#c = (this.#c << 21 | this.#c >>> 11) + sum | 0
    return sum >>> 0
  }

  /** From 0 to below 1. */
  real(): number { return this.next() / 2 ** 32 }

  /** A whole number from 0 to below `end`. */
  below(end: number): number { return Math.floor(this.real() * end) }

  between(from: number, to: number): number { return from + this.real() * (to - from) }

  once(of: number): boolean { return this.real() < of }

  /** A wait whose end is as likely at any time. */
  wait(mean: number): number { return -Math.log((this.next() + 1) / 2 ** 32) * mean }

  pick<T>(list: readonly T[]): T { return list[this.below(list.length)]! }

  /** At most `count` of a list, in any order. */
  some<T>(list: readonly T[], count: number): T[] {
    if (list.length <= count) return [...list]
    const taken = new Set<number>()
    while (taken.size < count) taken.add(this.below(list.length))
    return Array.from(taken, at => list[at]!)
  }

  shuffled<T>(list: readonly T[]): T[] {
    const mixed = [...list]
    for (let end = mixed.length; end > 1; end--) {
      const at = this.below(end)
      const taken = mixed[at]!
      mixed[at] = mixed[end - 1]!
      mixed[end - 1] = taken
    }
    return mixed
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length)
    for (let i = 0, word = 0; i < length; i++, word >>>= 8) {
      if (i % 4 === 0) word = this.next()
      bytes[i] = word
    }
    return bytes
  }
}

/** FNV-1a over the characters of a text. */
function textHash(text: string, from: number): number {
  let value = from
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value | 0
}

/** Chance that follows from a number: mulberry32. Good enough to break things, the same on every machine. */
export class Chance {
  constructor(private state: number) {}

  /** For one input of one target, whatever came before it. */
  static of(seed: number, name: string, number: number): Chance {
    return new Chance(hash(new TextEncoder().encode(`${String(seed)}/${name}/${String(number)}`)))
  }

  /** For what follows from an input alone, such as where it is cut. */
  static from(bytes: Uint8Array): Chance {
    return new Chance(hash(bytes))
  }

  /** From 0 to 2^32 - 1. */
  next(): number {
    this.state = this.state + 0x6d2b79f5 | 0
    let value = Math.imul(this.state ^ this.state >>> 15, 1 | this.state)
    value = value + Math.imul(value ^ value >>> 7, 61 | value) ^ value
    return (value ^ value >>> 14) >>> 0
  }

  /** A whole number from 0 to below `end`; 0 where there is none. */
  below(end: number): number {
    return end < 1 ? 0 : this.next() % end
  }

  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  /** True once in `n`. */
  once(n: number): boolean {
    return this.below(n) === 0
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array): number {
  let value = 0x811c9dc5
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193)
  return value >>> 0
}

/** `bytes` in pieces whose places follow from the bytes: often tiny, at times large, some empty. */
export function pieces(bytes: Uint8Array): readonly Uint8Array[] {
  const chance = Chance.from(bytes)
  const most = Math.max(chance.pick([2, 600, 70_000]), Math.ceil(bytes.length / 1000))
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const length = chance.below(most)
    parts.push(bytes.subarray(at, at + length))
    at += length
  }
  return parts
}

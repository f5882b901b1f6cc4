/** Which of these items there are: the first in the highest bit, as BEP 3 has it. */
export function bitmap<T>(items: readonly T[], has: (item: T) => boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(items.length / 8))
  items.forEach((item, index) => { if (has(item)) bytes[index >> 3]! |= 0x80 >> (index & 7) })
  return bytes
}

/** The items whose bits are set; null where it is no bitmap of them, spare bits among it. */
export function chosen<T>(bytes: unknown, items: readonly T[]): readonly T[] | null {
  if (!(bytes instanceof Uint8Array) || bytes.length !== Math.ceil(items.length / 8)) return null
  if (items.length % 8 !== 0 && ((bytes.at(-1) ?? 0) & (0xff >> (items.length % 8))) !== 0) return null
  return items.filter((_, index) => ((bytes[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0)
}

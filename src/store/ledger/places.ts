import type { Place } from '../../hamt/index.ts'

/*
 * Many places (or pack numbers) in few bytes: in ascending order, each as its distance from the one before, seven bits a byte, the lowest first, the
 * top bit set on all but the last byte. Neighbours in a pack take one byte each, others three.
 */

export function encodePlaces(places: Iterable<Place>): Uint8Array<ArrayBuffer> {
  const sorted = Float64Array.from(places).sort()
  const bytes = new Uint8Array(8 * sorted.length) // a number below 2^53 takes at most eight
  let length = 0, before = 0
  for (const place of sorted) {
    let rest = place - before
    before = place
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes[length++] = rest % 0x80 | 0x80
    bytes[length++] = rest
  }
  return bytes.slice(0, length)
}

export function decodePlaces(bytes: Uint8Array): Place[] {
  const places: Place[] = []
  let before = 0, rest = 0, unit = 1
  for (const byte of bytes) {
    rest += (byte & 0x7f) * unit
    unit *= 0x80
    if (byte > 0x7f) continue
    before += rest
    places.push(before)
    rest = 0
    unit = 1
  }
  return places
}

type Tables = readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array]

/** Tables of the reflected polynomial of gzip (RFC 1952) for 8 bytes a step ("slicing by 8"): 1 GB/s where one byte a step gives a fifth. */
function makeTables(): Tables {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ 0xedb88320 : value >>> 1
    return value
  })
  const next = (table: Uint32Array) => table.map(value => value >>> 8 ^ first[value & 255]!)
  const [second, third, fourth] = [next(first), next(next(first)), next(next(next(first)))]
  return [first, second, third, fourth, next(fourth), next(next(fourth)), next(next(next(fourth))), next(next(next(next(fourth))))]
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = /* @__PURE__ */ makeTables()

/** CRC-32 of what gave `before` (0 at the beginning) followed by `bytes`. */
export function crc32(before: number, bytes: Uint8Array): number {
  let crc = ~before
  let at = 0
  for (const whole = bytes.length - 7; at < whole; at += 8) {
    crc ^= bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24
    crc = t7[crc & 255]! ^ t6[crc >>> 8 & 255]! ^ t5[crc >>> 16 & 255]! ^ t4[crc >>> 24]!
      ^ t3[bytes[at + 4]!]! ^ t2[bytes[at + 5]!]! ^ t1[bytes[at + 6]!]! ^ t0[bytes[at + 7]!]!
  }
  for (; at < bytes.length; at++) crc = crc >>> 8 ^ t0[(crc ^ bytes[at]!) & 255]!
  return ~crc >>> 0
}

/** A running CRC-32: a port, since WebAssembly does it in a third of the time, and is nothing for pure code. */
export interface RunningCrc32 {
  update(bytes: Uint8Array): void
  /** Of all bytes so far. */
  digest(): number
}

export class PlainCrc32 implements RunningCrc32 {
  private value = 0

  update(bytes: Uint8Array): void {
    this.value = crc32(this.value, bytes)
  }

  digest(): number {
    return this.value
  }
}

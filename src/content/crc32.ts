/** Tables of the reflected polynomial of gzip (RFC 1952), for 8 bytes a step ("slicing by 8"): 5 to 6 times as fast as one a step. */
const tables = Array.from({ length: 8 }, () => new Uint32Array(256))
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array]
for (let byte = 0; byte < 256; byte++) {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  t0[byte] = value
}
for (let byte = 0; byte < 256; byte++) {
  let value = t0[byte] ?? 0
  for (const table of tables.slice(1)) {
    value = (value >>> 8) ^ (t0[value & 255] ?? 0)
    table[byte] = value
  }
}

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

import { HoldfastError, concat, sha256, utf8 } from '../../base/index.ts'

const domain = utf8('holdfast/generation/1')
const two255 = 1n << 255n
/** ln 2 as a fraction of 2^128. */
const ln2 = 0xb17217f7d1cf79abc9e3b39803f2f6afn

/** The generation that a miner's block has on a parent of this generation: nobody chooses it. 32 bytes; `publicKey` is the compressed key. */
export function nextGeneration(generation: Uint8Array, publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  if (generation.length !== 32 || publicKey.length !== 33) throw new HoldfastError('bad-input', 'a generation has 32 bytes, a compressed key 33')
  return sha256(concat(domain, generation, publicKey))
}

/** The hit of a block of this generation (its own, not its parent's): exponentially distributed, the lower the sooner. At most 65 bits. */
export function hit(generation: Uint8Array): bigint {
  if (generation.length !== 32) throw new HoldfastError('bad-input', 'a generation has 32 bytes')
  return hitOf(new DataView(generation.buffer, generation.byteOffset, 32).getBigUint64(0))
}

/**
 * floor(2^59 * -ln((x + 1) / 2^64)) for 0 <= x < 2^64 by whole numbers alone, since `Math.log` differs between engines. The logarithm to base 2 is found bit
 * by bit: a number in [1, 2) is squared, and its logarithm's next digit is 1 where that reaches 2. 127 bits after the point are kept, the rest is cut off;
 * which bits are cut off is part of the rule.
 */
export function hitOf(x: bigint): bigint {
  if (x < 0n || x >= 1n << 64n) throw new HoldfastError('bad-input', 'not an unsigned number of 64 bits')
  const m = x + 1n
  const exponent = bitLength(m) - 1
  let y = m << BigInt(127 - exponent)
  let [high, low] = [0, 0] // the 64 digits, as two numbers of 32: a shift of a bigint for each would cost a third more
  for (let i = 0; i < 64; i++) {
    const square = y * y
    const digit = square >= two255 ? 1 : 0
    y = square >> (digit === 1 ? 128n : 127n)
    if (i < 32) high = high * 2 + digit
    else low = low * 2 + digit
  }
  const fraction = BigInt(high) << 32n | BigInt(low)
  return ((BigInt(64 - exponent) << 64n) - fraction) * ln2 >> 133n
}

function bitLength(value: bigint): number {
  return value.toString(2).length
}

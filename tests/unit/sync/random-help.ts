import type { Random } from '../../../src/base/index.ts'

/** Bytes that look random and follow from the seed (xorshift32). */
export function seeded(seed: number): Random {
  let state = seed * 2_654_435_761 >>> 0 || 1
  return {
    bytes(length) {
      return Uint8Array.from({ length }, () => {
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        return state >>> 0 & 255
      })
    },
  }
}

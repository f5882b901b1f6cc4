/** Numbers in [0, 1) that are the same for the same bytes (mulberry32); for drawings only. */
export function seeded(bytes: readonly number[]): () => number {
  let state = bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 16777619), 0x811c9dc5)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

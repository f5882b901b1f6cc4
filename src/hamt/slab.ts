/*
 * Memory for the encodings of nodes. A buffer for each would cost more to make and to collect than all else that is done to a node, so they share
 * slabs, filled one after the other. A slab is collected once no node in it is: many nodes die young, so `trim` moves the last ones of a slab
 * together.
 */
const slabBytes = 64 * 1024

let slab = new Uint8Array(0)
let used = 0

/** Bytes for one node. What they hold is whatever the caller puts there. */
export function room(length: number): Uint8Array<ArrayBuffer> {
  if (length > slabBytes / 4) return new Uint8Array(length)
  if (used + length > slab.length) {
    slab = new Uint8Array(slabBytes)
    used = 0
  }
  return slab.subarray(used, used += length)
}

/*
 * What stands at both ends of a gzip file (RFC 1952), as strictly as the recipe of archives writes it: one member. Its bytes in between are the
 * browser's to read, and browsers refuse what follows a member. Node reads several, and lets zeros follow; both end in another size than was
 * unpacked, so here and there the same archives are taken.
 */

/** Whether a file begins as ours do: deflate, and no flags, so without name, comment, extra field or header check that only some readers look at. */
export function beginsAsGzip(first: Uint8Array): boolean {
  return first.length >= 10 && first[0] === 0x1f && first[1] === 0x8b && first[2] === 8 && first[3] === 0
}

/** Whether the last bytes of a file say that `unpacked` bytes were packed, which gzip counts modulo 2^32. */
export function endsAsGzip(last: Uint8Array, unpacked: number): boolean {
  return last.length >= 4 && new DataView(last.buffer, last.byteOffset + last.length - 4).getUint32(0, true) === unpacked % 2 ** 32
}

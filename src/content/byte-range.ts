/** What part of a file is asked for: `end` is the byte after the last. */
export interface ByteRange { readonly at: number, readonly end: number }

/**
 * A `Range` header (RFC 9110, 14.2) for a file of `size` bytes. Null where the whole is to be given: there is none, it is not understood, or it
 * asks for several parts, which a server may answer with the whole. `unsatisfiable` where it lies outside.
 */
export function readRange(header: string | null, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=\s*(\d{0,16})-(\d{0,16})\s*$/i.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  if (first === '') return last.replaceAll('0', '') === '' || size === 0 ? 'unsatisfiable' : { at: Math.max(0, size - Number(last)), end: size }
  const [at, end] = [Number(first), last === '' ? size : Number(last) + 1]
  if (end <= at && last !== '') return null
  return at >= size ? 'unsatisfiable' : { at, end: Math.min(end, size) }
}

/** Whether a validator of `If-None-Match` (RFC 9110, 13.1.2) names this content. */
export function matchesAny(header: string | null, etag: string): boolean {
  return header !== null && (header.trim() === '*' || header.split(',').some(each => each.trim().replace(/^W\//, '') === etag))
}

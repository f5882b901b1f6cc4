/**
 * A content identifier: SHA-256 of the stored bytes as 64 lower-case hexadecimal digits, so that `sha256sum` checks it.
 */
export type Cid = string

export function isCid(text: unknown): text is Cid {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text)
}

/** A BitTorrent v1 infohash: SHA-1 of the info dictionary as 40 lower-case hexadecimal digits. */
export type Infohash = string

export function isInfohash(text: unknown): text is Infohash {
  return typeof text === 'string' && /^[0-9a-f]{40}$/.test(text)
}

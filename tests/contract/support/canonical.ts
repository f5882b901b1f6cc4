import { toHex } from '../../../src/base/index.ts'

export interface CanonicalFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly cid: string
  readonly infohash: string
  readonly info: Uint8Array<ArrayBuffer>
  readonly name: string
  readonly pieceLength: number
}

/** `length` bytes nobody has seen before, so that every test has a swarm of its own. */
export function freshBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65536, length)))
  return bytes
}

/** The canonical torrent of an archive, put together by hand from the rule: an oracle beside the code under test. */
export async function canonical(bytes: Uint8Array<ArrayBuffer>, rename = (name: string): string => name): Promise<CanonicalFile> {
  const digest = async (name: string, data: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest(name, data))
  let pieceLength = 256 * 1024
  while (bytes.length / pieceLength > 1024 && pieceLength < 4 * 1024 * 1024) pieceLength *= 2
  const hashes = []
  for (let at = 0; at < bytes.length; at += pieceLength) hashes.push(await digest('SHA-1', bytes.subarray(at, at + pieceLength)))
  const cid = toHex(await digest('SHA-256', bytes))
  const name = rename(`${cid}.tgz`)
  const head = `d6:lengthi${bytes.length}e4:name${name.length}:${name}12:piece lengthi${pieceLength}e6:pieces${20 * hashes.length}:`
  const info = new Uint8Array(await new Blob([head, ...hashes, 'e']).arrayBuffer())
  return { bytes, cid, infohash: toHex(await digest('SHA-1', info)), info, name, pieceLength }
}

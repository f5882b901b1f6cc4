import { fromHex, sha256, toHex, type Cid } from '../base/index.ts'

/** How a list of blocked content names one: SHA-256 of the 32 bytes of its id, so that a list leads nobody to what it names. */
export function blockHash(cid: Cid): string {
  return toHex(sha256(fromHex(cid) ?? new Uint8Array(0)))
}

/** The hashes of a list: a line each, `#` begins a comment. `refused`: lines that are neither a hash nor empty. */
export function readBlockList(text: string): { readonly hashes: ReadonlySet<string>, readonly refused: number } {
  const lines = text.split(/\r\n|[\n\r]/).map(line => line.replace(/#.*$/, '').trim().toLowerCase()).filter(line => line !== '')
  const hashes = lines.filter(line => /^[0-9a-f]{64}$/.test(line))
  return { hashes: new Set(hashes), refused: lines.length - hashes.length }
}

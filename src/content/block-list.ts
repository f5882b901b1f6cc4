import { fromHex, isAddress, sha256, toHex, type Cid } from '../base/index.ts'

/** How a list of blocked content names one: SHA-256 of the 32 bytes of its id, so that a list leads nobody to what it names. */
export function blockHash(cid: Cid): string {
  return toHex(sha256(fromHex(cid) ?? new Uint8Array(0)))
}

/**
 * What a list names, a line each: hashes of contents, and addresses of people nothing of whom is kept; `#` begins a comment. `refused`: lines that are neither,
 * nor empty.
 */
export function readBlockList(text: string): { readonly entries: ReadonlySet<string>, readonly refused: number } {
  const lines = text.split(/\r\n|[\n\r]/).map(line => line.replace(/#.*$/, '').trim()).filter(line => line !== '').map(line => line.startsWith('T') ? line : line.toLowerCase())
  const entries = lines.filter(line => isAddress(line) || /^[0-9a-f]{64}$/.test(line))
  return { entries: new Set(entries), refused: lines.length - entries.length }
}

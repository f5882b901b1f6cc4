import { sha256, utf8 } from '../../../src/base/index.ts'
import { drop, put, type Edit } from '../../../src/store/ledger/records.ts'
import type { Records } from '../../../src/store/index.ts'

/** How many of the latest packs there are. */
export const kept = 6

/** Of any length up to 20,000. */
export function packOf(n: number): Uint8Array<ArrayBuffer> {
  const digest = sha256(utf8(`pack ${String(n)}`))
  return new Uint8Array((digest[0]! << 8 | digest[1]!) % 20_000).fill(digest[2]!)
}

/** The batch of that number, which also takes away the pack of an older one. */
export function batch(n: number): readonly Edit[] {
  return [put('packs', n, packOf(n)), put('values', 'number', { n }), ...n > kept ? [drop('packs', n - kept)] : []]
}

/** The number of the last one written. */
export async function written(records: Records): Promise<number> {
  const [value = null] = await records.get('values', ['number'])
  return (value as { n: number } | null)?.n ?? 0
}

/** Whether there is all that the batches up to that one leave, and nothing else. */
export async function isWhole(records: Records, n: number): Promise<boolean> {
  const numbers = Array.from({ length: Math.min(n, kept) }, (_, i) => Math.max(0, n - kept) + i + 1)
  const packs = await records.all('packs')
  return packs.length === numbers.length && packs.every((bytes, i) => Buffer.compare(bytes, packOf(numbers[i]!)) === 0)
}

import { entryHeadBytes } from './entry.ts'

/** Entry credits that a new chain costs beside its first entry. */
export const chainCredits = 10

/** Entry credits for an entry of so many bytes: one for each KiB of payload that is begun, and one at least. */
export function entryCredits(size: number): number { return Math.max(1, Math.ceil((size - entryHeadBytes) / 1024)) }

/** Least fee of a Factoid transaction in entry credits: for its KiBs, its outputs and its signatures. */
export function factoidFee({ size, outputs, signatures }: { readonly size: number, readonly outputs: number, readonly signatures: number }): number {
  return Math.ceil(size / 1024) + 10 * outputs + signatures
}

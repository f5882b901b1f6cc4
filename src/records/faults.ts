import { HoldfastError } from '../base/index.ts'

/** Why bytes or a text are not what they are offered as, one code for each rule. Those of Factom's items are spelled as in the vectors. */
export const recordFaults = [
  'varint-truncated', 'varint-noncanonical', 'varint-overflow', 'varint-trailing-bytes',
  'entry-short', 'entry-version', 'entry-too-big', 'extids-size-beyond-payload', 'extid-overruns-extids-size', 'extid-length-truncated', 'extid-zero-length', 'chainid-mismatch',
  'commit-length', 'commit-version', 'commit-credits', 'chain-commit-credits',
  'reveal-entryhash', 'reveal-chainidhash', 'reveal-weld', 'reveal-underpaid',
  'sig-invalid', 'sig-noncanonical-s', 'pubkey-small-order', 'pubkey-noncanonical',
  'tx-version', 'tx-truncated', 'tx-trailing-bytes', 'tx-too-big', 'tx-no-inputs', 'tx-amount-range', 'tx-sum-range', 'tx-outputs-exceed-inputs', 'tx-fee-too-low', 'tx-coinbase-shape',
  'rcd-type', 'rcd-hash-mismatch',
  'address-length', 'base58-char', 'address-prefix', 'address-checksum',
  'record-kind',
  'volume-count', 'volume-truncated', 'volume-chain',
  'block-truncated', 'block-trailing-bytes', 'block-version', 'block-chain', 'block-count', 'block-marker', 'block-object', 'block-body',
  'receipt-format', 'receipt-entry', 'receipt-step', 'receipt-entry-block', 'receipt-directory-block',
] as const

export type RecordFault = typeof recordFaults[number]

/** What became of bytes or a text: their value, or the first rule they break. */
export type Reading<T> = { readonly ok: true, readonly value: T } | BadReading
export interface BadReading { readonly ok: false, readonly code: RecordFault, readonly reason: string }

export function faulty(code: RecordFault, reason: string): BadReading { return { ok: false, code, reason } }

/** Thrown inside a decoder, and caught where it begins: nobody else sees it. */
export class Unreadable extends Error {
  readonly code: RecordFault

  constructor(code: RecordFault, reason: string) {
    super(reason)
    this.code = code
  }
}

/** What `read` returns, or the fault it met. Nothing else that it throws is caught. */
export function reading<T>(read: () => T): Reading<T> {
  try { return { ok: true, value: read() } } catch (error) {
    if (error instanceof Unreadable) return faulty(error.code, error.message)
    throw error
  }
}

/** For an encoder: what cannot be said in the format. `data.fault` has the code a decoder would give. */
export function unsayable(fault: RecordFault, message: string): HoldfastError {
  return new HoldfastError('bad-input', message, { fault })
}

import { recordRules } from '../records/index.ts'

/**
 * Why a block or transaction is refused: one code for each rule, cheap rules first. Verdicts depend on the chain alone, so all peers agree on them;
 * they travel in logs and answers, never in the chain.
 */
export const rules = [
  // of transactions
  'tx-encoding', 'unknown-op', 'tx-network', 'tx-early', 'tx-expired', 'tx-fee', 'stamp-forbidden', 'stamp-weak',
  'tx-signature', 'tx-nonce', 'tx-witness', 'tx-balance', 'amount-range', 'thread-unknown',
  // of uploads, their keepers and purchases
  'upload-exists', 'upload-unknown', 'upload-over', 'upload-terms', 'upload-key', 'upload-holders', 'upload-keepers', 'upload-readers', 'upload-stamped', 'rent-unpaid',
  'keeper-unknown', 'keeper-bond', 'keeper-full', 'keeper-void', 'keep-twice', 'offer-unknown', 'offer-taken', 'duty-unknown', 'audit-period', 'audit-pick', 'audit-proof',
  'buy-price', 'buy-twice', 'buy-unknown', 'grant-stranger', 'grant-closed', 'settle-excess', 'settle-done', 'settle-early', 'settle-secret', 'settle-opens',
  // of blocks, from headers
  'block-encoding', 'block-network', 'unknown-parent', 'block-number', 'block-time', 'block-signature', 'power-root', 'base-target', 'generation', 'difficulty',
  'too-young', 'block-due',
  // of blocks, from bodies and states
  'body-encoding', 'body-mismatch', 'block-nonce', 'stamped-excess', 'unknown-record', 'books',
  // of records
  ...recordRules,
  // of receipts
  'receipt-encoding', 'receipt-signature', 'receipt-server', 'receipt-nonce', 'receipt-early', 'receipt-expired', 'receipt-seen', 'receipt-charge',
  // of statements
  'statement-encoding', 'statement-network', 'statement-signature',
] as const

export type Rule = typeof rules[number]

/** A value that keeps the rules, or the first rule it breaks. */
export type Verdict<T> = { readonly ok: true, readonly value: T } | Refusal

export interface Refusal {
  readonly ok: false
  readonly rule: Rule
  /** For logs and people who write clients. */
  readonly detail: string
  /** Which transaction or record of a block. */
  readonly index?: number
}

/**
 * A block that breaks no rule and is not looked at yet: its time is far ahead, or better ones wait for theirs; or (`headers-missing`) the headers here do not reach back
 * far enough to judge it. It may come again.
 */
export interface NotYet { readonly ok: false, readonly rule: 'not-yet' | 'headers-missing', readonly detail: string }

export function notYet(detail: string): NotYet { return { ok: false, rule: 'not-yet', detail } }
export function headersMissing(detail: string): NotYet { return { ok: false, rule: 'headers-missing', detail } }

export function keeps<T>(value: T): { readonly ok: true, readonly value: T } { return { ok: true, value } }

export function breaks(rule: Rule, detail: string): Refusal { return { ok: false, rule, detail } }

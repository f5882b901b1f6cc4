/**
 * Why a record is refused, cheap rules first. The ledger has these among its own; `amount-range` is its own already.
 */
export const recordRules = [
  'record-encoding', 'record-excess', 'record-early', 'record-expired', 'record-paid',
  'factoid-fee', 'factoid-balance', 'commit-credits', 'commit-open', 'chain-exists', 'chain-reserved', 'chain-unknown', 'chain-weld', 'reveal-uncommitted', 'reveal-credits',
] as const

export type RecordRule = typeof recordRules[number]

export interface RecordRefusal { readonly ok: false, readonly rule: RecordRule | 'amount-range', readonly detail: string }

export function refuse(rule: RecordRefusal['rule'], detail: string): RecordRefusal { return { ok: false, rule, detail } }

/** Rules that a record may keep later, when other records or blocks have come: whoever collects records lets it wait. */
export const waitingRules: ReadonlySet<string> = new Set<RecordRefusal['rule']>([
  'record-early', 'record-excess', 'factoid-balance', 'commit-credits', 'commit-open', 'chain-reserved', 'chain-unknown', 'chain-weld', 'reveal-uncommitted', 'reveal-credits', 'amount-range',
])

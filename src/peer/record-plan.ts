import type { ErrorObject } from '../base/index.ts'
import { commitWindow } from '../records/index.ts'
import { keys } from '../state/index.ts'
import type { Round } from './record-rounds.ts'
import type { LiveRecord } from './record-shelf.ts'
import { isOverAt, isOverForGood } from './record-standing.ts'

export interface SigningRules {
  /** How many may be signed and in no block at once. */
  readonly most: number
  /** Entry credits that are being bought for a key. */
  coming(key: string): number
  ofNumber(number: number): LiveRecord | null
  /** Why credits are missing, of the own key or of one of elsewhere. */
  poor(missing: number, by?: string): ErrorObject
}

export interface SigningPlan { readonly failed: readonly (readonly [LiveRecord, ErrorObject])[], readonly sign: readonly LiveRecord[] }

/** On its way, and in no block. */
export function isFlying({ value: { commits, place, problem } }: LiveRecord): boolean { return commits.length > 0 && place === null && problem === null }

/** What to sign now, in the order it was asked for, and what cannot be done any more. `own`: in that order, as `follow` left them; their chains are read, and credits of keys that pay. */
export function planSigning(own: readonly LiveRecord[], { ground, facts, payer }: Round, { most, coming, ofNumber, poor }: SigningRules): SigningPlan {
  const failed: (readonly [LiveRecord, ErrorObject])[] = []
  const sign: LiveRecord[] = []
  const waits = own.filter(({ value: { place, problem, spent } }) => place === null && problem === null && !spent)
  const isOpen = ({ value: { commits } }: LiveRecord): boolean => commits.some(item => !isOverForGood(ground, item, commitWindow))
  const left = new Map<string, number>()
  let flying = own.filter(isFlying).length
  const pay = (live: LiveRecord): boolean => {
    const { credits, by } = live.value
    const key = by ?? payer.credit
    const has = left.get(key) ?? (facts.get(ground.at.root, keys.credit(key)) ?? 0) + coming(key)
    if (credits > has) {
      failed.push([live, poor(credits - has, by)])
      return false
    }
    left.set(key, has - credits)
    return true
  }
  for (const live of waits) if (isOpen(live)) pay(live)
  for (const live of waits) {
    if (isOpen(live)) continue
    const isAgain = live.value.commits.length > 0
    if (isAgain && live.value.by !== undefined) {
      failed.push([live, lateOf]) // the person agreed to one signature
      continue
    }
    if (!isAgain && flying >= most) break
    const ready = readiness(live, ground.at.root, facts, ofNumber)
    if (ready === 'wait') continue
    if (ready !== 'go') failed.push([live, ready])
    else if (pay(live)) {
      sign.push(live)
      if (!isAgain) flying++
    }
  }
  return { failed, sign }
}

const lateOf: ErrorObject = { code: 'timeout', message: 'no block took its commit in time, and a key of elsewhere signs only when asked', data: { spent: false } }

/** Whether the chain is there, or as good as there, or will never be. */
function readiness({ value: { begins, chain, after } }: LiveRecord, root: string, facts: Round['facts'], ofNumber: SigningRules['ofNumber']): 'go' | 'wait' | ErrorObject {
  const isThere = facts.get(root, keys.chain(chain)) !== null
  if (begins) return isThere ? { code: 'already-exists', message: 'somebody else began this chain first', data: { spent: false } } : 'go'
  const beginner = after === null ? null : ofNumber(after)
  if (beginner !== null && beginner.value.problem !== null) return { code: 'not-found', message: 'its chain was not begun', data: { spent: false } }
  if (isThere) return 'go'
  if (after !== null && beginner === null) return { code: 'not-found', message: 'its chain was not begun', data: { spent: false } }
  return beginner?.value.spent === true ? 'go' : 'wait' // its ChainID is reserved then, and nobody else can begin it
}

/** Those whose commit a block may still take. */
export function commitsToOffer(own: readonly LiveRecord[], { ground }: Round): readonly LiveRecord[] {
  return own.filter(live => isFlying(live) && !live.value.spent && !isOverAt(ground.at, live.value.commits.at(-1)!, commitWindow))
}

/**
 * Those of a chain that may be revealed, in its order. The first goes with its commit, unless it begins the chain: then once that is paid, and with it the ChainID reserved for its key.
 * Those behind it go when all commits before them, and their own, are paid; a second copy of one when the first is there, as both are revealed by the same bytes; one that another key pays
 * for likewise, as blocks order what one payer has revealed and no more.
 */
export function revealsOf(line: Iterable<LiveRecord>): readonly LiveRecord[] {
  const reveals: LiveRecord[] = []
  const seen = new Set<string>()
  for (const live of line) {
    const { begins, spent, entryHash, by } = live.value
    if (reveals.length > 0 && reveals.at(-1)!.value.by !== by) break
    if (!isFlying(live) || !spent && (begins || reveals.length > 0) || seen.has(entryHash)) break
    seen.add(entryHash)
    reveals.push(live)
    if (!spent) break
  }
  return reveals
}

import { HoldfastError, type Cid, type ErrorObject } from '../base/index.ts'
import { stampedFault } from '../content/index.ts'
import { accountMeant, ancestor, ops, transactionLife, type Chain, type Link, type Refusal, type Rule } from '../ledger/index.ts'
import type { Account } from '../state/index.ts'
import type { IntentValue, Version, Wish } from './book-values.ts'

interface Rules { readonly chain: Chain, readonly range: number }

/** Whether a signed transaction can still get into a block that follows `head`. */
export function isViable({ nonce, time, witness }: Version, account: Account, head: Link, rules: Rules): boolean {
  return nonce > account.nonce && head.header.time - time <= transactionLife && isWitnessed(witness, head, rules)
}

function isWitnessed(witness: Version['witness'], head: Link, { chain, range }: Rules): boolean {
  return witness === null || witness.number > head.header.number - range && ancestor(chain, head, witness.number)?.root === witness.root
}

interface WitnessRules extends Rules {
  readonly short: number
  /** The sender's at a root; null where nobody tells. */
  nonceAt(root: Cid): Promise<bigint | null>
  /** Whether the head's root is known, and not that of its parent alone. */
  readonly knowsHead: boolean
  /** Whether its nonce follows from blocks above this one (null: any at all) that other branches may not have, and that are not the person's own affair of this device. */
  leans(on: Link | null): Promise<boolean>
}

/**
 * What a transaction is to take for granted. The first time a block deep enough that a short fork does not void it, or nothing where there is none (null); but the head, where
 * its nonce leans on what came since: on a branch without that it would wait for a nonce nobody uses. When it is signed again, a block after which none of the former
 * versions can come: so of all versions at most one is ever in a chain. Undefined: there is none yet.
 */
export async function witnessFor(versions: readonly Version[], head: Link, rules: WitnessRules): Promise<Link | null | undefined> {
  const { chain, short, knowsHead } = rules
  const settled = ancestor(chain, head, head.header.number - short)
  const newest = knowsHead ? head : head.parent === null ? null : chain.record(head.parent)
  if (versions.length === 0) return await rules.leans(settled) ? newest ?? undefined : settled
  for (const link of [settled, newest]) if (link !== null && await excludes(link, versions, rules)) return link
  return undefined
}

/** Whether none of the versions can come after a block. */
async function excludes(link: Link, versions: readonly Version[], rules: WitnessRules): Promise<boolean> {
  const nonce = await rules.nonceAt(link.root)
  return versions.every(version =>
    nonce !== null && nonce >= version.nonce || link.header.time - version.time > transactionLife || !isWitnessed(version.witness, link, rules))
}

/** Coins it takes beside the fee. */
export function spends({ op, body }: Wish): number { return (ops[op].spends as (body: Wish['body']) => number)(body) }

/** `bad-input` where coins would lie at their end with nobody; `data.account` is whose address was meant. */
export function checkReceiver({ op, body }: Wish): void {
  const account = op === 1 ? accountMeant(body.to) : null
  if (account !== null) throw new HoldfastError('bad-input', 'twelve zero bytes stand for an account in Factoid payments alone: wired there coins would be lost', { account })
}

/** Whether work may stand in for its fee. */
export function isStampable(what: Wish): boolean { return ops[what.op].stampable && (what.op !== 3 || stampedFault(what.body) === null) }

/** How wishes begin that no person had: others may be quicker, and what fails of these is forgotten. */
export const byItself = 'auto/'

/** Whether it has failed once a state refuses it. A message may answer one that comes back with another branch. */
export function endsWhereRefused({ op }: Wish): boolean { return op !== 1 && op !== 2 && op !== 7 }

/** Whether it may be otherwise on the next head. */
export function mayPass({ rule }: Refusal): boolean { return rule === 'tx-nonce' || rule === 'tx-witness' || rule === 'tx-expired' || rule === 'tx-early' }

/** Why a sender has not enough. */
export function poor({ sealed }: IntentValue): ErrorObject {
  return sealed === null ? { code: 'too-large', message: 'more than there is', data: {} } : { code: 'not-found', message: 'somebody else took the coins first', data: {} }
}

export function problemOf({ rule, detail }: Refusal): ErrorObject { return { code: codes[rule] ?? 'bad-input', message: detail, data: { rule } } }

/** What a refusal is to the person, where it is no fault of what was asked. */
const codes: { readonly [R in Rule]?: ErrorObject['code'] } = {
  'tx-balance': 'too-large', 'keeper-full': 'too-large', 'upload-exists': 'already-exists', 'buy-twice': 'already-exists',
  'thread-unknown': 'not-found', 'upload-unknown': 'not-found', 'upload-over': 'not-found', 'keeper-unknown': 'not-found', 'offer-unknown': 'not-found', 'offer-taken': 'not-found',
  'duty-unknown': 'not-found', 'buy-unknown': 'not-found', 'settle-done': 'not-found',
}

import { limits } from '../../base/index.ts'
import { keys, type OpenCommit, type StateView } from '../../state/index.ts'
import type { ChainCommitItem, EntryCommitItem } from '../judge-record.ts'
import { chainCredits } from '../prices.ts'
import type { PaidCommit } from './effects.ts'
import type { RecordContext } from './frame.ts'
import { commitWindow, judgePayment, notePayment, type Payment } from './payments.ts'
import { refuse, type RecordRefusal } from './verdict.ts'

export type CommitItem = EntryCommitItem | ChainCommitItem

/** Blocks after a chain commit's own in which nobody else may commit to its chain, as long as its window is open. */
export const reservedBlocks = 12

/** Where commits of an item wait: those for an entry under its hash, those for a chain under the hash of its ChainID. */
function placeOf(item: CommitItem): { readonly of: string, readonly credits: number } {
  return { of: item.kind === 'entry-commit' ? item.commit.entryHash : item.commit.chainIdHash, credits: item.commit.credits }
}

function paymentOf({ commit: { timestamp }, replayKey }: CommitItem): Payment { return { time: timestamp, window: commitWindow, paid: replayKey } }

/** The rule a commit breaks. Writes nothing. */
export async function judgeCommit(item: CommitItem, context: RecordContext): Promise<RecordRefusal | null> {
  const { state, frame } = context
  const { credits, publicKey } = item.commit
  const refusal = await judgePayment(paymentOf(item), context)
  if (refusal !== null) return refusal
  if (item.kind === 'chain-commit') {
    const taken = await judgeChainHash(item, context)
    if (taken !== null) return taken
  }
  const balance = await state.get(keys.credit(publicKey)) ?? 0
  if (credits > balance) return refuse('commit-credits', `${credits} entry credits of ${balance}`)
  const { length } = await openCommits(state, placeOf(item), frame.time)
  return length < limits.openCommits ? null : refuse('commit-open', `${length} commits wait for this entry with as many credits`)
}

async function judgeChainHash({ commit: { chainIdHash, publicKey } }: ChainCommitItem, { state, frame }: RecordContext): Promise<RecordRefusal | null> {
  if (await state.get(keys.chainOf(chainIdHash)) !== null) return refuse('chain-exists', 'the chain is there')
  const holder = await holderOf(chainIdHash, { state, frame })
  return holder === null || holder === publicKey ? null : refuse('chain-reserved', 'another key has committed to this chain')
}

/** Whose a chain is that is not there yet, null where it is nobody's. */
export async function holderOf(chainHash: string, { state, frame }: RecordContext): Promise<string | null> {
  const reservation = await state.get(keys.reserved(chainHash))
  return reservation === null || frame.number > reservation.until || !isOpen(reservation, frame.time) ? null : reservation.key
}

/** Takes the credits of a commit that was judged, and lets it wait for its entry. */
export async function payCommit(item: CommitItem, record: number, context: RecordContext): Promise<PaidCommit> {
  const { state } = context
  const { credits, publicKey } = item.commit
  const balance = await state.get(keys.credit(publicKey)) ?? 0
  state.set(keys.credit(publicKey), balance > credits ? balance - credits : null)
  await notePayment(paymentOf(item), placeOf(item), context)
  return await openCommit(item, record, context)
}

/** The part of it that the reveals of a block depend on. */
export async function openCommit(item: CommitItem, record: number, context: RecordContext): Promise<PaidCommit> {
  const { state, frame } = context
  const { commit: { credits, publicKey, timestamp, entryHash }, replayKey } = item
  const place = placeOf(item)
  const chain = item.kind === 'chain-commit' ? item.commit : null
  const first = chain === null ? null : { entry: entryHash, weld: chain.weld }
  const open = await openCommits(state, place, frame.time)
  state.set(keys.commits(place.of, credits), [...open, { paid: replayKey, key: publicKey, time: timestamp, block: frame.number, index: record, first }])
  if (chain !== null && await holderOf(place.of, context) === null) state.set(keys.reserved(place.of), { key: publicKey, until: frame.number + reservedBlocks, time: timestamp, paid: replayKey })
  return { record, paid: replayKey, credits, payer: publicKey, entry: entryHash, chainHash: chain?.chainIdHash ?? null }
}

/** Commits of a list whose windows are open, oldest first. */
async function openCommits(state: StateView, { of, credits }: { readonly of: string, readonly credits: number }, blockTime: number): Promise<readonly OpenCommit[]> {
  return (await state.get(keys.commits(of, credits)) ?? []).filter(commit => isOpen(commit, blockTime))
}

function isOpen({ time }: { readonly time: number }, blockTime: number): boolean { return 1_000 * blockTime <= time + commitWindow }

/** What a reveal asks for: commits to this entry of at least `cost`, under the hash they wait at. */
export interface CommitQuery {
  readonly of: string
  readonly entry: string
  readonly cost: number
  /** What else is wrong with one; null where it may be used. */
  fault(commit: OpenCommit): RecordRefusal | null
}

export interface FoundCommit { readonly of: string, readonly credits: number, readonly commit: OpenCommit }

const classes = chainCredits

/** The oldest commit that pays, or why none does. */
export async function findCommit({ of, entry, cost, fault }: CommitQuery, { state, frame }: RecordContext): Promise<{ readonly ok: true, readonly value: FoundCommit } | RecordRefusal> {
  const waiting = async (credits: number): Promise<readonly OpenCommit[]> => (await openCommits(state, { of, credits }, frame.time)).filter(({ first }) => (first?.entry ?? of) === entry)
  const least = cost > classes ? classes + 1 : 1
  let oldest: FoundCommit | null = null
  let refusal: RecordRefusal | null = null
  for (let credits = cost; credits < least + classes; credits++) {
    for (const commit of await waiting(credits)) {
      const broken = fault(commit)
      if (broken !== null) refusal = broken
      else if (oldest === null || isOlder(commit, oldest.commit)) oldest = { of, credits, commit }
    }
  }
  if (oldest !== null) return { ok: true, value: oldest }
  if (refusal !== null) return refusal
  for (let credits = least; credits < cost; credits++) {
    if ((await waiting(credits)).length > 0) return refuse('reveal-credits', `a commit with ${credits} entry credits, of ${cost}`)
  }
  return refuse('reveal-uncommitted', 'no commit waits for this entry')
}

function isOlder(one: OpenCommit, other: OpenCommit): boolean { return one.block < other.block || one.block === other.block && one.index < other.index }

/** A commit that was found is used up. */
export async function useCommit({ of, credits, commit: { paid } }: FoundCommit, { state, frame }: RecordContext): Promise<void> {
  const rest = (await openCommits(state, { of, credits }, frame.time)).filter(commit => commit.paid !== paid)
  state.set(keys.commits(of, credits), rest.length > 0 ? rest : null)
}

import { fromHex } from '../../base/index.ts'
import { chainCredits, chainIdHash, chainIdOf, commitWindow, entryCredits, factoidWindow, feePaid, judgeChainReveal, judgeEntryReveal, type EntryItem, type RecordItem } from '../../records/index.ts'
import { keys, type StateKey } from '../../state/index.ts'

/** What a record asks of the ledger, as far as it says so itself. */
export interface RecordNeeds {
  readonly kind: 'commit' | 'factoid' | 'reveal'
  /** What it does once: of two with one key one is enough. */
  readonly key: string
  /** What it takes from rows of the state: credits, or Factoid coins. */
  readonly takes: readonly { readonly from: StateKey<number>, readonly amount: number }[]
  /** Coins it brings a miner by itself; 0 for a reveal, which was paid for. */
  readonly worth: number
  /** Of a commit the entry it is for, of a reveal the entry; '' else. */
  readonly entry: string
  /** Of a reveal: its chain, and whether it could be its first entry. */
  readonly chain: string
  readonly begins: boolean
  /** Seconds: the latest time of a block that may have it. */
  readonly until: number
}

/** Of an entry, without what a chain costs. */
const mostCredits = 10

/** `rate`: coins for an entry credit. `now` in seconds: a reveal says no time; no commit that is made by now is open for longer than two windows. */
export function needsOf(item: RecordItem, rate: number, now: number): RecordNeeds {
  const none = { takes: [], worth: 0, entry: '', chain: '', begins: false }
  if (item.kind === 'entry') {
    const { hash, entry: { chainId, extIds } } = item
    return { ...none, kind: 'reveal', key: `entry/${hash}`, entry: hash, chain: chainId, begins: chainIdOf(extIds) === chainId, until: now + Math.floor(2 * commitWindow / 1000) }
  }
  if (item.kind === 'factoid') {
    const { timestamp, inputs } = item.transaction
    const takes = inputs.map(({ address, amount }) => ({ from: keys.factoid(address), amount: Number(amount) }))
    return { ...none, kind: 'factoid', key: `paid/${item.replayKey}`, takes, worth: Number(feePaid(item.transaction)), until: Math.floor((timestamp + factoidWindow) / 1000) }
  }
  const { timestamp, entryHash, credits, publicKey } = item.commit
  return {
    ...none, kind: 'commit', key: `paid/${item.replayKey}`, takes: [{ from: keys.credit(publicKey), amount: credits }], worth: credits * rate, entry: entryHash,
    until: Math.floor((timestamp + commitWindow) / 1000),
  }
}

/** Coins or credits it takes from a row of the state. */
export function takenFrom({ takes }: Pick<RecordNeeds, 'takes'>, row: string): number { return takes.reduce((sum, { from, amount }) => from.name === row ? sum + amount : sum, 0) }

/** Whether a commit pays for this reveal, as the first entry of its chain or as a further one. */
export function covers(commit: RecordItem, reveal: EntryItem, asFirst: boolean): boolean {
  if (commit.kind === 'chain-commit') return asFirst && judgeChainReveal(commit.commit, reveal.bytes).ok
  return commit.kind === 'entry-commit' && !asFirst && judgeEntryReveal(commit.commit, reveal.bytes).ok
}

/** By which names and with how many credits the state may have an open commit that pays for an entry: a chain's have ten more, and the hash of its ChainID for a name. */
export function commitNames({ hash, bytes, entry: { chainId } }: EntryItem, asFirst: boolean): readonly { readonly of: string, readonly credits: number }[] {
  const [of, more] = asFirst ? [chainIdHash(fromHex(chainId)!), chainCredits] : [hash, 0]
  const price = entryCredits(bytes.length)
  return Array.from({ length: mostCredits - price + 1 }, (_, i) => ({ of, credits: more + price + i }))
}

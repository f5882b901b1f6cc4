import type { Cid, ErrorObject } from '../base/index.ts'
import { commitWindow } from '../records/index.ts'
import { keys, type StateKey } from '../state/index.ts'
import type { Round } from './record-rounds.ts'
import type { LiveRecord } from './record-shelf.ts'
import { copyOf, isOverAt, isOverForGood, readFor, standingOf, type Standing } from './record-standing.ts'
import type { RecordValue } from './record-values.ts'

/** What became of one. `foundIn`: the block that has it, by its id. */
export interface RecordTurn { readonly live: LiveRecord, readonly change: Partial<RecordValue>, readonly foundIn: Cid | null }

/** Copies of one entry that are looked at to find an own one: more than one person makes of one. */
const mostCopies = 64

/** Reads off the newest state what became of the person's entries. `safe`: number of the safety root. Null where nobody tells. */
export async function follow(own: readonly LiveRecord[], round: Round, safe: number, now: number): Promise<readonly RecordTurn[] | null> {
  const { ground, facts, idAt } = round
  const { root } = ground.at
  const looked = own.filter(live => isLooked(live, round))
  const reads = new Map<Cid, StateKey<unknown>[]>([[root, looked.flatMap(({ value }) => [keys.entry(value.entryHash), keys.chain(value.chain)])]])
  for (const { value } of looked) {
    for (const [at, key] of readFor(value, ground)) {
      const some = reads.get(at)
      if (some === undefined) reads.set(at, [key])
      else some.push(key)
    }
  }
  for (const [at, some] of reads) if (!await facts.load(at, some) && at === root) return null // older ones may be at hand with nobody
  const standings = looked.map(({ value }) => standingOf(value, ground, facts))
  const copies = (value: RecordValue): readonly StateKey<unknown>[] => copiesOf(value, facts.get(root, keys.entry(value.entryHash))?.count ?? 0).map(index => keys.entryCopy(value.entryHash, index))
  if (!await facts.load(root, looked.flatMap(({ value }, i) => isUsed(standings[i]!) ? copies(value) : []))) return null

  const taken = takenOf(own.filter(live => !looked.includes(live)))
  const turns = looked.map((live, i) => turnOf(live, standings[i]!, round, taken))
  const turned = new Set(turns.map(({ live }) => live))
  return [...turns, ...own.filter(live => !turned.has(live)).map(live => ({ live, change: {}, foundIn: live.foundIn }))].flatMap(turn => {
    const { live: { value }, change, foundIn } = turn
    const place = 'place' in change ? change.place ?? null : value.place
    const isSafe = place !== null && value.safe === null && place.block <= safe && foundIn === idAt(place.block)
    const whole = isSafe ? { ...turn, change: { ...change, safe: now } } : turn
    return Object.keys(whole.change).length > 0 || turned.has(turn.live) ? [whole] : []
  })
}

/** Whether the chain may say something else of it than it did. */
function isLooked({ value: { safe, commits, place, problem }, foundIn }: LiveRecord, { ground, idAt }: Round): boolean {
  if (safe !== null || commits.length === 0) return false
  if (place !== null) return foundIn === null || foundIn !== idAt(place.block)
  return problem === null || commits.some(item => !isOverForGood(ground, item, commitWindow))
}

function isUsed({ paid, open }: Standing): boolean { return paid === true && open === null }

/** Indexes among all copies that may be its own: those that were not there before, and the last one. */
function copiesOf({ copies }: RecordValue, count: number): readonly number[] {
  const fresh = Array.from({ length: Math.min(mostCopies, Math.max(0, count - copies)) }, (_, i) => copies + i)
  return count === 0 || fresh.includes(count - 1) ? fresh : [...fresh, count - 1]
}

/** Places of own copies, by what they are copies of. */
function takenOf(lives: readonly LiveRecord[]): Map<string, Set<number>> {
  const taken = new Map<string, Set<number>>()
  for (const { value: { entryHash, place } } of lives) if (place !== null) taken.set(entryHash, (taken.get(entryHash) ?? new Set()).add(place.index))
  return taken
}

function turnOf(live: LiveRecord, standing: Standing, { ground, facts, idAt }: Round, taken: Map<string, Set<number>>): RecordTurn {
  const { value } = live
  const { root } = ground.at
  if (isUsed(standing)) {
    const others = taken.get(value.entryHash) ?? new Set<number>()
    const there = copiesOf(value, facts.get(root, keys.entry(value.entryHash))?.count ?? 0).map(index => facts.get(root, keys.entryCopy(value.entryHash, index)))
    const copy = copyOf(value, there, others)
    if (copy !== null) {
      taken.set(value.entryHash, others.add(copy.index))
      const place = { block: copy.block, index: copy.index }
      return { live, change: changed(value, { spent: true, place, problem: null }), foundIn: idAt(copy.block) }
    }
  }
  const problem = problemOf(value, standing, facts.get(root, keys.chain(value.chain)) !== null, ground)
  return { live, change: changed(value, { spent: standing.paid === true, place: null, problem }), foundIn: null }
}

/** What is another than it was. */
function changed(value: RecordValue, next: Pick<RecordValue, 'spent' | 'place' | 'problem'>): Partial<RecordValue> {
  const isOther = (name: keyof typeof next): boolean => JSON.stringify(value[name]) !== JSON.stringify(next[name])
  return Object.fromEntries((['spent', 'place', 'problem'] as const).filter(isOther).map(name => [name, next[name]]))
}

function problemOf(value: RecordValue, { paid, open }: Standing, exists: boolean, ground: Round['ground']): ErrorObject | null {
  const spent = paid === true
  if (value.begins && exists) return { code: 'already-exists', message: 'somebody else began this chain first', data: { spent } }
  if (open !== null && isOverAt(ground.at, open, commitWindow)) return { code: 'timeout', message: 'its commit was paid, and no block took the entry in time', data: { spent } }
  if (paid === null && value.commits.every(item => isOverForGood(ground, item, commitWindow))) {
    return { code: 'timeout', message: 'this device was away too long to know whether it was recorded', data: { unsure: true } }
  }
  return spent && value.problem?.code === 'too-large' ? null : value.problem // there were enough credits after all
}

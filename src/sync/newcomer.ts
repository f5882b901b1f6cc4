import { HoldfastError, fromHex, limits, type Cid, type Random } from '../base/index.ts'
import { StateCopy } from '../hamt/index.ts'
import type { Ledger, PowerAt } from '../ledger/index.ts'
import { answerOf } from './ask.ts'
import type { Following } from './following.ts'
import { others } from './bodies.ts'
import type { StateNetwork } from './ports.ts'
import type { Powers } from './powers.ts'
import { rootOfPosition } from './positions.ts'
import type { Position } from './wire.ts'

export interface NewcomerParts {
  readonly ledger: Ledger
  readonly network: StateNetwork
  readonly random: Random
  readonly powers: Powers
  /** Seconds. */
  now(): number
  onChange(): void
  /** The ledger begins anew: its head is no descendant of the one before. */
  onBegun(): void
}

/** A branch that somebody told of: as many headers as the mutable range has, oldest first. */
interface Found { readonly from: string, readonly positions: readonly Position[] }

/** Branches remembered, each of another peer. */
const mostFound = 8

/**
 * Begins in the middle of a chain that is longer than the mutable range, where this peer is new or was away for too long: with headers as far back as the active set needs them, and the state
 * an epoch below the head, under a root that a header names. Headers are judged as far as what they are judged by is among them; what the whole of them is worth is what the votes of the
 * active set say, and the page tells.
 */
export class Newcomer {
  readonly #found = new Map<string, Found>()

  constructor(private readonly parts: NewcomerParts) {}

  /** Whether there is something to begin with, and this peer is still new: meanwhile it may have got to know the chain in another way. */
  get waiting(): boolean { return this.#found.size > 0 && this.#isNew }

  /** False where this peer is not new: what is here is not given up because somebody tells of more. */
  note(from: string, positions: readonly Position[]): boolean {
    if (!this.#isNew) return false
    this.#found.delete(from)
    this.#found.set(from, { from, positions })
    for (const oldest of this.#found.keys()) {
      if (this.#found.size <= mostFound) break
      this.#found.delete(oldest)
    }
    return true
  }

  /** Whether more of the chain was missed than branches may be deep. Blocks come quicker than they should, but not twice as quick. */
  get #isNew(): boolean {
    const { ledger: { head: { header: { number, time } }, parameters: { range, blockTime } }, now } = this.parts
    return number === 0 || time < now() - range * blockTime / 2
  }

  /**
   * Begins with the branch that most told of, of such the most difficult one, which anybody can claim; with the next one where that is not what it seems. What is there stays
   * until then.
   */
  async begin(following: Following, signal: AbortSignal): Promise<void> {
    const all = [...this.#found.values()]
    const roots = all.map(({ positions }) => new Set(positions.map(rootOfPosition)))
    const told = new Map(all.map(each => [each, roots.filter(theirs => theirs.has(middleOf(each))).length]))
    const found = all.sort((a, b) => told.get(b)! - told.get(a)! || (difficulty(b) > difficulty(a) ? 1 : -1))
    this.#found.clear()
    for (const each of found) if (!signal.aborted && await this.#beginWith(each, following, signal)) return
  }

  async #beginWith({ from, positions: newest }: Found, following: Following, signal: AbortSignal): Promise<boolean> {
    const { ledger } = this.parts
    const { epoch, activeWindow, range } = ledger.parameters
    const head = newest.at(-1)!.header.number
    const wanted = Math.min(head, Math.max(activeWindow + 2 * epoch, range + epoch)) // for the active set of any fork from here on, and for witnesses
    const positions = await this.#judged(from, await this.#walkOn(from, newest, wanted, signal), signal)
    const at = positions?.[positions.length - 1 - epoch]
    if (positions === null || at === undefined) return false
    const root = rootOfPosition(at)
    const state = await this.#copy(from, root, at.state, signal)
    const adopted = state === null ? null : await this.#proved(from, positions, signal, async powerAt => await ledger.adopt(positions, root, state, powerAt))
    if (adopted?.ok !== true) return false
    this.parts.onBegun()
    await following.begin(from, adopted.value, signal)
    return true
  }

  /** As many of these headers, to the newest, as can be judged, before anything is copied; null where that is too few, or they break a rule. */
  async #judged(from: string, all: readonly Position[], signal: AbortSignal): Promise<readonly Position[] | null> {
    const { ledger, network } = this.parts
    const { epoch } = ledger.parameters
    for (let positions = all; positions.length > 2 * epoch && !signal.aborted; positions = positions.slice(epoch)) {
      const judged = await this.#proved(from, positions, signal, async powerAt => await ledger.judgeApart(positions, powerAt))
      if (judged?.ok === true) return positions
      if (judged === null || judged.rule === 'headers-missing') continue // the oldest powers are proved by nobody any more
      network.distrust(from, judged.detail)
      return null
    }
    return null
  }

  /** More headers before these, until there are so many; fewer where `from` has no more. */
  async #walkOn(from: string, newest: readonly Position[], wanted: number, signal: AbortSignal): Promise<readonly Position[]> {
    const back = newest.toReversed()
    while (back.length < wanted && !signal.aborted) {
      const named = back.at(-1)!.header.previousRoot
      const asked = Math.min(limits.walkDepth, wanted - back.length)
      const answer = named === null ? null : await answerOf(this.parts.network, from, 'walk', { root: named, depth: asked }, signal)
      if (answer === null) break
      for (const position of answer.blocks) {
        if (rootOfPosition(position) !== back.at(-1)!.header.previousRoot) return back.toReversed()
        back.push(position)
      }
      if (answer.blocks.length < asked) break
    }
    return back.toReversed()
  }

  async #copy(from: string, root: Cid, state: Cid, signal: AbortSignal): Promise<StateCopy | null> {
    const { network, random, onChange } = this.parts
    const copy = new StateCopy(fromHex(state)!)
    const sources = [from, ...others(network, random, from)]
    while (!copy.isWhole && !signal.aborted) { // in turn, so that one that is slow does not hold up all of it
      const source = sources.shift()
      if (source === undefined) break
      const paths = copy.wanted()
      const answer = await answerOf(network, source, 'below', { root, paths }, signal)
      const before = copy.nodes
      const taken = answer === null ? null : copy.take(paths, answer.nodes)
      if (taken?.ok === false) {
        if (taken.code === 'too-large') return null
        network.distrust(source, taken.reason)
      } else if (copy.nodes > before) sources.push(source)
      onChange()
    }
    return copy.isWhole ? copy : null
  }

  /** What comes of a judgement with the powers that `from` proves; null where it does not. */
  async #proved<T>(from: string, positions: readonly Position[], signal: AbortSignal, judge: (powerAt: PowerAt) => Promise<T>): Promise<T | null> {
    const states = new Map(positions.map(position => [rootOfPosition(position), position.state]))
    try { return await judge(this.parts.powers.for({ from, positions, stateOf: root => states.get(root) ?? null, signal })) } catch (error) {
      const { code, message } = HoldfastError.from(error)
      if (code === 'bad-reply') this.parts.network.distrust(from, message)
      else if (code !== 'peer-unreachable') throw error
      return null
    }
  }
}

function middleOf({ positions }: Found): Cid { return rootOfPosition(positions[positions.length >> 1]!) }

function difficulty({ positions }: Found): bigint { return positions.at(-1)!.header.difficulty }

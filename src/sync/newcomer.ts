import { HoldfastError, fromHex, limits, type Cid, type Random } from '../base/index.ts'
import { StateCopy } from '../hamt/index.ts'
import type { Ledger } from '../ledger/index.ts'
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

  get waiting(): boolean { return this.#found.size > 0 }

  note(from: string, positions: readonly Position[]): void {
    this.#found.delete(from)
    this.#found.set(from, { from, positions })
    for (const oldest of this.#found.keys()) {
      if (this.#found.size <= mostFound) break
      this.#found.delete(oldest)
    }
  }

  /** Begins with the most difficult branch that was found; with the next one where that is not what it seems. What is there stays until then. */
  async begin(following: Following, signal: AbortSignal): Promise<void> {
    const found = [...this.#found.values()].sort((a, b) => difficulty(b) > difficulty(a) ? 1 : -1)
    this.#found.clear()
    for (const each of found) if (!signal.aborted && await this.#beginWith(each, following, signal)) return
  }

  async #beginWith({ from, positions: newest }: Found, following: Following, signal: AbortSignal): Promise<boolean> {
    const { ledger, network } = this.parts
    const { epoch, activeWindow, range } = ledger.parameters
    const head = newest.at(-1)!.header.number
    const wanted = Math.min(head, Math.max(activeWindow + 2 * epoch, range + epoch)) // for the active set of any fork from here on, and for witnesses
    let positions = await this.#walkOn(from, newest, wanted, signal)
    const at = positions[positions.length - 1 - epoch]
    if (at === undefined) return false
    const root = rootOfPosition(at)
    const state = await this.#copy(from, root, at.state, signal)
    if (state === null) return false
    for (; positions[0] !== undefined && positions.length > 2 * epoch; positions = positions.slice(epoch)) {
      const adopted = await this.#adopt(from, positions, root, state, signal)
      if (adopted === null || !adopted.ok && adopted.rule === 'headers-missing') continue // the oldest powers are proved by nobody any more
      if (!adopted.ok) {
        network.distrust(from, adopted.detail)
        return false
      }
      this.parts.onBegun()
      await following.begin(from, adopted.value, signal)
      return true
    }
    return false
  }

  /** More headers before these, until there are so many; fewer where `from` has no more. */
  async #walkOn(from: string, newest: readonly Position[], wanted: number, signal: AbortSignal): Promise<readonly Position[]> {
    const back = newest.toReversed()
    while (back.length < wanted && !signal.aborted) {
      const named = back.at(-1)!.header.previousRoot
      const answer = named === null ? null : await answerOf(this.parts.network, from, 'walk', { root: named, depth: Math.min(limits.walkDepth, wanted - back.length) }, signal)
      if (answer === null || answer.blocks.length === 0) break
      for (const position of answer.blocks) {
        if (rootOfPosition(position) !== back.at(-1)!.header.previousRoot) return back.toReversed()
        back.push(position)
      }
    }
    return back.toReversed()
  }

  async #copy(from: string, root: Cid, state: Cid, signal: AbortSignal): Promise<StateCopy | null> {
    const { network, random, onChange } = this.parts
    const copy = new StateCopy(fromHex(state)!)
    for (const source of [from, ...others(network, random, from)]) {
      for (let gave = true; gave && !copy.isWhole && !signal.aborted;) {
        const paths = copy.wanted()
        const answer = await answerOf(network, source, 'below', { root, paths }, signal)
        const before = copy.nodes
        const taken = answer === null ? null : copy.take(paths, answer.nodes)
        if (taken?.ok === false) {
          if (taken.code === 'too-large') return null
          network.distrust(source, taken.reason)
        }
        gave = copy.nodes > before
        onChange()
      }
    }
    return copy.isWhole ? copy : null
  }

  /** Null where somebody's power is not proved by `from`. */
  async #adopt(from: string, positions: readonly Position[], at: Cid, state: StateCopy, signal: AbortSignal) {
    const states = new Map(positions.map(position => [rootOfPosition(position), position.state]))
    const powerAt = this.parts.powers.for({ from, positions, stateOf: root => states.get(root) ?? null, signal })
    try { return await this.parts.ledger.adopt(positions, at, state, powerAt) } catch (error) {
      const { code, message } = HoldfastError.from(error)
      if (code === 'bad-reply') this.parts.network.distrust(from, message)
      else if (code !== 'peer-unreachable') throw error
      return null
    }
  }
}

function difficulty({ positions }: Found): bigint { return positions.at(-1)!.header.difficulty }

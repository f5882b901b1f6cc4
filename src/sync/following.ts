import { HoldfastError, encode, limits, type Cid, type Random } from '../base/index.ts'
import { ActiveSets, activeSetRules, header as headerCodec, networkIdOf, type Branch, type Chain, type Header, type HeadVerdict, type Ledger, type Link } from '../ledger/index.ts'
import { Alerts } from './alerts.ts'
import type { SyncAlert, SyncFork, SyncMode } from './api.ts'
import { fetchNodes } from './bodies.ts'
import { bodyPatience } from './pace.ts'
import type { StateNetwork } from './ports.ts'
import { idOfHeader, rootOfPosition } from './positions.ts'
import type { Powers } from './powers.ts'
import { Resting } from './resting.ts'
import { walkBack } from './walk-back.ts'
import type { Position } from './wire.ts'

export interface FollowingParts {
  readonly ledger: Ledger
  readonly network: StateNetwork
  readonly random: Random
  readonly powers: Powers
  /** Seconds. */
  now(): number
  onChange(): void
  /** A branch that reaches back further than the mutable range, oldest first: no candidate, unless this peer is new. Returns whether it is. */
  onFar(from: string, positions: readonly Position[]): boolean
}

/** Seconds a false block is not looked at again. */
const refusedFor = 3_600
const mostForks = 32
/** Bodies asked for and executed in one go. */
const bodiesAtOnce = 16

/**
 * Takes the heads and blocks that others tell of, one after the other. Headers are judged before any body is fetched; a branch that would become the head is executed, block
 * by block, each of which the ledger judges by itself. In `headers` mode nothing is executed, and the best branch beyond the ledger's head is held in memory.
 */
export class Following {
  mode: SyncMode = 'full'
  behind = 0
  #light: Branch | null = null
  #forks: SyncFork[] = []
  /** Blocks by their ids and tips by their roots: those that are false, and those that are not looked at for a while. */
  readonly #false: Resting
  readonly #resting: Resting
  readonly #alerts: Alerts
  /** All blocks at hand, those held in memory among them. */
  readonly chain: Chain = { record: root => this.#record(root) }

  readonly #lightActive: ActiveSets

  constructor(private readonly parts: FollowingParts) {
    this.#false = new Resting(parts.now)
    this.#resting = new Resting(parts.now)
    this.#alerts = new Alerts(parts.onChange)
    this.#lightActive = new ActiveSets(this.chain, activeSetRules(parts.ledger.parameters))
  }

  /** Who has a say, by all blocks at hand. */
  get active(): ActiveSets { return this.#light === null ? this.parts.ledger.active : this.#lightActive }

  get alert(): SyncAlert | null { return this.#alerts.alert }
  get forks(): readonly SyncFork[] { return this.#forks }

  /** The newest block: in `headers` mode its root is only what its miner's peers claim. */
  get tip(): Link { return this.#light?.tip ?? this.parts.ledger.head }

  /** The newest block whose root is certain: executed here, or named by a child. */
  get certain(): Link {
    const { ledger } = this.parts
    if (this.#light === null) return ledger.head
    return this.#record(this.#light.tip.parent) ?? ledger.head
  }

  /** The parts of a root on a known branch. */
  position(root: Cid): Position | null { return this.parts.ledger.position(root) ?? this.#positions.get(root) ?? null }
  readonly #positions = new Map<Cid, Position>()

  /** Looks at the head of a peer, follows it where it is better. */
  async takeHead(from: string, position: Position, signal: AbortSignal): Promise<void> {
    const { ledger, network, now, onFar } = this.parts
    const { range, drift, blockTime } = ledger.parameters
    const root = rootOfPosition(position)
    if (position.header.time > now() + drift || this.#isResting(root)) return
    if (this.#isKnown(root)) { // it may have waited for its time on another branch
      if (this.mode === 'full' && root !== ledger.head.root) await ledger.consider(root, now())
      return
    }
    if (position.header.number < this.tip.header.number - range) return
    const walked = await walkBack({ network, from, start: position, isKnown: each => this.#isKnown(each), isGenesis: each => networkIdOf(each) === ledger.network, most: range, signal })
    if (walked.way === 'silent') return
    if (walked.way === 'false') network.distrust(from, 'headers that are not of their roots')
    else if (walked.way === 'found') await this.#takeBranch(from, walked.positions, signal)
    else if (!onFar(from, walked.positions)) this.#resting.add(root, blockTime)
  }

  /** Looks at a block that waits for its time, or came to it just now, on a block that is known. */
  async takeNext(from: string, header: Header, signal: AbortSignal): Promise<void> {
    const { ledger, random, network, now, onChange } = this.parts
    const { short, rescue } = ledger.parameters
    const parent = header.previousRoot === null ? null : ledger.chain.record(header.previousRoot)
    if (this.mode === 'headers' || parent === null || parent.header.number < ledger.head.header.number - short) return
    if (header.time > now() + rescue || parent.header.time > now()) return // nobody's turn is so far ahead
    const id = idOfHeader(header)
    if (this.#isResting(id) || ledger.childrenOf(parent.root).some(child => child.id === id) || this.#isOneTooMany(header)) return
    const judged = await this.#judged({ from, positions: [{ header, state: id }], name: id, signal }) // its root is not known: only its rank is looked at
    if (judged === null || !ledger.wants(judged.tip)) return
    let [came, isBusy] = [false, false]
    for await (const body of fetchNodes([header.body], { network, random, from, signal, onBusy() { isBusy = true } })) {
      came = true
      const verdict = await ledger.offer(encode(headerCodec, header), body, now())
      if (verdict.ok) onChange()
      else if (!isLater(verdict.rule)) this.#refuse(from, id, verdict.detail)
    }
    if (!came && !isBusy) this.#resting.add(id, bodyPatience)
  }

  /** Goes on from where the ledger was begun anew. */
  async begin(from: string, branch: Branch, signal: AbortSignal): Promise<void> {
    this.#light = null
    this.#alerts.calm()
    this.#positions.clear()
    await this.#execute(from, branch.links, signal)
  }

  /** After `mode` was set: what was followed by headers alone is executed. */
  async modeChanged(signal: AbortSignal): Promise<void> {
    const light = this.#light
    if (this.mode === 'headers' || light === null) return
    this.#light = null
    this.#positions.clear()
    const [some] = this.parts.network.neighbours()
    if (some !== undefined) await this.#execute(some.id, light.links, signal)
  }

  /** The head is another: a branch to decide about may be none any more. */
  headMoved(): void {
    const { branch } = this.#alerts
    if (branch !== null && this.parts.ledger.compare(branch, this.#light).verdict !== 'alert') this.#alerts.calm()
  }

  /** The person's word: the tip of an alert becomes the head, or its branch is never told of again. `not-found` where it is not what there is to decide, `peer-unreachable` where nobody gives its blocks. */
  async decide(tip: Cid, take: boolean, signal: AbortSignal): Promise<void> {
    const { from, branch, positions } = this.#alerts.about(tip)
    if (!take) return this.#alerts.decline()
    if (this.mode === 'headers') this.#lead(branch, positions)
    else {
      const isTrue = await this.#execute(from, branch.links, signal, Infinity)
      if (isTrue && this.parts.ledger.chain.record(tip) === null) throw new HoldfastError('peer-unreachable', 'nobody gives the blocks of this branch')
      if (isTrue) await this.parts.ledger.adoptTip(tip)
    }
    this.#alerts.calm()
  }

  async #takeBranch(from: string, positions: readonly Position[], signal: AbortSignal): Promise<void> {
    const { ledger } = this.parts
    const name = rootOfPosition(positions.at(-1)!)
    if (positions.length === 1 && this.#isOneTooMany(positions[0]!.header)) return
    const oldest = positions[0]!.header.previousRoot!
    const on = this.#light !== null && ledger.chain.record(oldest) === null ? this.#light : undefined
    const branch = await this.#judged({ from, positions, name, signal, on })
    if (branch === null || branch.links.some(({ id }) => this.#false.has(id))) return
    const verdict = ledger.compare(branch, this.#light)
    this.#noteFork(branch, verdict)
    if (verdict.verdict === 'alert') this.#alerts.raise({ from, branch, positions }, verdict.why, branch.links[0]!.header.number - 1)
    else if (this.#alerts.isAbout(branch)) this.#alerts.calm()
    if (verdict.verdict !== 'switch') this.#resting.add(name, ledger.parameters.blockTime) // only a better head than ours takes its place, and this one is worse
    else if (this.mode === 'headers') this.#lead(branch, positions)
    else await this.#execute(from, branch.links, signal)
  }

  /** The best branch is this one, by its headers. */
  #lead(branch: Branch, positions: readonly Position[]): void {
    this.#light = branch
    for (const position of positions) this.#positions.set(rootOfPosition(position), position)
    const wanted = new Set(branch.links.map(({ root }) => root))
    for (const root of this.#positions.keys()) if (!wanted.has(root)) this.#positions.delete(root)
    this.parts.onChange()
  }

  /**
   * Fetches and executes what is not here yet, as far as it comes in time: whoever gives it drop by drop must not keep us from others, who go on from there. False where a block is not
   * what its header or its peer says.
   */
  async #execute(from: string, links: readonly Link[], signal: AbortSignal, until = this.parts.now() + bodyPatience): Promise<boolean> {
    const { ledger, network, random, now, onChange } = this.parts
    const wanted = links.filter(({ root }) => ledger.chain.record(root) === null)
    const tip = links.at(-1)?.root ?? ''
    try {
      for (let at = 0; at < wanted.length && this.mode === 'full';) {
        this.behind = wanted.length - at
        if (this.behind > bodiesAtOnce) onChange()
        const batch = wanted.slice(at, at + bodiesAtOnce)
        let [got, isBusy] = [0, false]
        for await (const body of fetchNodes(batch.map(({ header }) => header.body), { network, random, from, signal, onBusy() { isBusy = true } })) {
          const link = batch[got]!
          const verdict = await ledger.offer(encode(headerCodec, link.header), body, now())
          if (!verdict.ok && isLater(verdict.rule)) {
            this.#resting.add(tip, ledger.parameters.drift)
            return true
          }
          if (!verdict.ok || verdict.value.root !== link.root) {
            this.#refuse(from, verdict.ok ? link.root : link.id, verdict.ok ? 'another root than it leads to' : verdict.detail)
            return false
          }
          got++
          if (now() >= until || this.mode !== 'full') return true
        }
        if (got < batch.length) { // withheld, or its peer left: it may come again
          if (!isBusy && !signal.aborted) this.#resting.add(tip, bodyPatience)
          return true
        }
        at += got
      }
      return true
    } finally {
      this.behind = 0
      onChange()
    }
  }

  /** A miner can sign as many blocks on one parent as it likes. Beyond a few that came to their time, only one that somebody built on is looked at. */
  #isOneTooMany({ previousRoot, miner }: Header): boolean {
    const due = this.parts.ledger.childrenOf(previousRoot!).filter(({ header: { miner: other, time } }) => other === miner && time <= this.parts.now())
    return due.length >= limits.variants
  }

  /** The branch of these headers; null where one of them breaks a rule, which is held against `from` and the last of them, or where it proves nothing. */
  async #judged({ from, positions, name, signal, on }: Told): Promise<Branch | null> {
    const states = new Map(positions.map(position => [rootOfPosition(position), position.state]))
    const powerAt = this.parts.powers.for({ from, positions, stateOf: root => states.get(root) ?? this.position(root)?.state ?? null, signal })
    try {
      const judged = await this.parts.ledger.judgeBranch(positions, powerAt, on)
      if (judged.ok) return judged.value
      if (!isLater(judged.rule)) this.#refuse(from, name, judged.detail)
    } catch (error) {
      const { code, message } = HoldfastError.from(error)
      if (code === 'bad-reply') this.parts.network.distrust(from, message)
      else if (code !== 'peer-unreachable' && code !== 'not-found') throw error
    }
    return null
  }

  #isKnown(root: Cid): boolean { return this.#record(root) !== null }

  #record(root: Cid | null): Link | null {
    if (root === null) return null
    return this.#light?.chain.record(root) ?? this.parts.ledger.chain.record(root)
  }

  #isResting(name: Cid): boolean { return this.#false.has(name) || this.#resting.has(name) }

  #refuse(from: string, name: Cid, why: string): void {
    this.#false.add(name, refusedFor)
    this.parts.network.distrust(from, why)
  }

  #noteFork(branch: Branch, { verdict }: HeadVerdict): void {
    const base = branch.links[0]!.header.number - 1
    const depth = this.tip.header.number - base
    if (depth <= 0) return
    const fork: SyncFork = { at: base, depth, tip: branch.tip.root, taken: verdict === 'switch', seen: this.parts.now() }
    this.#forks = [fork, ...this.#forks.filter(({ tip }) => tip !== fork.tip)].slice(0, mostForks)
  }
}

/** Headers somebody told of; the last of them by its name. */
interface Told { readonly from: string, readonly positions: readonly Position[], readonly name: Cid, readonly signal: AbortSignal, readonly on?: Branch | undefined }

/** Says nothing against a block, only of what is here: it may come again. */
function isLater(rule: string): boolean { return rule === 'not-yet' || rule === 'headers-missing' || rule === 'unknown-parent' }

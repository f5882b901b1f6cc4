import { HoldfastError, encode, type Cid, type Random } from '../base/index.ts'
import { ActiveSets, activeSetRules, header as headerCodec, type Branch, type Chain, type Header, type HeadVerdict, type Ledger, type Link } from '../ledger/index.ts'
import type { SyncAlert, SyncFork, SyncMode } from './api.ts'
import { fetchNodes } from './bodies.ts'
import { bodyPatience } from './pace.ts'
import type { StateNetwork } from './ports.ts'
import { idOfHeader, rootOfPosition } from './positions.ts'
import type { Powers } from './powers.ts'
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
  /** A branch that reaches back further than the mutable range, oldest first: no candidate, unless this peer is new. */
  onFar(from: string, positions: readonly Position[]): void
}

/** Branches refused or without bodies that are remembered, so that nobody makes us judge one twice. */
const mostRefused = 1_024
/** Seconds a false branch is not looked at again. */
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
  alert: SyncAlert | null = null
  #light: Branch | null = null
  #forks: SyncFork[] = []
  readonly #refused = new Map<Cid, number>()
  /** Tips that the person would not go over to: nothing that goes on from them is asked about again. */
  readonly #declined = new Set<Cid>()
  /** All blocks at hand, those held in memory among them. */
  readonly chain: Chain = { record: root => this.#record(root) }

  readonly #lightActive: ActiveSets

  constructor(private readonly parts: FollowingParts) {
    this.#lightActive = new ActiveSets(this.chain, activeSetRules(parts.ledger.parameters))
  }

  /** Who has a say, by all blocks at hand. */
  get active(): ActiveSets { return this.#light === null ? this.parts.ledger.active : this.#lightActive }

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
    const root = rootOfPosition(position)
    if (this.#isKnown(root) || position.header.time > now() + ledger.parameters.drift || this.#isRefused(root)) return
    if (position.header.number < this.tip.header.number - ledger.parameters.range) return
    const walked = await walkBack({ network, from, start: position, isKnown: each => this.#isKnown(each), most: ledger.parameters.range, signal })
    if (walked.way === 'silent') return
    if (walked.way === 'false') { network.distrust(from, 'headers that are not of their roots'); return }
    if (walked.positions.some(each => this.#declined.has(rootOfPosition(each)))) { this.#refused.set(root, now() + refusedFor); return }
    if (walked.way === 'too-far') onFar(from, walked.positions)
    else await this.#takeBranch(from, walked.positions, signal)
  }

  /** Looks at a block that waits for its time, or came to it just now, on a block that is known. */
  async takeNext(from: string, header: Header, signal: AbortSignal): Promise<void> {
    const { ledger, random, network, now } = this.parts
    const parent = header.previousRoot === null ? null : ledger.chain.record(header.previousRoot)
    if (this.mode === 'headers' || parent === null || parent.header.number < ledger.head.header.number - ledger.parameters.short) return
    const id = idOfHeader(header)
    if (this.#isRefused(id) || ledger.childrenOf(parent.root).some(child => child.id === id)) return
    const judged = await this.#judged(from, [{ header, state: id }], new Map(), signal) // its root is not known: only its rank is looked at
    if (judged === null || !ledger.wants(judged.tip)) return
    for await (const body of fetchNodes([header.body], { network, random, from, signal })) {
      const verdict = await ledger.offer(encode(headerCodec, header), body, now())
      if (!verdict.ok && !isLater(verdict.rule)) this.#refuse(from, [id], verdict.detail)
    }
  }

  /** Goes on from where the ledger was begun anew. */
  async begin(from: string, branch: Branch, signal: AbortSignal): Promise<void> {
    this.#light = null
    this.#positions.clear()
    await this.#execute(from, branch.links, signal)
  }

  /** From now on executes again, or no more. */
  async setMode(mode: SyncMode, signal: AbortSignal): Promise<void> {
    this.mode = mode
    const light = this.#light
    if (mode === 'headers' || light === null) return
    this.#light = null
    this.#positions.clear()
    const [some] = this.parts.network.neighbours()
    if (some !== undefined) await this.#execute(some.id, light.links, signal)
  }

  /** The person's word: the tip of an alert becomes the head, or is never looked at again, however its branch grows. */
  async decide(take: boolean, signal: AbortSignal): Promise<void> {
    const { alert } = this
    if (alert === null) return
    this.alert = null
    if (!take) this.#declined.add(alert.tip.root)
    else if (this.#alerted !== null) {
      const { from, branch } = this.#alerted
      await this.#execute(from, branch.links, signal)
      if (this.parts.ledger.chain.record(alert.tip.root) !== null) await this.parts.ledger.adoptTip(alert.tip.root)
    }
    this.#alerted = null
    this.parts.onChange()
  }
  #alerted: { readonly from: string, readonly branch: Branch } | null = null

  async #takeBranch(from: string, positions: readonly Position[], signal: AbortSignal): Promise<void> {
    const { ledger, network } = this.parts
    const states = new Map(positions.map(position => [rootOfPosition(position), position.state]))
    const oldest = positions[0]!.header.previousRoot!
    const on = this.#light !== null && ledger.chain.record(oldest) === null ? this.#light : undefined
    const branch = await this.#judged(from, positions, states, signal, on)
    if (branch === null) return
    const verdict = ledger.compare(branch, this.#light)
    this.#noteFork(branch, verdict)
    if (verdict.verdict === 'keep') return
    if (verdict.verdict === 'alert') {
      if (this.alert?.tip.root === branch.tip.root) return
      const base = ledger.chain.record(branch.links[0]!.parent!)
      this.alert = { why: verdict.why, tip: branch.tip, forkedAt: base?.header.number ?? null }
      this.#alerted = { from, branch }
      this.parts.onChange()
      return
    }
    if (branch.links.some(({ root }) => root === this.alert?.tip.root)) this.alert = this.#alerted = null // it has the weight by now
    if (this.mode === 'headers') {
      this.#light = branch
      for (const position of positions) this.#positions.set(rootOfPosition(position), position)
      const wanted = new Set(branch.links.map(({ root }) => root))
      for (const root of this.#positions.keys()) if (!wanted.has(root)) this.#positions.delete(root)
      this.parts.onChange()
    } else if (!await this.#execute(from, branch.links, signal)) network.distrust(from, 'a head that is not what it is said to be')
  }

  /** Fetches and executes what is not here yet; false where a block is not what its header or its peer says. */
  async #execute(from: string, links: readonly Link[], signal: AbortSignal): Promise<boolean> {
    const { ledger, network, random, now, onChange } = this.parts
    const wanted = links.filter(({ root }) => ledger.chain.record(root) === null)
    try {
      for (let at = 0; at < wanted.length;) {
        this.behind = wanted.length - at
        if (this.behind > bodiesAtOnce) onChange()
        const batch = wanted.slice(at, at + bodiesAtOnce)
        let got = 0
        for await (const body of fetchNodes(batch.map(({ header }) => header.body), { network, random, from, signal })) {
          const link = batch[got]!
          const verdict = await ledger.offer(encode(headerCodec, link.header), body, now())
          if (!verdict.ok && isLater(verdict.rule)) return true
          if (!verdict.ok || verdict.value.root !== link.root) {
            this.#refuse(from, [link.root], verdict.ok ? 'another root than it leads to' : verdict.detail)
            return false
          }
          got++
        }
        if (got < batch.length) { // withheld, or its peer left: it may come again
          this.#refused.set(batch[got]!.root, now() + bodyPatience)
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

  /** The branch of these headers; null where one of them breaks a rule, which is held against `from`, or where it proves nothing. */
  async #judged(from: string, positions: readonly Position[], states: ReadonlyMap<Cid, Cid>, signal: AbortSignal, on?: Branch): Promise<Branch | null> {
    const powerAt = this.parts.powers.for({ from, positions, stateOf: root => states.get(root) ?? this.position(root)?.state ?? null, signal })
    try {
      const judged = await this.parts.ledger.judgeBranch(positions, powerAt, on)
      if (judged.ok) return judged.value
      if (isLater(judged.rule)) return null
      this.#refuse(from, positions.map(position => positions.length === 1 ? idOfHeader(position.header) : rootOfPosition(position)), judged.detail)
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

  #isRefused(name: Cid): boolean {
    const until = this.#refused.get(name)
    if (until === undefined) return false
    if (until > this.parts.now()) return true
    this.#refused.delete(name)
    return false
  }

  #refuse(from: string, names: readonly Cid[], why: string): void {
    for (const name of names) this.#refused.set(name, this.parts.now() + refusedFor)
    for (const oldest of this.#refused.keys()) {
      if (this.#refused.size <= mostRefused) break
      this.#refused.delete(oldest)
    }
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

/** Says nothing against a block: it may come again. */
function isLater(rule: string): boolean { return rule === 'not-yet' || rule === 'headers-missing' }

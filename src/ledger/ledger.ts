import { HoldfastError, KeyedLock, limits, type Address, type Cid } from '../base/index.ts'
import type { StateCopy } from '../hamt/index.ts'
import { beginningOf, judgeApart } from './adopt.ts'
import { judgePositions, judgeTip, type Branch, type BranchGround, type KnownPower, type Position } from './branch.ts'
import { ancestor, type Chain, type Link, type Tip } from './chain.ts'
import type { NetworkId } from './fields.ts'
import { firstBlock, genesisId, networkIdOf, networkOf } from './genesis.ts'
import { ActiveSets, activeSetRules } from './head/active-set.ts'
import { compareTips } from './head/compare-tips.ts'
import { judgeCandidate, type HeadVerdict } from './head/choose-head.ts'
import { blockId, judgeHeaderBytes, type Header } from './header.ts'
import { knownChildRules, type PowerAt } from './judge-header.ts'
import { LedgerJudge } from './ledger-judge.ts'
import type { LedgerParts } from './ports.ts'
import { breaks, keeps, type NotYet, type Verdict } from './rules.ts'
import { SafetyRoot } from './safety-root.ts'
import { noWait, placeFor } from './waiting.ts'

/**
 * A network's ledger on this device: the blocks it keeps, their states, and which of them is the head. It alone commits to its store. A block gets in
 * only whole: judged, executed, and kept with its state in one commit; the head is one of them. Blocks come one at a time; whoever reads sees the last
 * commit.
 */
export class Ledger extends LedgerJudge {
  /** Told of each new head, once it is kept. Throws nothing. */
  onMove: ((from: Link, to: Link) => void) | null = null
  readonly #lock = new KeyedLock()
  readonly #safety: SafetyRoot
  readonly #ground: BranchGround
  #active: ActiveSets
  /** The latest time anybody told. */
  #now = 0

  private constructor(network: NetworkId, parts: LedgerParts) {
    super(network, parts)
    const { links, memo, parameters, store } = this
    this.#safety = new SafetyRoot(links, store, parameters.range)
    this.#active = memo?.active ?? new ActiveSets(links, activeSetRules(parameters))
    this.#ground = {
      chain: links, rulebook: this.rulebook, kept: (parent, id) => this.#kept(parent, id),
      tips: memo?.tips ?? new Map(), mostTips: memo === null ? limits.knownTips : Infinity,
    }
  }

  /** The ledger in a store, which is begun with the network's genesis where it is empty. Throws `storage-damaged` where another network lies there. */
  static async open(parts: LedgerParts): Promise<Ledger> {
    const { parameters, store, memo } = parts
    if (store.head !== null) {
      const ledger = new Ledger(memo?.network ?? await networkOf(parameters), parts)
      if (!ledger.#isOwn()) throw new HoldfastError('storage-damaged', 'the ledger of another network lies here')
      return ledger
    }
    const block = memo?.genesis ?? await firstBlock(parameters, store.nextPack)
    await store.commit({ blocks: [block], head: block.root })
    return new Ledger(networkIdOf(block.root), parts)
  }

  /** Who has a say, by the headers at hand. */
  get active(): ActiveSets { return this.#active }

  /** The safety root k, on the head's chain: what was set or stands where a switch left it; where that is deeper than the range, the ancestor at its end stands in. */
  get safe(): Link { return this.#safety.link(this.head) }

  /** False where it was never set, or is an ancestor that stands in. */
  get isVoted(): boolean { return this.#safety.isVoted(this.head) }

  /** `bad-input` for a root that is not on the head's chain. It is kept by whoever sets it. */
  setSafe(root: Cid): void { this.#safety.set(root, this.head) }

  /**
   * Takes a block as it comes from anywhere: judges it, executes it, keeps it, and makes it the head where it is better and its time has come. The verdict
   * on one that is kept already is the link there is. `headers-missing` where its miner's power lies in a state that is not here, unless `judgeBranch` knew it or `powerAt` does.
   * Throws only what the store and `powerAt` throw; nothing of the block is kept then.
   */
  async offer(headerBytes: Uint8Array, bodyBytes: Uint8Array, now: number, powerAt: PowerAt | null = null): Promise<Verdict<Link> | NotYet> {
    const header = this.memo?.header(headerBytes) ?? judgeHeaderBytes(headerBytes)
    if (!header.ok) return header
    this.#now = now
    return await this.#lock.run('', async () => await this.#take(header.value, this.memo?.digest(headerBytes) ?? blockId(header.value), bodyBytes, now, powerAt))
  }

  /**
   * Judges the headers of a branch before anybody fetches its bodies (`judgePositions`). `powerAt` is asked for powers in states that are not here: it brings proofs of others
   * (`accountFromProof`) or rejects, and so does this.
   */
  async judgeBranch(positions: readonly Position[], powerAt: PowerAt, on: Branch | null = null): Promise<Verdict<Branch> | NotYet> {
    return await judgePositions(this.#ground, positions, this.#powersWith(powerAt), on)
  }

  /** Judges the newest part of a chain that goes on from nothing here, by itself (`judgeApart`). */
  async judgeApart(positions: readonly Position[], powerAt: PowerAt): Promise<Verdict<Branch> | NotYet> {
    return await judgeApart(this.#ground, positions, this.#powersWith(powerAt))
  }

  /**
   * Begins anew in the middle of a chain, for who has missed more of it than the mutable range: with the headers up to the root `at`, which a later one must name, and its state.
   * Gives the branch of those after it, whose bodies may be offered now. The safety root is `at`, until it is set; `onMove` is not told. Where the headers below `at` are fewer
   * than the mutable range has, a block with a witness below them is `headers-missing`.
   */
  async adopt(positions: readonly Position[], at: Cid, state: StateCopy, powerAt: PowerAt): Promise<Verdict<Branch> | NotYet> {
    const judged = await this.judgeApart(positions, powerAt)
    if (!judged.ok) return judged
    return await this.#lock.run('', async () => {
      const blocks = beginningOf(judged.value, at, positions, state, () => this.memo?.commit(state) ?? state.commit(this.store.nextPack))
      await this.store.startFrom(blocks)
      if (this.memo === null) this.tries.clear()
      this.links.forget()
      for (const link of judged.value.links.slice(0, blocks.length)) this.links.add(link)
      this.#safety.begin()
      this.#active = new ActiveSets(this.links, activeSetRules(this.parameters)) // those of a memo know of more headers
      return await this.judgeBranch(positions.slice(blocks.length), powerAt)
    })
  }

  /** What would become of the head if all of this branch were here and due; or of the tip of another branch, for who follows headers alone. */
  compare(branch: Branch, head: Branch | null = null): HeadVerdict {
    if (head === null) return this.#judged(branch.tip, branch.chain)
    const chain: Chain = { record: root => branch.chain.record(root) ?? head.chain.record(root) }
    return this.#judged(branch.tip, chain, head.tip, new ActiveSets(chain, activeSetRules(this.parameters)))
  }

  /** Makes a block that is kept and due the head because a person says so. `not-found` where its state is not here, `bad-input` before its time. */
  async adoptTip(root: Cid): Promise<void> {
    await this.#lock.run('', async () => {
      const link = this.links.record(root)
      if (link === null || this.store.block(root)?.place === null) throw new HoldfastError('not-found', 'the state of this root is not kept', { root })
      if (link.header.time > this.#now) throw new HoldfastError('bad-input', 'its time has not come', { root })
      if (root !== this.head.root) await this.#move(link)
    })
  }

  /** Moves the head to the best of the children it has whose time has come, and so on. Returns whether it moved. */
  async advance(now: number): Promise<boolean> {
    this.#now = now
    return await this.#lock.run('', async () => {
      let moved = false
      for (let head: Link | null = null; head !== this.head;) {
        head = this.head
        for (const child of this.childrenOf(this.head.root)) moved = await this.#consider(child, now) || moved
      }
      return moved
    })
  }

  /** Makes a kept block, or one that goes on from it, the head where it is better and its time has come: it may have waited on another branch. Returns whether it did. */
  async consider(root: Cid, now: number): Promise<boolean> {
    this.#now = now
    return await this.#lock.run('', async () => {
      const link = this.links.record(root)
      return link !== null && !this.#isOn(this.head, link) && await this.#considerFrom(link, now)
    })
  }

  /** The kept blocks on a root. */
  childrenOf(root: Cid): readonly Link[] { return this.store.childrenOf(root).flatMap(row => this.links.record(row.root) ?? []) }

  /** The best child of the head that waits for its time. */
  best(now: number): Link | null {
    const { chain, parameters: { rescue } } = this
    return this.childrenOf(this.head.root).filter(({ header: { time } }) => time > now).reduce<Link | null>((best, child) => best === null || compareTips(chain, child, best, rescue) > 0 ? child : best, null)
  }

  /** Whether a block, judged by its header, would be the best on its parent. */
  wants(tip: Tip): boolean {
    const { chain, parameters: { rescue } } = this
    return tip.parent !== null && this.childrenOf(tip.parent).every(sibling => compareTips(chain, { ...tip, root: '' }, sibling, rescue) > 0)
  }

  /** The power an account has for the child of a block; null where the state it lies in is not here, and `powerAt` has no proof of it. */
  async powerAfter(parent: Link, miner: Address, powerAt: PowerAt | null = null): Promise<bigint | null> {
    const rules = knownChildRules(this.links, parent, this.parameters)
    return rules === null ? null : await this.#powersWith(powerAt)(rules.powerRoot, miner)
  }

  /** When the next of the head's children comes to its time, seconds since 1970; null where none waits. */
  nextTime(now: number): number | null {
    const times = this.childrenOf(this.head.root).map(({ header: { time } }) => time).filter(time => time > now)
    return times.length === 0 ? null : Math.min(...times)
  }

  async #take(header: Header, id: Cid, bodyBytes: Uint8Array, now: number, powerAt: PowerAt | null): Promise<Verdict<Link> | NotYet> {
    const parent = header.previousRoot === null ? null : this.links.record(header.previousRoot)
    if (parent === null || this.store.block(parent.root)?.place === null) return breaks('unknown-parent', 'the root it goes on from is not known here')
    const kept = this.#kept(parent.root, id)
    if (kept !== null) return keeps(kept)

    const tip = await judgeTip(header, id, parent, this.#ground, this.#powersWith(powerAt))
    if (!tip.ok) return tip
    const { head } = this
    const room = () => ({ waiting: this.#waitingOn(parent, now), headNumber: head.header.number, chain: this.links, parameters: this.parameters })
    const place = header.time <= now ? noWait : placeFor(tip.value, parent, now, room())
    if (!place.ok) return place
    const executed = await this.executor.run(tip.value, parent, bodyBytes)
    if (!executed.ok) return executed

    const { link, block } = executed.value
    const leads = parent.root === head.root && header.time <= now
    await this.store.commit({ blocks: [block], drop: place.gone, ...leads ? { head: link.root } : {} })
    this.links.add(link)
    if (this.memo === null && header.number % trimEvery === 0) {
      this.tries.trim(link.root)
      this.links.forget()
    }
    if (leads) this.onMove?.(head, link)
    else await this.#consider(link, now)
    return keeps(link)
  }

  /** Whether the blocks that lie here are of this network; its genesis names no network, and is the one of its parameters. */
  #isOwn(): boolean {
    const { id, header } = this.head
    return header.number === 0 ? id === genesisId(this.parameters) : header.network === this.network
  }

  /** Children that wait for their time, as far as nothing needs them: clocks may have gone back. */
  #waitingOn(parent: Link, now: number): readonly Link[] {
    const { head } = this
    return this.childrenOf(parent.root).filter(({ root, header: { time } }) => time > now && root !== head.root && this.store.childrenOf(root).length === 0)
  }

  async #considerFrom(link: Link, now: number): Promise<boolean> {
    let moved = await this.#consider(link, now)
    for (const child of this.#dueChildren(link, now)) moved = await this.#considerFrom(child, now) || moved
    return moved
  }

  /**
   * Makes a block the head where it is due and better. Of another branch only its tip is a candidate: a part of it that is short enough to win by difficulty would win against
   * the branch that has more support than the whole, its child lose again, and so on for ever.
   */
  async #consider(link: Link, now: number): Promise<boolean> {
    const { head } = this
    if (link.root === head.root || link.header.time > now) return false
    if (this.#dueChildren(link, now).length > 0 && !this.#isOn(link, head)) return false
    if (this.store.block(link.root)?.place === null || this.#judged(link, this.links).verdict !== 'switch') return false
    await this.#move(link)
    return true
  }

  #dueChildren({ root }: Link, now: number): readonly Link[] { return this.childrenOf(root).filter(({ header: { time } }) => time <= now) }

  /** Whether a block lies on the chain that ends with a tip. */
  #isOn(tip: Link, { root, header: { number } }: Link): boolean { return ancestor(this.links, tip, number)?.root === root }

  #judged(candidate: Link, chain: Chain, head = this.head, active = this.active): HeadVerdict {
    return judgeCandidate({ candidate, head, safeNumber: this.#safety.number(head) }, { chain, active, rules: this.parameters })
  }

  async #move(to: Link): Promise<void> {
    const from = this.head
    await this.store.commit({ head: to.root })
    this.#safety.moved(from, to)
    this.onMove?.(from, to)
  }

  /** Powers in states that are here, and others as far as somebody knows them. */
  #powersWith(powerAt: PowerAt | null): KnownPower {
    return async (root, miner) => {
      const row = this.store.block(root)
      return row === null || row.place === null ? await powerAt?.(root, miner) ?? null : await this.tries.power(row, miner)
    }
  }

  /** A child that is kept, by its content id. */
  #kept(parent: Cid, id: Cid): Link | null {
    const row = this.store.childrenOf(parent).find(({ block }) => block === id)
    return row === undefined ? null : this.links.record(row.root)
  }
}

/** Blocks between two looks at what lies in memory of the trie and of pruned blocks: a look goes over all of it. */
const trimEvery = 64

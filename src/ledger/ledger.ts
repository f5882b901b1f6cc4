import { HoldfastError, KeyedLock, encode, fromHex, limits, toHex, utf8, type Address, type Cid, type Secp256k1 } from '../base/index.ts'
import { Hamt } from '../hamt/index.ts'
import { keys, noAccount, readState, type Account, type StateKey, type StateRoot } from '../state/index.ts'
import { judgeBodyBytes, type Body } from './body.ts'
import { judgePositions, judgeTip, type Branch, type BranchGround, type Position } from './branch.ts'
import { witnesses, type Chain, type Link, type Tip } from './chain.ts'
import { composeBody } from './compose.ts'
import { execute } from './execute.ts'
import type { NetworkId } from './fields.ts'
import { genesisOf, networkIdOf, rootOf } from './genesis.ts'
import { ActiveSets, type ActiveSetRules } from './head/active-set.ts'
import { compareTips } from './head/compare-tips.ts'
import { judgeCandidate, type HeadVerdict } from './head/choose-head.ts'
import { blockId, header as headerCodec, judgeHeaderBytes, type Header, type UnsignedHeader } from './header.ts'
import { knownChildRules, type PowerAt } from './judge-header.ts'
import { judgeTransaction, type Rulebook } from './judge-transaction.ts'
import { Links } from './links.ts'
import type { Parameters } from './parameters.ts'
import type { BlockStore, StoredBlock } from './ports.ts'
import { breaks, keeps, notYet, type NotYet, type Refusal, type Verdict } from './rules.ts'
import { SafetyRoot } from './safety-root.ts'
import { rememberSigners } from './signers.ts'
import { judgeTransactionBytes, type Transaction } from './transaction.ts'
import { Tries } from './tries.ts'

/** What a ledger is made of. */
export interface LedgerParts {
  readonly parameters: Parameters
  readonly store: BlockStore
  readonly signatures: Secp256k1
}

/**
 * A network's ledger on this device: the blocks it keeps, their states, and which of them is the head. It alone commits to its store. A block gets in
 * only whole: judged, executed, and kept with its state in one commit; the head is one of them. Blocks come one at a time; whoever reads sees the last
 * commit.
 */
export class Ledger {
  readonly network: NetworkId
  readonly parameters: Parameters
  readonly #store: BlockStore
  readonly #links: Links
  /** Who has a say, by the headers at hand. */
  readonly active: ActiveSets
  /** Told of each new head, once it is kept. Throws nothing. */
  onMove: ((from: Link, to: Link) => void) | null = null
  readonly #activeRules: ActiveSetRules
  readonly #rulebook: Rulebook
  readonly #lock = new KeyedLock()
  readonly #tries: Tries
  readonly #safety: SafetyRoot
  readonly #ground: BranchGround
  /** The latest time anybody told. */
  #now = 0

  private constructor(network: NetworkId, { parameters, store, signatures }: LedgerParts) {
    this.parameters = parameters
    this.network = network
    this.#store = store
    this.#links = new Links(store, parameters.rescue)
    this.#tries = new Tries(store.nodes, limits.openTries)
    this.#safety = new SafetyRoot(this.#links, store, parameters.range)
    this.#activeRules = { epoch: parameters.epoch, window: parameters.activeWindow, genesisPowers: new Map(parameters.allocations.map(({ address, power }) => [address, power])) }
    this.active = new ActiveSets(this.#links, this.#activeRules)
    this.#rulebook = { network, parameters, signatures: rememberSigners(signatures) }
    this.#ground = { chain: this.#links, rulebook: this.#rulebook, tips: new Map(), kept: (parent, id) => this.#kept(parent, id) }
  }

  /** The ledger in a store, which is begun with the network's genesis where it is empty. Throws `storage-damaged` where another network lies there. */
  static async open(parts: LedgerParts): Promise<Ledger> {
    const ledger = new Ledger(await networkOf(parts.parameters), parts)
    if (parts.store.head === null) await ledger.#begin()
    else if (!ledger.#isOwn()) throw new HoldfastError('storage-damaged', 'the ledger of another network lies here')
    return ledger
  }

  /** The best block known. */
  get head(): Link {
    const { head } = this.#store
    const link = head === null ? null : this.#links.record(head.root)
    if (link === null) throw new HoldfastError('storage-lost', 'the ledger has no head')
    return link
  }

  /** The safety root k, on the head's chain: what was set or stands where a switch left it; where that is deeper than the range, the ancestor at its end stands in. */
  get safe(): Link { return this.#safety.link(this.head) }

  /** `bad-input` for a root that is not on the head's chain. It is kept by whoever sets it. */
  setSafe(root: Cid): void { this.#safety.set(root, this.head) }

  /** The blocks at hand, of all branches. */
  get chain(): Links { return this.#links }

  /**
   * Takes a block as it comes from anywhere: judges it, executes it, keeps it, and makes it the head where it is better and its time has come. The verdict
   * on one that is kept already is the link there is. `headers-missing` where its miner's power lies in a state that is not here, unless `judgeBranch` knew it or `powerAt` does.
   * Throws only what the store and `powerAt` throw; nothing of the block is kept then.
   */
  async offer(headerBytes: Uint8Array, bodyBytes: Uint8Array, now: number, powerAt: PowerAt | null = null): Promise<Verdict<Link> | NotYet> {
    const header = judgeHeaderBytes(headerBytes)
    if (!header.ok) return header
    this.#now = now
    return await this.#lock.run('', async () => await this.#take(header.value, bodyBytes, now, powerAt))
  }

  /**
   * Judges the headers of a branch before anybody fetches its bodies (`judgePositions`). `powerAt` is asked for powers in states that are not here: it brings proofs of others
   * (`accountFromProof`) or rejects, and so does this.
   */
  async judgeBranch(positions: readonly Position[], powerAt: PowerAt, on: Branch | null = null): Promise<Verdict<Branch> | NotYet> {
    return await judgePositions(this.#ground, positions, async (root, miner) => await this.#power(root, miner) ?? await powerAt(root, miner), on)
  }

  /** What would become of the head if all of this branch were here and due; or of another branch, in the head's place. */
  compare(branch: Branch, against: Branch | null = null): HeadVerdict {
    if (against === null) return this.#judged(branch.tip, branch.chain)
    const chain: Chain = { record: root => branch.chain.record(root) ?? against.chain.record(root) }
    return judgeCandidate({ candidate: branch.tip, head: against.tip, safeNumber: this.#safety.number(this.head) }, { chain, active: new ActiveSets(chain, this.#activeRules), rules: this.parameters })
  }

  /** Makes a block that is kept and due the head because a person says so. `not-found` where its state is not here, `bad-input` before its time. */
  async adoptTip(root: Cid): Promise<void> {
    await this.#lock.run('', async () => {
      const link = this.#links.record(root)
      if (link === null || this.#store.block(root)?.place === null) throw new HoldfastError('not-found', 'the state of this root is not kept', { root })
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
        for (const child of this.#children()) moved = await this.#consider(child, now) || moved
      }
      return moved
    })
  }

  /** The kept blocks on a root. */
  childrenOf(root: Cid): readonly Link[] { return this.#store.childrenOf(root).flatMap(row => this.#links.record(row.root) ?? []) }

  /** The best child of the head that waits for its time. */
  best(now: number): Link | null {
    const { chain, parameters: { rescue } } = this
    return this.#children().filter(({ header: { time } }) => time > now).reduce<Link | null>((best, child) => best === null || compareTips(chain, child, best, rescue) > 0 ? child : best, null)
  }

  /** Whether a block, judged by its header, would be the best on its parent. */
  wants(tip: Tip): boolean {
    const { chain, parameters: { rescue } } = this
    return tip.parent !== null && this.childrenOf(tip.parent).every(sibling => compareTips(chain, { ...tip, root: '' }, sibling, rescue) > 0)
  }

  /** The power an account has for the child of a block; null where the state it lies in is not here. */
  async powerAfter(parent: Link, miner: Address): Promise<bigint | null> {
    const rules = knownChildRules(this.#links, parent, this.parameters)
    return rules === null ? null : await this.#power(rules.powerRoot, miner)
  }

  /** Checks signatures, and remembers their signers. */
  get signatures(): Secp256k1 { return this.#rulebook.signatures }

  /** When the next of the head's children comes to its time, seconds since 1970; null where none waits. */
  nextTime(now: number): number | null {
    const times = this.#children().map(({ header: { time } }) => time).filter(time => time > now)
    return times.length === 0 ? null : Math.min(...times)
  }

  /** The first rule a transaction would break in a block made now on the head, as far as no other transaction has to come before it. */
  async judge(bytes: Uint8Array, now: number): Promise<Refusal | null> {
    const read = judgeTransactionBytes(bytes)
    if (!read.ok) return read
    const refusal = judgeTransaction(read.value, now, this.#rulebook)
    if (refusal !== null) return refusal
    const { sender, nonce } = read.value
    const account = await this.account(sender)
    return nonce > account.nonce ? null : breaks('tx-nonce', `nonce ${nonce} was used`)
  }

  /** What a block on `parent` may carry of these transactions: `composeBody`. Nothing is kept. */
  async compose(parent: Cid, { header, candidates }: { readonly header: Omit<UnsignedHeader, 'body'>, readonly candidates: readonly Transaction[] }): Promise<Body> {
    const link = this.#links.record(parent)
    const before = await this.#tries.at(this.#store.block(parent))
    return await composeBody(before, { ...this.#rulebook, block: noBlock, header, isWitness: this.#witnessOf(link!) }, candidates)
  }

  async account(address: Address, root: Cid = this.head.root): Promise<Account> {
    return await this.read(keys.account(address), root) ?? noAccount
  }

  /** What a state has under a key. `not-found` where the root is not kept. */
  async read<T>(key: StateKey<T>, root: Cid = this.head.root): Promise<T | null> {
    return await readState(await this.#tries.at(this.#store.block(root)), key)
  }

  /** A kept block and the state after it. */
  position(root: Cid): Position | null {
    const row = this.#store.block(root)
    return row === null ? null : { header: this.#links.record(root)!.header, state: toHex(row.state) }
  }

  /** What a root is the hash of. `not-found` where it is not kept. */
  parts(root: Cid): StateRoot {
    const { block, state } = this.#mustHold(root)
    return { block, state: toHex(state) }
  }

  /** A header, a body, the node a root is the hash of, the root node of a state or an object, by its content id. */
  async find(cid: Cid): Promise<Uint8Array | null> {
    const position = this.position(cid)
    return position === null ? await this.#store.find(cid) : rootOf(position.header, fromHex(position.state)!).bytes
  }

  /**
   * The nodes of a state at these paths, for whoever copies it: one hexadecimal digit a level, the slot it leads through; '' is the root node. Null where there is none, or no
   * node of its own. `too-many` above 256, `not-found` where the state is not here.
   */
  async below(root: Cid, paths: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    if (paths.length > limits.nodesAsked) throw new HoldfastError('too-many', `more than ${limits.nodesAsked} nodes at once`)
    return await (await this.#tries.at(this.#store.block(root))).nodesAt(paths)
  }

  /** What a state has under these names of keys, as bytes. `not-found` where the state is not here. */
  async values(names: readonly string[], root: Cid): Promise<readonly (Uint8Array | null)[]> {
    return await (await this.#tries.at(this.#store.block(root))).getMany(names.map(utf8))
  }

  /** The nodes that show what a state has under these names of keys. */
  async prove(names: readonly string[], root: Cid = this.head.root): Promise<readonly Uint8Array[]> {
    return await (await this.#tries.at(this.#store.block(root))).prove(names.map(utf8))
  }

  async #take(header: Header, bodyBytes: Uint8Array, now: number, powerAt: PowerAt | null): Promise<Verdict<Link> | NotYet> {
    const parent = header.previousRoot === null ? null : this.#links.record(header.previousRoot)
    if (parent === null || this.#store.block(parent.root)?.place === null) return breaks('unknown-parent', 'the root it goes on from is not known here')
    const id = blockId(header)
    const kept = this.#kept(parent.root, id)
    if (kept !== null) return keeps(kept)

    const judged = await judgeTip(header, id, parent, this.#ground, async (root, miner) => await this.#power(root, miner) ?? await powerAt?.(root, miner) ?? null)
    if (!judged.ok) return judged
    const waits = this.#tooEarly(header, parent, now)
    if (waits !== null) return waits
    const body = judgeBodyBytes(bodyBytes, header.body)
    if (!body.ok) return body

    const before = await this.#tries.at(this.#store.block(parent.root))
    const executed = await execute(before, { ...this.#rulebook, block: id, header, body: body.value, isWitness: this.#witnessOf(parent) })
    if (!executed.ok) return executed
    const after = before.fork()
    await after.update(executed.value.changes())
    const state = after.commit(this.#store.nextPack)
    const { root } = rootOf(header, state.root.digest)
    const link: Link = { ...judged.value, root }
    const row = { root, block: id, parent: parent.root, number: header.number, header: encode(headerCodec, header), power: link.power, body: { cid: header.body, bytes: bodyBytes }, state }
    const { head } = this
    const leads = parent.root === head.root && header.time <= now
    await this.#store.commit({ blocks: [row], ...leads ? { head: root } : {} })
    this.#links.add(link)
    if (header.number % trimEvery === 0) {
      after.trim(limits.trieMemoryBytes)
      this.#links.forget()
    }
    this.#tries.add(root, after)
    if (leads) this.onMove?.(head, link)
    else await this.#consider(link, now)
    return keeps(link)
  }

  /** What a child of `parent` may take as a witness. */
  #witnessOf(parent: Link): (root: Cid) => boolean {
    let roots: ReadonlySet<Cid> | null = null
    return root => (roots ??= witnesses(this.#links, parent, this.parameters.range)).has(root)
  }

  /** Whether the blocks that lie here are of this network; its genesis names no network, and is the one of its parameters. */
  #isOwn(): boolean {
    const { id, header } = this.head
    return header.number === 0 ? id === blockId(genesisOf(this.parameters).header) : header.network === this.network
  }

  /** Why a block before its time is not looked at yet: nobody builds on a block that waits, none waits longer than a rescue, and few wait on one parent. */
  #tooEarly({ time }: Header, parent: Link, now: number): NotYet | null {
    if (time <= now) return null
    if (parent.header.time > now) return notYet('its parent waits for its own time')
    if (time > now + this.parameters.rescue) return notYet(`${time - now} s ahead`)
    const waiting = this.#store.childrenOf(parent.root).filter(({ root }) => (this.#links.record(root)?.header.time ?? now) > now)
    return waiting.length < limits.pendingPerParent ? null : notYet('enough others wait on its parent')
  }

  /** Makes a block the head where it is due and better. */
  async #consider(link: Link, now: number): Promise<boolean> {
    const { head } = this
    if (link.root === head.root || link.header.time > now) return false
    if (this.#store.block(link.root)?.place === null || this.#judged(link, this.#links).verdict !== 'switch') return false
    await this.#move(link)
    return true
  }

  #judged(candidate: Link, chain: Chain): HeadVerdict {
    const { head } = this
    return judgeCandidate({ candidate, head, safeNumber: this.#safety.number(head) }, { chain, active: this.active, rules: this.parameters })
  }

  async #move(to: Link): Promise<void> {
    const from = this.head
    await this.#store.commit({ head: to.root })
    this.#safety.moved(from, to)
    this.onMove?.(from, to)
  }

  /** Null where the state is not here. */
  async #power(root: Cid, miner: Address): Promise<bigint | null> {
    const row = this.#store.block(root)
    return row === null || row.place === null ? null : await this.#tries.power(row, miner)
  }

  /** A child that is kept, by its content id. */
  #kept(parent: Cid, id: Cid): Link | null {
    const row = this.#store.childrenOf(parent).find(({ block }) => block === id)
    return row === undefined ? null : this.#links.record(row.root)
  }

  #mustHold(root: Cid): StoredBlock {
    const row = this.#store.block(root)
    if (row === null) throw new HoldfastError('not-found', 'this root is not kept', { root })
    return row
  }

  #children(): readonly Link[] { return this.childrenOf(this.head.root) }

  async #begin(): Promise<void> {
    const { header, body, state } = genesisOf(this.parameters)
    const trie = Hamt.empty(this.#store.nodes)
    await trie.update(state)
    const commit = trie.commit(this.#store.nextPack)
    const { root } = rootOf(header, commit.root.digest)
    await this.#store.commit({
      blocks: [{ root, block: blockId(header), parent: null, number: 0, header: encode(headerCodec, header), power: 0n, body: { cid: header.body, bytes: body }, state: commit }], head: root,
    })
    this.#tries.add(root, trie)
  }
}

/** Stands in outputs for the id of a block that has none yet. */
const noBlock: Cid = '0'.repeat(64)

/** Blocks between two looks at what lies in memory of the trie and of pruned blocks: a look goes over all of it. */
const trimEvery = 64

/** The id of the network with these parameters. */
export async function networkOf(parameters: Parameters): Promise<NetworkId> {
  const { header, state } = genesisOf(parameters)
  const trie = Hamt.empty({ load: async refs => refs.map(() => null) })
  await trie.update(state)
  return networkIdOf(rootOf(header, trie.commit(0).root.digest).root)
}

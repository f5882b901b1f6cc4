import { HoldfastError, KeyedLock, encode, limits, toHex, utf8, type Address, type Cid, type Secp256k1 } from '../base/index.ts'
import { Hamt, type NodeRef } from '../hamt/index.ts'
import { keys, noAccount, readState, type Account, type StateKey, type StateRoot } from '../state/index.ts'
import { judgeBodyBytes } from './body.ts'
import { witnesses, type Link } from './chain.ts'
import { execute } from './execute.ts'
import type { NetworkId } from './fields.ts'
import { genesisOf, networkIdOf, rootOf } from './genesis.ts'
import { ActiveSets } from './head/active-set.ts'
import { judgeCandidate } from './head/choose-head.ts'
import { blockId, header as headerCodec, judgeHeaderBytes, type Header } from './header.ts'
import { judgeHeader } from './judge-header.ts'
import { judgeTransaction, type Rulebook } from './judge-transaction.ts'
import { Links } from './links.ts'
import type { Parameters } from './parameters.ts'
import type { BlockStore } from './ports.ts'
import { breaks, keeps, notYet, type NotYet, type Refusal, type Verdict } from './rules.ts'
import { rememberSigners } from './signers.ts'
import { judgeTransactionBytes } from './transaction.ts'

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
  readonly #active: ActiveSets
  readonly #rulebook: Rulebook
  readonly #lock = new KeyedLock()
  /** Tries of roots used lately; they share what they have in memory. */
  readonly #tries = new Map<Cid, Hamt>()
  readonly #powers = new Map<string, bigint>()

  private constructor(network: NetworkId, { parameters, store, signatures }: LedgerParts) {
    this.parameters = parameters
    this.network = network
    this.#store = store
    this.#links = new Links(store, parameters.rescue)
    this.#active = new ActiveSets(this.#links, {
      epoch: parameters.epoch, window: parameters.activeWindow, genesisPowers: new Map(parameters.allocations.map(({ address, power }) => [address, power])),
    })
    this.#rulebook = { network, parameters, signatures: rememberSigners(signatures) }
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

  /** The blocks at hand, of all branches. */
  get chain(): Links { return this.#links }

  /**
   * Takes a block as it comes from anywhere: judges it, executes it, keeps it, and makes it the head where it is better and its time has come. The verdict
   * on one that is kept already is the link there is. Throws only what the store throws; nothing of the block is kept then.
   */
  async offer(headerBytes: Uint8Array, bodyBytes: Uint8Array, now: number): Promise<Verdict<Link> | NotYet> {
    const header = judgeHeaderBytes(headerBytes)
    if (!header.ok) return header
    return await this.#lock.run('', async () => await this.#take(header.value, bodyBytes, now))
  }

  /** Moves the head to the best of the children it has whose time has come, and so on. Returns whether it moved. */
  async advance(now: number): Promise<boolean> {
    return await this.#lock.run('', async () => {
      let moved = false
      for (let head: Link | null = null; head !== this.head;) {
        head = this.head
        for (const child of this.#children()) moved = await this.#consider(child, now) || moved
      }
      return moved
    })
  }

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

  async account(address: Address, root: Cid = this.head.root): Promise<Account> {
    return await this.read(keys.account(address), root) ?? noAccount
  }

  /** What a state has under a key. `not-found` where the root is not kept. */
  async read<T>(key: StateKey<T>, root: Cid = this.head.root): Promise<T | null> {
    return await readState(await this.#trie(root), key)
  }

  /** What a root is the hash of. `not-found` where it is not kept. */
  parts(root: Cid): StateRoot {
    const row = this.#store.block(root)
    if (row === null) throw new HoldfastError('not-found', 'this root is not kept', { root })
    return { block: row.block, state: toHex(row.state) }
  }

  /** The nodes that show what a state has under these names of keys. */
  async prove(names: readonly string[], root: Cid = this.head.root): Promise<readonly Uint8Array[]> {
    return await (await this.#trie(root)).prove(names.map(utf8))
  }

  async #take(header: Header, bodyBytes: Uint8Array, now: number): Promise<Verdict<Link> | NotYet> {
    const parent = header.previousRoot === null ? null : this.#links.record(header.previousRoot)
    if (parent === null || this.#store.block(parent.root)?.place === null) return breaks('unknown-parent', 'the root it goes on from is not known here')
    const id = blockId(header)
    const known = this.#store.childrenOf(parent.root).find(({ block }) => block === id)
    const kept = known === undefined ? null : this.#links.record(known.root)
    if (kept !== null) return keeps(kept)

    const judged = await judgeHeader(header, parent, { chain: this.#links, powerAt: async (root, miner) => await this.#power(root, miner) }, this.#rulebook)
    if (!judged.ok) return judged
    const waits = this.#tooEarly(header, parent, now)
    if (waits !== null) return waits
    const body = judgeBodyBytes(bodyBytes, header.body)
    if (!body.ok) return body

    const before = await this.#trie(parent.root)
    let roots: ReadonlySet<Cid> | null = null
    const executed = await execute(before, {
      ...this.#rulebook, block: id, header, body: body.value, isWitness: root => (roots ??= witnesses(this.#links, parent, this.parameters.range)).has(root),
    })
    if (!executed.ok) return executed
    const after = before.fork()
    await after.update(executed.value.changes())
    const state = after.commit(this.#store.nextPack)
    const { root } = rootOf(header, state.root.digest)
    const link: Link = { ...judged.value, root }
    const row = { root, block: id, parent: parent.root, number: header.number, header: encode(headerCodec, header), power: link.power, body: { cid: header.body, bytes: bodyBytes }, state }
    await this.#store.commit({ blocks: [row], ...parent.root === this.head.root && header.time <= now ? { head: root } : {} })
    this.#links.add(link)
    if (header.number % trimEvery === 0) {
      after.trim(limits.trieMemoryBytes)
      this.#links.forget()
    }
    this.#remember(root, after)
    await this.#consider(link, now)
    return keeps(link)
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
    const verdict = judgeCandidate({ candidate: link, head, safeNumber: 0 }, { chain: this.#links, active: this.#active, rules: this.parameters })
    if (verdict.verdict !== 'switch') return false
    await this.#store.commit({ head: link.root })
    return true
  }

  #children(): readonly Link[] { return this.#store.childrenOf(this.head.root).flatMap(({ root }) => this.#links.record(root) ?? []) }

  async #begin(): Promise<void> {
    const { header, body, state } = genesisOf(this.parameters)
    const trie = Hamt.empty(this.#store.nodes)
    await trie.update(state)
    const commit = trie.commit(this.#store.nextPack)
    const { root } = rootOf(header, commit.root.digest)
    await this.#store.commit({
      blocks: [{ root, block: blockId(header), parent: null, number: 0, header: encode(headerCodec, header), power: 0n, body: { cid: header.body, bytes: body }, state: commit }], head: root,
    })
    this.#remember(root, trie)
  }

  async #power(root: Cid, miner: Address): Promise<bigint> {
    const name = `${root}/${miner}`
    let power = this.#powers.get(name)
    if (power === undefined) {
      power = (await this.account(miner, root)).power
      if (this.#powers.size >= limits.knownPowers) this.#powers.clear()
      this.#powers.set(name, power)
    }
    return power
  }

  async #trie(root: Cid): Promise<Hamt> {
    const known = this.#tries.get(root)
    if (known !== undefined) {
      this.#remember(root, known)
      return known
    }
    const row = this.#store.block(root)
    if (row === null || row.place === null) throw new HoldfastError('not-found', 'the state of this root is not kept', { root })
    const ref: NodeRef = { digest: row.state, place: row.place }
    const trie = await Hamt.open(this.#store.nodes, ref)
    this.#remember(root, trie)
    return trie
  }

  /** Keeps the tries used last. */
  #remember(root: Cid, trie: Hamt): void {
    this.#tries.delete(root)
    this.#tries.set(root, trie)
    for (const oldest of this.#tries.keys()) {
      if (this.#tries.size <= limits.openTries) break
      this.#tries.delete(oldest)
    }
  }
}

/** Blocks between two looks at what lies in memory of the trie and of pruned blocks: a look goes over all of it. */
const trimEvery = 64

/** The id of the network with these parameters. */
export async function networkOf(parameters: Parameters): Promise<NetworkId> {
  const { header, state } = genesisOf(parameters)
  const trie = Hamt.empty({ load: async refs => refs.map(() => null) })
  await trie.update(state)
  return networkIdOf(rootOf(header, trie.commit(0).root.digest).root)
}

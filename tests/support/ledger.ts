import { addressOfKey, decode, fromUtf8, loadSecp256k1, sha256, u40, utf8, type Address, type Cid } from '../../src/base/index.ts'
import { Hamt, type Change } from '../../src/hamt/index.ts'
import {
  ancestor, blockId, bodyId, childRules, encodeBody, execute, findStamp, genesisOf, judgeBodyBytes, judgeHeader, knownWitnesses, localNetwork, networkIdOf, rootOf, signHeader, signTransaction, stampWork, turnAfter,
  type BlockContext, type Chain, type Header, type Link, type NetworkId, type Parameters, type Receipt, type Rulebook, type Transaction, type UnsignedHeader, type UnsignedTransaction, type Verdict,
} from '../../src/ledger/index.ts'
import { account, keys, noAccount, readState, type Account, type StateKey, type StateReader } from '../../src/state/index.ts'

/**
 * Small ledgers for tests. A `TestChain` never changes: `extend` gives a longer one, so a fork is two chains extended from one. Its blocks go through all
 * rules there are, as a peer takes them.
 */
export const signatures = await loadSecp256k1()

/** Somebody with keys that follow from the name alone. */
export interface Somebody { readonly name: string, readonly secret: Uint8Array, readonly publicKey: Uint8Array, readonly address: Address }

export function somebody(name: string): Somebody {
  const secret = sha256(utf8(`somebody called ${name}`))
  const publicKey = signatures.publicKey(secret)
  return { name, secret, publicKey, address: addressOfKey(publicKey) }
}

/** A crowd whose names begin alike. */
export function crowd(name: string, count: number): Somebody[] {
  return Array.from({ length: count }, (_, i) => somebody(`${name} ${i}`))
}

/** A state as a map from the text of a key to the bytes of its row, with its trie beside it. */
export class MapState implements StateReader {
  private constructor(readonly rows: ReadonlyMap<string, Uint8Array>, readonly trie: Hamt) {}

  static async of(changes: readonly Change[]): Promise<MapState> {
    return await new MapState(new Map(), Hamt.empty({ load: async refs => refs.map(() => null) })).with(changes)
  }

  async get(key: Uint8Array): Promise<Uint8Array | null> { return this.rows.get(fromUtf8(key) ?? '') ?? null }

  async with(changes: readonly Change[]): Promise<MapState> {
    const [rows, trie] = [new Map(this.rows), this.trie.fork()]
    for (const { key, value } of changes) {
      const name = fromUtf8(key) ?? ''
      if (value === null) rows.delete(name)
      else rows.set(name, value)
    }
    await trie.update(changes)
    trie.commit(0)
    return new MapState(rows, trie)
  }

  get digest(): Uint8Array { return this.trie.root.digest }

  async read<T>(key: StateKey<T>): Promise<T | null> { return await readState(this, key) }

  async account({ address }: { readonly address: Address }): Promise<Account> { return await this.read(keys.account(address)) ?? noAccount }

  /** Coins of all accounts, Factoid addresses, fees under way, escrow, bonds and what was burned. */
  coins(): number {
    let sum = 0
    for (const [name, value] of this.rows) {
      if (/^account\/\w+$/.test(name)) sum += must(decode(account, value)).balance
      else if (name === 'fees' || name === 'burned' || name.startsWith('factoid/') || name.startsWith('escrow/')) sum += must(decode(u40, value))
      else if (/^keeper\/T\w+$/.test(name)) sum += must(decode(keys.keeper('').codec, value)).bond
      else if (name.startsWith('access/')) {
        const { purchase } = must(decode(keys.access('', '', '').codec, value))
        if (purchase?.settled === false) sum += purchase.price
      }
    }
    return sum
  }
}

/** The value of something that must have been accepted. */
export function must<T>(judged: { readonly ok: true, readonly value: T } | { readonly ok: false }): T {
  if (!judged.ok) throw new Error(JSON.stringify(judged))
  return judged.value
}

/** A block as it travels. */
export interface Block { readonly header: Header, readonly body: Uint8Array }

/** What a block shall be, where it shall not be as usual: a rescue block at the first time, by the chain's own miner, with nothing in it. */
export interface Draft {
  readonly miner?: Somebody
  readonly transactions?: readonly Transaction[]
  readonly records?: readonly Uint8Array<ArrayBuffer>[]
  readonly attachments?: readonly Receipt[]
  readonly profile?: string | null
  /** Seconds since 1970, or `deadline` for the miner's own turn. */
  readonly time?: number | 'deadline'
  /** The body's bytes, whatever they are. */
  readonly body?: Uint8Array
  /** Fields of the header that are to be signed so. */
  readonly header?: Partial<UnsignedHeader>
  /** Fields of the header that become so once it is signed. */
  readonly signed?: Partial<Header>
}

/** Fields of a transaction that are to be signed so; what shall differ afterwards is spread over the result. */
export type Fields = Partial<Omit<UnsignedTransaction, 'op' | 'body'>>

type Blocks = ReadonlyMap<Cid, { readonly link: Link, readonly state: MapState }>

export class TestChain implements Chain {
  readonly parameters: Parameters
  readonly network: NetworkId
  /** Mines where nobody else is named. */
  readonly miner: Somebody
  readonly tip: Link
  /** After the tip. */
  readonly state: MapState
  readonly #blocks: Blocks

  private constructor(from: { parameters: Parameters, network: NetworkId, miner: Somebody, blocks: Blocks }, tip: Link, state: MapState) {
    this.parameters = from.parameters
    this.network = from.network
    this.miner = from.miner
    this.tip = tip
    this.state = state
    this.#blocks = new Map([...from.blocks, [tip.root, { link: tip, state }]])
  }

  /** A local network with quick stamps and short epochs, where each of `people` begins with so many coins; any parameter may be another. */
  static async begin({ people = [], coins = 1_000_000, miner = somebody('the miner'), ...changed }: Partial<Parameters> & { readonly people?: readonly Somebody[], readonly coins?: number, readonly miner?: Somebody } = {}): Promise<TestChain> {
    const parameters: Parameters = {
      ...localNetwork(1_800_000_000), name: 'test', minimumFee: 10, stampBits: 6, range: 20, epoch: 4,
      allocations: people.map(({ address }) => ({ address, balance: coins, power: 0n })), ...changed,
    }
    const { header, state: first } = genesisOf(parameters)
    const state = await MapState.of(first)
    const { root } = rootOf(header, state.digest)
    return new TestChain({ parameters, network: networkIdOf(root), miner, blocks: new Map() }, { root, id: blockId(header), parent: null, header, hit: 0n, power: 0n, interval: 0n, kind: 'genesis' }, state)
  }

  record(root: Cid): Link | null { return this.#blocks.get(root)?.link ?? null }

  powerAt = async (root: Cid, miner: Address): Promise<bigint> => (await this.#after(root).account({ address: miner })).power

  /** The chain as it was at an earlier block. */
  at(number: number): TestChain {
    const tip = ancestor(this, this.tip, number)
    if (tip === null) throw new Error(`no block ${number}`)
    return this.#with(tip, this.#after(tip.root))
  }

  /** A transaction its sender signed: the next of its account, made when the tip was, with the least fee. */
  async transaction<C extends UnsignedTransaction['op']>(op: C, sender: Somebody, body: Extract<UnsignedTransaction, { op: C }>['body'], fields: Fields = {}): Promise<Transaction> {
    const { nonce } = await this.state.account(sender)
    return signTransaction({
      version: 1, network: this.network, op, sender: sender.address, nonce: nonce + 1n, time: this.tip.header.time, fee: this.parameters.minimumFee,
      witness: null, profile: null, body, stamp: null, ...fields,
    } as UnsignedTransaction, sender.secret, signatures)
  }

  async wiring(sender: Somebody, to: Somebody | string, amount: number, fields: Fields = {}): Promise<Transaction> {
    return await this.transaction(1, sender, { to: typeof to === 'string' ? to : to.address, amount }, fields)
  }

  async message(sender: Somebody, fields: Fields = {}, body: Partial<Extract<UnsignedTransaction, { op: 2 }>['body']> = {}): Promise<Transaction> {
    return await this.transaction(2, sender, { thread: null, message: '{"text":"ahoy"}', attachment: null, ...body }, fields)
  }

  async profile(sender: Somebody, profile: string, fields: Fields = {}, box: string | null = null): Promise<Transaction> {
    return await this.transaction(7, sender, { profile, box }, fields)
  }

  /** A transaction with a stamp of exactly so many bits in place of its fee. */
  stamped(transaction: Transaction, sender: Somebody, bits: number = this.parameters.stampBits): Transaction {
    const { signature: _, ...rest } = transaction
    const unsigned: UnsignedTransaction = { ...rest, fee: 0 }
    for (let from = 0n; ;) {
      const stamp = findStamp(unsigned, bits, from, 1_000_000)
      if (stamp === null) throw new Error('no stamp in a million tries')
      if (stampWork({ ...unsigned, stamp }) === bits) return signTransaction({ ...unsigned, stamp }, sender.secret, signatures)
      from = stamp + 1n
    }
  }

  async block({ miner = this.miner, transactions = [], records = [], attachments = [], profile = null, time, body = encodeBody({ transactions, records, attachments }), header = {}, signed = {} }: Draft = {}): Promise<Block> {
    const { powerRoot } = childRules(this, this.tip, this.parameters)
    const turn = turnAfter(this, this.tip, { publicKey: miner.publicKey, power: await this.powerAt(powerRoot, miner.address) }, this.network, this.parameters)
    if (turn === null) throw new Error('the chain has ended')
    const { mined } = await this.state.account(miner)
    const seconds = time === 'deadline' && turn.interval !== null ? Number(turn.interval) : this.parameters.rescue
    const unsigned = turn.header({ time: typeof time === 'number' ? time : this.tip.header.time + seconds, nonce: mined + 1n, profile, body: bodyId(body) })
    return { header: { ...signHeader({ ...unsigned, ...header }, miner.secret, signatures), ...signed }, body }
  }

  get rulebook(): Rulebook { return { network: this.network, parameters: this.parameters, signatures } }

  /** What execution is told of a block. */
  context({ header, body }: Block, id: Cid): BlockContext {
    return { ...this.rulebook, block: id, header, body: must(judgeBodyBytes(body, header.body)), parentTime: this.tip.header.time, isWitness: root => knownWitnesses(this, this.tip, this.parameters.range).roots.has(root) }
  }

  /** The chain with a block more, or the first rule it breaks. */
  async judge(block: Block): Promise<Verdict<TestChain>> {
    const tip = await judgeHeader(block.header, this.tip, { chain: this, powerAt: this.powerAt }, this.rulebook)
    if (!tip.ok) return tip
    const body = judgeBodyBytes(block.body, block.header.body)
    if (!body.ok) return body
    const after = await execute(this.state, this.context(block, tip.value.id))
    if (!after.ok) return after
    const state = await this.state.with(after.value.changes())
    return { ok: true, value: this.#with({ ...tip.value, root: rootOf(block.header, state.digest).root }, state) }
  }

  /** The verdict on a drafted block. */
  async try(draft: Draft): Promise<Verdict<TestChain>> { return await this.judge(await this.block(draft)) }

  /** The chain with a block more, which must be valid. */
  async extend(draft: Draft = {}): Promise<TestChain> {
    return must(await this.try(draft))
  }

  /** The chain with so many empty blocks more. */
  async grow(blocks: number): Promise<TestChain> {
    return blocks === 0 ? this : await (await this.extend()).grow(blocks - 1)
  }

  #with(tip: Link, state: MapState): TestChain {
    const { parameters, network, miner } = this
    return new TestChain({ parameters, network, miner, blocks: this.#blocks }, tip, state)
  }

  #after(root: Cid): MapState {
    const block = this.#blocks.get(root)
    if (block === undefined) throw new Error('no block of this chain has this root')
    return block.state
  }
}

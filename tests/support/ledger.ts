import { addressOfKey, compareBytes, concat, decode, fromUtf8, loadSecp256k1, sha256, u40, utf8, type Address, type Cid } from '../../src/base/index.ts'
import type { Change } from '../../src/hamt/index.ts'
import {
  blockId, bodyId, encodeBody, execute, findStamp, genesisOf, isOnChain, judgeBodyBytes, judgeHeader, localNetwork, networkIdOf, rootOf, signHeader, signTransaction, stampWork, turnAfter,
  type BlockContext, type Header, type Link, type NetworkId, type Parameters, type Rulebook, type Transaction, type UnsignedHeader, type UnsignedTransaction, type Verdict,
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

/** A state as a map from the text of a key to the bytes of its row. */
export class MapState implements StateReader {
  readonly rows: ReadonlyMap<string, Uint8Array>

  constructor(rows: ReadonlyMap<string, Uint8Array> = new Map()) { this.rows = rows }

  async get(key: Uint8Array): Promise<Uint8Array | null> { return this.rows.get(fromUtf8(key) ?? '') ?? null }

  with(changes: readonly Change[]): MapState {
    const rows = new Map(this.rows)
    for (const { key, value } of changes) {
      const name = fromUtf8(key) ?? ''
      if (value === null) rows.delete(name)
      else rows.set(name, value)
    }
    return new MapState(rows)
  }

  /** Some hash of all rows: what a trie's root is for, without a trie. */
  hash(): Uint8Array {
    const rows = [...this.rows].map(([name, value]) => concat(sha256(utf8(name)), sha256(value)))
    return sha256(concat(...rows.sort(compareBytes)))
  }

  async read<T>(key: StateKey<T>): Promise<T | null> { return await readState(this, key) }

  async account({ address }: { readonly address: Address }): Promise<Account> { return await this.read(keys.account(address)) ?? noAccount }

  /** Coins of all accounts, Factoid addresses and fees under way. */
  coins(): number {
    let sum = 0
    for (const [name, value] of this.rows) {
      if (/^account\/\w+$/.test(name)) sum += must(decode(account, value)).balance
      else if (name === 'fees' || name.startsWith('factoid/')) sum += must(decode(u40, value))
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

export class TestChain implements Rulebook {
  readonly signatures = signatures
  readonly parameters: Parameters
  readonly network: NetworkId
  /** Mines where nobody else is named. */
  readonly miner: Somebody
  readonly tip: Link
  /** After the tip. */
  readonly state: MapState
  readonly #states: ReadonlyMap<Cid, MapState>

  private constructor(from: { parameters: Parameters, network: NetworkId, miner: Somebody }, tip: Link, state: MapState, states: ReadonlyMap<Cid, MapState>) {
    this.parameters = from.parameters
    this.network = from.network
    this.miner = from.miner
    this.tip = tip
    this.state = state
    this.#states = new Map([...states, [tip.root, state]])
  }

  /** A local network: each of `people` has the coins, power as given in the parameters' allocations otherwise. */
  static begin({ people = [], coins = 1_000_000, miner = somebody('the miner'), ...changed }: Partial<Parameters> & { readonly people?: readonly Somebody[], readonly coins?: number, readonly miner?: Somebody } = {}): TestChain {
    const parameters: Parameters = {
      ...localNetwork(1_800_000_000), name: 'test', minimumFee: 10, stampBits: 6, range: 20, epoch: 4,
      allocations: people.map(({ address }) => ({ address, balance: coins, power: 0n })), ...changed,
    }
    const { header, state: first } = genesisOf(parameters)
    const state = new MapState().with(first)
    const { root } = rootOf(header, state.hash())
    const tip: Link = { root, id: blockId(header), parent: null, header, hit: 0n, power: 0n, interval: 0n, kind: 'genesis' }
    return new TestChain({ parameters, network: networkIdOf(root), miner }, tip, state, new Map())
  }

  powerAt = async (root: Cid, miner: Address): Promise<bigint> => {
    const state = this.#states.get(root)
    if (state === undefined) throw new Error('the state of this root was never held')
    return (await state.account({ address: miner })).power
  }

  /** The chain as it was at an earlier block. */
  at(number: number): TestChain {
    let tip: Link | null = this.tip
    while (tip !== null && tip.header.number > number) tip = tip.parent
    const state = tip === null ? undefined : this.#states.get(tip.root)
    if (tip === null || state === undefined) throw new Error(`no block ${number}`)
    return new TestChain(this, tip, state, this.#states)
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

  async block({ miner = this.miner, transactions = [], records = [], profile = null, time, body = encodeBody({ transactions, records, attachments: [] }), header = {}, signed = {} }: Draft = {}): Promise<Block> {
    const number = this.tip.header.number + 1
    const at = Math.max(0, (Math.floor(number / this.parameters.epoch) - 1) * this.parameters.epoch)
    const turn = turnAfter(this.tip, miner.publicKey, await this.powerAt(this.at(at).tip.root, miner.address), this.network, this.parameters)
    if (turn === null) throw new Error('the chain has ended')
    const { mined } = await this.state.account(miner)
    const seconds = time === 'deadline' && turn.interval !== null ? Number(turn.interval) : this.parameters.rescue
    const unsigned = turn.header({ time: typeof time === 'number' ? time : this.tip.header.time + seconds, nonce: mined + 1n, profile, body: bodyId(body) })
    return { header: { ...signHeader({ ...unsigned, ...header }, miner.secret, signatures), ...signed }, body }
  }

  /** What execution is told of a block. */
  context({ header, body }: Block, id: Cid): BlockContext {
    const { network, parameters } = this
    return { network, parameters, signatures, block: id, header, body: must(judgeBodyBytes(body, header.body)), isWitness: root => isOnChain(this.tip, root, this.parameters.range) }
  }

  /** The chain with a block more, or the first rule it breaks. */
  async judge(block: Block): Promise<Verdict<TestChain>> {
    const tip = await judgeHeader(block.header, this.tip, this.powerAt, this)
    if (!tip.ok) return tip
    const body = judgeBodyBytes(block.body, block.header.body)
    if (!body.ok) return body
    const after = await execute(this.state, this.context(block, tip.value.id))
    if (!after.ok) return after
    const state = this.state.with(after.value.changes())
    const link: Link = { ...tip.value, root: rootOf(block.header, state.hash()).root }
    return { ok: true, value: new TestChain(this, link, state, this.#states) }
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
}


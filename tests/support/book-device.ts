import '../../src/relay/node20.ts'
import { loadSecp256k1, toHex, type Address, type Alarm, type Cid } from '../../src/base/index.ts'
import type { IdentityState } from '../../src/keys/index.ts'
import { Ledger, judgeTransactionBytes, localNetwork, signTransaction, type Parameters, type Transaction } from '../../src/ledger/index.ts'
import type { BookNews } from '../../src/peer/book-api.ts'
import { Book, type BookParts } from '../../src/peer/book.ts'
import { memLedgerStore, type LedgerStore } from '../../src/store/index.ts'
import { startSync, type Sync, type SyncStatus } from '../../src/sync/index.ts'
import { keyOf, mine, transact, type Key } from './mine.ts'

const signatures = await loadSecp256k1()

export const begin = 1_800_000_000

/** A network in which each of these begins with so many coins, with quick stamps. */
export async function networkWith(coins: Readonly<Record<string, number>>, change: Partial<Parameters> = {}): Promise<Parameters> {
  const allocations = await Promise.all(Object.entries(coins).map(async ([name, balance]) => ({ address: (await keyOf(name)).address, balance, power: 0n })))
  return { ...localNetwork(begin), allocations, minimumFee: 10, stampBits: 6, ...change }
}

/** `imported`: Factom's keys of elsewhere, by the 32 bytes of their address in hex. */
interface PersonKeys { locked: boolean, made: boolean, readonly imported: Map<string, { readonly secret: Uint8Array<ArrayBuffer>, readonly public: Uint8Array<ArrayBuffer> }> }

/** The keys of one person, which can be locked. */
export function keysOf({ secret, address }: Key): BookParts['keys'] & PersonKeys {
  const sealed = new Map<string, Uint8Array<ArrayBuffer>>()
  const state = (): IdentityState => ({ address, backedUp: null, passphrase: false, locked: keys.locked })
  const keys: BookParts['keys'] & PersonKeys = {
    locked: false, made: true, imported: new Map(),
    identity: async () => keys.made ? state() : null,
    async ensureIdentity() {
      keys.made = true
      return state()
    },
    async sign(_kind, _network, value) {
      if (keys.locked) throw Object.assign(new Error(), { code: 'locked' })
      return signTransaction(value as never, secret, signatures).signature as Uint8Array<ArrayBuffer>
    },
    async seal(key) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      sealed.set(toHex(iv), key.slice())
      return { iv, ct: new Uint8Array(48) }
    },
    async reveal({ iv }) { return sealed.get(toHex(iv))!.slice() },
  }
  return keys
}

/** A device of somebody: a ledger, its peer with nobody around, and the book under test. */
export class Device {
  readonly news: BookNews[] = []
  /** Laid over what the peer says of itself. */
  status: Partial<SyncStatus> = { stage: 'following' }
  now = begin + 1
  readonly clock: Alarm = { now: () => 1000 * this.now, async sleep() { await new Promise(done => { setTimeout(done, 1) }) } }
  book!: Book
  sync!: Sync
  /** Told of moves of the head beside the book. */
  onHead: () => void = () => {}

  private constructor(readonly name: string, readonly key: Key, readonly keys: ReturnType<typeof keysOf>, readonly ledger: Ledger, readonly store: LedgerStore<object>) {}

  /** `kept`: what another run of it left behind. */
  static async of(name: string, parameters: Parameters, kept: { readonly store?: LedgerStore<object>, readonly keys?: Device['keys'] } = {}): Promise<Device> {
    const key = await keyOf(name)
    const store = kept.store ?? await memLedgerStore<object>({ states: 3000, bodies: 3000 })
    const device = new Device(name, key, kept.keys ?? keysOf(key), await Ledger.open({ parameters, store, signatures }), store)
    await device.start()
    return device
  }

  /** Begins with what is kept, as after a restart. */
  async start(): Promise<void> {
    const { ledger, store, clock, keys, news } = this
    const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
    const nobody = { neighbours: () => [], ask: async () => await Promise.reject(new Error('nobody is there')), distrust() {} }
    const sync = await startSync({ ledger, network: nobody, memory: store, clock, random, onChange() {}, onHead: () => { this.book.head(); this.onHead() } })
    const status = () => ({ ...sync.status, ...this.status })
    this.sync = new Proxy(sync, { get: (target, name) => name === 'status' ? status() : typeof target[name as keyof Sync] === 'function' ? (target[name as keyof Sync] as () => void).bind(target) : target[name as keyof Sync] })
    this.book = await Book.open({ ledger, sync: this.sync, store, keys, clock, random, signatures, base: 'https://app.example/', tell: each => { news.push(each) } })
    const identity = await keys.identity()
    if (identity !== null) await this.book.setPerson(identity)
    await this.settle()
  }

  async stop(): Promise<void> {
    this.book.close()
    await this.sync.stop()
  }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      await new Promise(done => { setTimeout(done, 2) })
      await this.book.follow()
    }
  }

  /** What this device offers. */
  offered(address: Address = this.key.address): readonly Transaction[] {
    return this.sync.waiting(address).map(bytes => {
      const judged = judgeTransactionBytes(bytes)
      if (!judged.ok) throw new Error(judged.detail)
      return judged.value
    })
  }

  /** Everybody's next block, with these transactions. */
  async block(others: readonly Device[] = [], transactions: readonly Transaction[] = [], pool = 'miner'): Promise<void> {
    const { header, body, time } = await mine(this.ledger, { pool, seconds: 60, transactions })
    for (const device of [this, ...others]) await device.take(header, body, time)
  }

  async take(header: Uint8Array, body: Uint8Array, time: number): Promise<void> {
    this.now = Math.max(this.now, time)
    const verdict = await this.ledger.offer(header, body, this.now)
    if (!verdict.ok) throw new Error(`${verdict.rule}: ${verdict.detail}`)
    await this.settle()
  }

  async blocks(count: number, others: readonly Device[] = []): Promise<void> {
    for (let i = 0; i < count; i++) await this.block(others)
  }

  async balance(address: Address = this.key.address): Promise<number> { return (await this.ledger.account(address)).balance }

  get wallet() { return lastOf(this.news, 'wallet') }
  get threads() { return lastOf(this.news, 'threads') }
}

function lastOf<K extends keyof BookNews>(news: readonly BookNews[], name: K): NonNullable<BookNews[K]> {
  const value = news.findLast(each => each[name] !== undefined)?.[name]
  if (value === undefined || value === null) throw new Error(`nothing was told of ${name}`)
  return value
}

export { keyOf, transact }
export type { Cid }

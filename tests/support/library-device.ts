import { loadSecp256k1, type Alarm, type Cid } from '../../src/base/index.ts'
import { Ledger, ancestor, hasRecords, type Parameters } from '../../src/ledger/index.ts'
import { EntryLibrary } from '../../src/peer/entry-library.ts'
import type { EntrySource } from '../../src/peer/record-reading.ts'
import { encodeEntry, entryHash, type FactomEntry } from '../../src/records/index.ts'
import { memLedgerStore, type LedgerStore } from '../../src/store/index.ts'
import type { SyncStatus } from '../../src/sync/index.ts'
import { keyOf, mine, transact, type Mined, type Turns } from './mine.ts'
import { chainNamed, commitTo, commitToChain, payment, signer, type Signer } from './records.ts'

/** Somebody who pays for records, with the coins of an account. */
export const payer = signer('the payer')

/** A device with a ledger and what it holds of records; blocks are made on it. */
export class LibraryDevice {
  library!: EntryLibrary
  /** Pages were told so often to ask anew. */
  changes = 0
  now = 0
  mode: SyncStatus['mode'] = 'full'
  /** Blocks the safety root is below the head. */
  safeBelow = 1
  /** What others have. */
  readonly others = new Map<string, Uint8Array>()
  asked: string[] = []
  /** Before others answer. */
  onFetch: () => Promise<void> = async () => {}
  /** Where states are not here: another device of the network. */
  prover: LibraryDevice | null = null
  /** Another time for each payment: of two at one time that say the same, only one counts. */
  #moment = 0

  private constructor(readonly ledger: Ledger, readonly store: LedgerStore<object>) {}

  static async of(parameters: Parameters, store?: LedgerStore<object>): Promise<LibraryDevice> {
    if (!hasRecords(parameters)) throw new Error('a network without records')
    const lies = store ?? await memLedgerStore<object>({ states: parameters.range + 2 * parameters.epoch, bodies: parameters.range })
    const device = new LibraryDevice(await Ledger.open({ parameters, store: lies, signatures: await loadSecp256k1() }), lies)
    device.now = device.ledger.head.header.time
    await device.start()
    return device
  }

  /** Begins with what is kept. */
  async start(): Promise<void> {
    const { ledger, store } = this
    const clock: Alarm = { now: () => 1_000 * this.now, async sleep() { await Promise.resolve() } }
    const source: EntrySource = {
      fetch: async hashes => {
        this.asked.push(...hashes)
        await this.onFetch()
        return await Promise.resolve(hashes.flatMap(hash => this.others.get(hash) ?? []))
      },
      holders: async hashes => await Promise.resolve(hashes.map(hash => this.others.has(hash) ? 2 : 0)),
    }
    this.library = await EntryLibrary.open({ ledger, store, clock, source, sync: this.sync, changed: () => { this.changes++ } })
    await this.library.settle()
  }

  readonly sync = (device => ({
    get status() { return device.status },
    get chain() { return device.ledger.chain },
    async read(names: readonly string[], root?: Cid) {
      const { head } = device.ledger
      const at = root ?? (device.mode === 'full' ? head.root : head.parent ?? head.root)
      const from = device.prover ?? device
      return device.mode === 'headers' && device.prover === null ? null : { root: at, values: await from.ledger.values(names, at) }
    },
  }))(this)

  get status(): SyncStatus {
    const { head, chain } = this.ledger
    const safe = ancestor(chain, head, Math.max(0, head.header.number - this.safeBelow)) ?? head
    return { stage: 'following', mode: this.mode, head, safe, voted: true } as SyncStatus
  }

  /** Makes a block, here and on others. */
  async block(records: readonly Uint8Array<ArrayBuffer>[] = [], others: readonly LibraryDevice[] = [], turns: Turns = { seconds: 60 }): Promise<Mined> {
    const mined = await mine(this.ledger, { ...turns, records })
    for (const device of [this, ...others]) await device.take(mined)
    return mined
  }

  async take({ header, body, time }: Mined): Promise<void> {
    this.now = Math.max(this.now, time)
    const verdict = await this.ledger.offer(header, body, this.now)
    if (!verdict.ok) throw new Error(`${verdict.rule}: ${verdict.detail}`)
    await this.follow()
  }

  async blocks(count: number, others: readonly LibraryDevice[] = []): Promise<void> {
    for (let i = 0; i < count; i++) await this.block([], others)
  }

  async follow(): Promise<void> {
    this.library.moved()
    await this.library.settle()
  }

  /** Coins of an account become entry credits of the payer. */
  async buy(account: string, credits: number, others: readonly LibraryDevice[] = []): Promise<void> {
    const { ledger } = this
    const coins = credits * ledger.parameters.creditRate + 100
    const wiring = await transact(ledger, await keyOf(account), { op: 1, body: { to: payer.address, amount: coins } }, ledger.head.header.time + 1)
    const mined = await mine(ledger, { seconds: 60, transactions: [wiring] })
    for (const device of [this, ...others]) await device.take(mined)
    await this.block([payment({ time: this.ms, from: [[coins, payer]], buy: [[credits * ledger.parameters.creditRate, payer.publicKey]] })], others)
  }

  /** What records this entry: its commit, and itself. */
  recording(entry: Uint8Array<ArrayBuffer>, { begins = false, by = payer }: { readonly begins?: boolean, readonly by?: Signer } = {}): readonly Uint8Array<ArrayBuffer>[] {
    const time = this.ms + this.#moment++ % 60_000
    return [begins ? commitToChain(entry, by, { time }) : commitTo(entry, by, { time }), entry]
  }

  get ms(): number { return 1_000 * this.ledger.head.header.time }

  /** As after a restart, with what is kept. */
  async restart(): Promise<void> {
    this.library.close()
    await this.start()
  }
}

/** An entry by its parts, in bytes. */
export function entryBytes(entry: FactomEntry): Uint8Array<ArrayBuffer> { return encodeEntry(entry) }
export { chainNamed, entryHash }

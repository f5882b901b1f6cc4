import { HoldfastError, sha256, utf8 } from '../../src/base/index.ts'
import { entryCreditKey, factoidKey } from '../../src/keys/derivation.ts'
import { createRecordKeys } from '../../src/keys/record-keys.ts'
import { ancestor, type Parameters } from '../../src/ledger/index.ts'
import type { RecordDraft, RecordSending } from '../../src/peer/record-api.ts'
import { RecordDesk, type RecordDeskParts } from '../../src/peer/record-desk.ts'
import { bookWirings } from '../../src/peer/record-wirings.ts'
import { chainIdOf, judgeRecord, type RecordItem } from '../../src/records/index.ts'
import { keys } from '../../src/state/index.ts'
import { memLedgerStore, type LedgerStore } from '../../src/store/index.ts'
import { Device, networkWith } from './book-device.ts'
import { mine, type Mined } from './mine.ts'

/** A network with records, where an entry credit costs two coins. */
export async function recordNetwork(coins: Readonly<Record<string, number>>, change: Partial<Parameters> = {}): Promise<Parameters> {
  return await networkWith(coins, { ops: [1, 2, 3, 4, 5, 7, 8, 9, 10, 11], creditRate: 2, short: 3, ...change })
}

export const chainOf = (name: string): string => chainIdOf([utf8(name)])
/** The first entry of a chain of this name. */
export function first(name: string, content = ''): RecordDraft { return { chain: null, extIds: [utf8(name)], content: utf8(content) } }
/** A further one. */
export function further(name: string, content: string): RecordDraft { return { chain: chainOf(name), extIds: [], content: utf8(content) } }

/** What a store does when it is to fail: not write it, or write it and not say so. */
export type Failing = 'before' | 'after'

/** A store whose writes of values can be made to fail: from one on all of them, as after a kill. */
export class Disk {
  writes = 0
  dead = false
  #kill: { readonly at: number, readonly how: Failing } | null = null

  private constructor(readonly store: LedgerStore<object>) {
    const write = store.setValues.bind(store)
    store.setValues = async values => {
      if (this.dead) throw new HoldfastError('storage-lost', 'gone')
      this.writes++
      this.dead = this.#kill?.at === this.writes
      if (!this.dead || this.#kill?.how === 'after') await write(values)
      if (this.dead) throw new HoldfastError('storage-lost', 'gone')
    }
  }

  static async of(store: LedgerStore<object> | null = null): Promise<Disk> { return new Disk(store ?? await memLedgerStore<object>({ states: 3000, bodies: 3000 })) }

  /** The `at`th write from now on is the last. */
  killAt(at: number, how: Failing): void { this.#kill = { at: this.writes + at, how } }
  revive(): void { this.dead = false }
}

/** What the keys worker does for records, of whom a device is. */
export function recordKeysOf({ name, key, keys: person }: Pick<Device, 'name' | 'key' | 'keys'>): RecordDeskParts['keys'] {
  const seed = new Uint8Array([...sha256(utf8(`seed ${name}`)), ...sha256(utf8(`seed of ${name}`))])
  const secrets = async () => {
    if (person.locked) throw new HoldfastError('locked', 'locked with a passphrase')
    return await Promise.resolve({ id: '', address: key.address, entropy: seed, seed, ledger: new Uint8Array(key.secret) })
  }
  return {
    ...createRecordKeys({ secrets }, async (_, payload) => {
      await secrets()
      const pair = person.imported.get(payload)
      if (pair === undefined) throw new HoldfastError('not-own', 'this key is not here')
      return { ...pair, secret: pair.secret.slice() }
    }),
    networkKeys: async network => {
      const { seed: own } = await secrets()
      return { factoid: factoidKey(own, network).public, entryCredit: entryCreditKey(own, network).public }
    },
  }
}

/** A device of somebody with records over its book. What it offers is all that miners of its blocks have. */
export class RecordDevice {
  desk!: RecordDesk
  /** Items it offers now, in the order it did, by id. */
  readonly offered = new Map<string, Uint8Array<ArrayBuffer>>()
  /** All commits and payments it ever offered, by id. */
  readonly signed = new Map<string, RecordItem>()
  readonly written: Uint8Array[] = []
  readonly pulled = new Set<string>()
  changes = 0
  #open = true

  private constructor(readonly device: Device, readonly disk: Disk) {}

  static async of(name: string, parameters: Parameters, kept: { readonly disk?: Disk, readonly keys?: Device['keys'] } = {}): Promise<RecordDevice> {
    const disk = kept.disk ?? await Disk.of()
    const one = new RecordDevice(await Device.of(name, parameters, { store: disk.store, ...kept.keys === undefined ? {} : { keys: kept.keys } }), disk)
    await one.#start()
    return one
  }

  async #start(): Promise<void> {
    const { device, device: { ledger, sync, store, clock, book, keys: person } } = this
    const owner = async (): Promise<string> => {
      if (person.locked) throw new HoldfastError('locked', 'the passphrase was not given yet')
      return await Promise.resolve(device.key.address)
    }
    const lane: RecordDeskParts['lane'] = {
      submit: async bytes => {
        const verdict = await sync.submitRecord(bytes)
        if (verdict.ok && this.#open) {
          this.offered.set(verdict.id, new Uint8Array(bytes))
          const judged = judgeRecord(bytes)
          if (judged.ok && judged.value.kind !== 'entry') this.signed.set(verdict.id, judged.value)
        }
        return verdict
      },
      withdraw: id => {
        sync.withdrawRecord(id)
        this.offered.delete(id)
      },
      wasPulled: id => this.pulled.has(id),
    }
    this.desk = await RecordDesk.open({
      network: ledger.network, parameters: ledger.parameters, sync, lane, clock, owner, store,
      keys: recordKeysOf(device),
      wirings: bookWirings(book.outbox, owner),
      reader: { written: async entry => { await Promise.resolve(this.written.push(entry)) }, unwritten: async () => { await Promise.resolve() }, setPayers() {} },
      changed: () => { this.changes++ },
    })
    device.onHead = () => { void this.desk.kick() }
    await this.desk.setPerson(device.key.address, person.locked)
    await this.settle()
  }

  get ledger(): Device['ledger'] { return this.device.ledger }
  get sending(): readonly RecordSending[] { return this.desk.sending() }

  /** Waits until nothing is under way. */
  async settle(): Promise<void> {
    for (let i = 0; i < 3; i++) {
      await this.device.book.follow()
      await this.device.book.outbox.kick()
      await this.desk.kick()
      await new Promise(done => { setTimeout(done, 0) }) // the peer hears of a head a little later
    }
  }

  /** Takes a block as it comes from anywhere. */
  async take({ header, body, time }: Pick<Mined, 'header' | 'body' | 'time'>): Promise<void> {
    const { device } = this
    device.now = Math.max(device.now, time)
    const verdict = await device.ledger.offer(header, body, device.now)
    if (!verdict.ok) throw new Error(`${verdict.rule}: ${verdict.detail}`)
    await this.settle()
  }

  /** A block of what all these offer, which all of them get. */
  async block(others: readonly RecordDevice[] = [], pool = 'miner'): Promise<void> {
    const all = [this, ...others]
    for (const each of all) await each.settle()
    const transactions = await Promise.all(all.map(async ({ device }) => {
      const { nonce } = await device.ledger.account(device.key.address)
      return device.offered().filter(each => each.nonce > nonce)
    }))
    const mined = await mine(this.ledger, { pool, seconds: 60, transactions: transactions.flat(), offered: all.flatMap(each => each.inOrder()) })
    for (const each of all) await each.take(mined)
  }

  async blocks(count: number, others: readonly RecordDevice[] = [], pool?: string): Promise<void> {
    for (let i = 0; i < count; i++) await this.block(others, pool)
  }

  /** An empty block after so many hours. */
  async hours(hours: number): Promise<void> {
    await this.take(await mine(this.ledger, { at: this.ledger.head.header.time + 3_600 * hours }))
  }

  /** As a pool offers them to miners: payments, commits, reveals. */
  inOrder(): readonly Uint8Array<ArrayBuffer>[] {
    const rank = (bytes: Uint8Array): number => {
      const judged = judgeRecord(bytes)
      if (!judged.ok) throw new Error(judged.reason)
      return ['factoid', 'chain-commit', 'entry-commit', 'entry'].indexOf(judged.value.kind)
    }
    return [...this.offered.values()].map(bytes => ({ bytes, rank: rank(bytes) })).sort((a, b) => a.rank - b.rank).map(({ bytes }) => bytes)
  }

  /** The program ends, whatever it was doing, and is begun again. */
  async restart(): Promise<RecordDevice> {
    await this.stop()
    const again = await RecordDevice.of(this.device.name, this.ledger.parameters, { disk: this.disk, keys: this.device.keys })
    again.device.now = Math.max(again.device.now, this.device.now)
    for (const [id, item] of this.signed) again.signed.set(id, item)
    return again
  }

  async stop(): Promise<void> {
    this.#open = false
    this.desk.close()
    await this.device.stop()
  }

  /** Coins become entry credits. */
  async buy(credits: number, others: readonly RecordDevice[] = []): Promise<void> {
    await this.desk.buyCredits(`buy ${credits} at ${this.ledger.head.header.number}`, credits)
    await this.settle()
    await this.blocks(2, others)
  }

  async safeBelow(blocks: number): Promise<void> {
    const { head, chain } = this.ledger
    this.device.status = { ...this.device.status, safe: ancestor(chain, head, head.header.number - blocks)! }
    await this.settle()
  }

  async credits(): Promise<number> { return (await this.desk.credits())!.credits }

  /** Contents of a chain's entries that were recorded through here, in its order; null where there is no such chain. */
  async chain(name: string): Promise<readonly string[] | null> {
    const row = await this.ledger.read(keys.chain(chainOf(name)))
    if (row === null) return null
    const hashes = await Promise.all(Array.from({ length: row.count }, async (_, i) => (await this.ledger.read(keys.chainEntry(chainOf(name), i)))!))
    const texts = new Map(this.written.flatMap(bytes => {
      const judged = judgeRecord(bytes)
      return judged.ok && judged.value.kind === 'entry' ? [[judged.value.hash, new TextDecoder().decode(judged.value.entry.content)] as const] : []
    }))
    return hashes.map(hash => texts.get(hash) ?? hash)
  }
}

import type { Address, Cid, Secp256k1 } from '../../../src/base/index.ts'
import { signTransaction, type Parameters, type Transaction, type UnsignedTransaction } from '../../../src/ledger/index.ts'
import { Chance } from '../engine/chance.ts'
import { beginning, keyOf } from '../network-of.ts'
import { cheapSignatures } from '../world/signatures.ts'
import { SimChain } from './chain.ts'
import { crowdOf, honestKeepers, type Person } from './crowd.ts'
import { Device, Disks } from './device.ts'
import type { Wish } from './keeper-acts.ts'
import { Pool } from './pool.ts'
import { parametersOf, type Settings } from './settings.ts'
import { HeadView, namedOf, type Ref } from './view.ts'

/** What is counted on the way. */
export interface Counts { seenThrough: number, forks: number, deepest: number, settledAgain: number, forged: number, forgedTaken: number, refused: number, refusedBeside: number }

/** All that one run is made of. */
export class Stage {
  readonly view = new HeadView()
  readonly pool = new Pool()
  readonly disks = new Disks()
  readonly devices: readonly Device[]
  readonly chance: Chance
  /** Names of files, and what they were published as. */
  readonly names = new Map<string, Ref>()
  readonly counts: Counts = { seenThrough: 0, forks: 0, deepest: 0, settledAgain: 0, forged: 0, forgedTaken: 0, refused: 0, refusedBeside: 0 }
  /** Files that nobody has any more, though somebody promised to keep them. */
  readonly lost = new Set<Cid>()
  /** Proofs that somebody made up. */
  readonly forgeries = new WeakSet<Transaction>()
  /** Of each keeper, how many uploads it had promised at the end of each of its periods, and how many of them were on its disk. */
  readonly promised = new Map<Address, { readonly count: number, readonly kept: number }[]>()
  readonly #wasKept = new Set<Ref>()
  readonly #byAddress = new Map<Address, Device>()
  readonly #periods: number

  private constructor(readonly settings: Settings, readonly parameters: Parameters, readonly chain: SimChain, readonly signatures: Secp256k1, people: readonly Person[]) {
    this.#periods = periodsOf(settings)
    this.chance = new Chance(settings.seed, 'keepers')
    this.devices = people.map(person => new Device(person, this.disks, filesOf(person)))
    for (const device of this.devices) this.#byAddress.set(device.address, device)
    this.view.onUpload = (ref, before, after) => {
      for (const address of [...before?.publication.keepers ?? [], ...after?.publication.keepers ?? []]) this.#stir(address)
      if ((after?.kept.length ?? 0) > 0) this.#wasKept.add(ref)
    }
    this.view.onKeeper = (address, { periods, count, status }) => {
      const of = this.promised.get(address) ?? []
      if (periods > 0 && status !== 'closing') of[periods - 1] = { count, kept: this.#onDisk(address) }
      this.promised.set(address, of)
    }
    this.view.onStatus = address => {
      for (const ref of this.view.duties.get(address)?.keys() ?? []) for (const each of this.view.uploads.get(ref)?.publication.keepers ?? []) this.#stir(each)
    }
    this.disks.onLast = cid => { this.#lastOf(cid) }
  }

  static async begin(settings: Settings): Promise<Stage> {
    const signatures = cheapSignatures()
    const people = crowdOf(settings.peers, settings.seed, periodsOf(settings), name => keyOf(name, signatures))
    const miners = Array.from({ length: 10 }, (_, i) => keyOf(`keepers' miner ${i}`, signatures))
    const parameters = parametersOf(settings, people.map(({ key }) => key.address), miners.map(({ address }) => address))
    return new Stage(settings, parameters, await SimChain.begin({ parameters, signatures, miners }), signatures, people)
  }

  /** Of the head. */
  get number(): number { return this.chain.head.header.number }

  /** Periods since the beginning, by the head's time. */
  get at(): number { return (this.chain.head.header.time - beginning) / this.parameters.blockTime / this.settings.period }

  isEnding(at: number): boolean { return at > this.#periods - 1 }

  personOf = (address: Address): Person | undefined => this.#byAddress.get(address)?.person

  gangKeepers(gang: number): readonly Address[] {
    return this.devices.filter(({ person, address }) => person.gang === gang && person.kind === 'sybil keeper' && this.view.keepers.get(address)?.status === 'active').map(({ address }) => address)
  }

  sign({ person: { key } }: Device, wish: Wish): Transaction {
    const { chain: { ledger, head }, view } = this
    const unsigned = {
      version: 1, network: ledger.network, sender: key.address, nonce: (view.accounts.get(key.address)?.nonce ?? 0n) + 1n, time: head.header.time, fee: this.parameters.minimumFee, witness: null, profile: null,
      stamp: null, ...wish,
    } as UnsignedTransaction
    return signTransaction(unsigned, key.secret, this.signatures)
  }

  #stir(address: Address): void {
    const device = this.#byAddress.get(address)
    if (device !== undefined) device.stirred = true
  }

  #onDisk(address: Address): number {
    const device = this.#byAddress.get(address)
    return [...this.view.duties.get(address)?.keys() ?? []].filter(ref => device?.has(namedOf(ref)[0]) === true).length
  }

  /** A file that was kept once, of a record that is right and counts, is lost. */
  #lastOf(cid: Cid): void {
    const refs = [...this.#wasKept].filter(ref => ref.startsWith(cid))
    if (refs.some(ref => {
      const row = this.view.uploads.get(ref)
      return row !== undefined && !row.withdrawn && this.number < row.until && this.personOf(namedOf(ref)[1])?.kind === 'owner'
    })) this.lost.add(cid)
  }
}

export function periodsOf({ hours, period }: Settings): number { return hours * 12 / period }

function filesOf({ kind, number }: Person): number { return kind === 'owner' ? 1 + number % 6 : kind === 'false root' ? 3 : kind === 'sybil owner' ? 4 : 0 }

export function isHonest({ kind }: Person): boolean { return kind === 'owner' || honestKeepers.has(kind) }

import { type Address, type Judged, type Secp256k1 } from '../../../src/base/index.ts'
import { type Ledger, type Link, headerDigest, signHeader, signStatement, type Parameters, type UnsignedHeader, type UnsignedStatement } from '../../../src/ledger/index.ts'
import { startSync, type AnyQuestion, type HeadMove, type StateAnswer, type Sync, type SyncMode, type Voter } from '../../../src/sync/index.ts'
import type { Chance } from '../engine/chance.ts'
import { Life } from '../engine/life.ts'
import type { Timeline } from '../engine/timeline.ts'
import type { SimNetwork, Station } from '../net/network.ts'
import { Memory } from '../world/memory.ts'
import { mine } from './miner.ts'
import type { Store } from './store.ts'

/** A person's key. */
export interface Key { readonly secret: Uint8Array, readonly publicKey: Uint8Array, readonly address: Address }

export interface PeerPlan {
  readonly number: number
  readonly key: Key | null
  readonly relays: readonly number[]
  readonly isAnchor: boolean
  readonly mode: SyncMode
  /** Makes blocks whenever it is there. */
  readonly mines: boolean
  /** Whether it keeps the rules; invariants are about those who do. */
  readonly honest: boolean
  /** What it shows instead of what it knows. */
  readonly lies?: Lies
  /** Its clock, ms ahead. */
  readonly skew: number
}

/** A dishonest peer runs the honest program, and says something else. */
export interface Lies {
  /** Learns of the peer once it runs. */
  begins?(peer: Peer): Promise<void> | void
  answers?(peer: Peer, question: AnyQuestion, from: string, honest: () => Promise<Judged<StateAnswer>>): Promise<Judged<StateAnswer>>
}

export interface PeerParts {
  readonly timeline: Timeline
  readonly network: SimNetwork
  readonly parameters: Parameters
  readonly signatures: Secp256k1
  /** What happens to it. */
  readonly chance: Chance
  /** What its program draws. */
  readonly random: Chance
  readonly diskChance: Chance
  readonly store: Store
  /** How long a write takes, ms. */
  readonly diskMs: number
  /** What is watched of it. */
  readonly watch: Watch
  /** A failure that its program survived, in few words. */
  readonly tells: (text: string) => void
  readonly openLedger: (peer: Peer) => Promise<Ledger>
  readonly shown?: (stations: readonly Station[]) => readonly Station[]
}

export interface Watch {
  changed(peer: Peer): void
  moved(peer: Peer, move: HeadMove): void
  signs(peer: Peer, header: UnsignedHeader, digest: Uint8Array): void
  distrusts(peer: Peer, other: Station, why: string): void
  broke(what: string): void
}

/** Somebody with a tab: comes, runs the real program, goes or is killed, and comes again to what is stored. */
export class Peer implements Station {
  readonly plan: PeerPlan
  readonly number: number
  readonly id: string
  readonly address: Address | null
  readonly relays: readonly number[]
  readonly isAnchor: boolean
  readonly chance: Chance
  readonly memory = new Memory()
  readonly shown?: (stations: readonly Station[]) => readonly Station[]
  readonly parts: PeerParts
  ledger: Ledger | null = null
  sync: Sync | null = null
  /** When this life began. */
  since = 0
  /** Wiped disks begin anew, and may sign where they did before. */
  wiped = 0
  #life: Life | null = null

  constructor(plan: PeerPlan, parts: PeerParts) {
    this.plan = plan
    this.parts = parts
    this.number = plan.number
    this.id = `peer ${plan.number}`
    this.address = plan.key?.address ?? null
    this.relays = plan.relays
    this.isAnchor = plan.isAnchor
    this.chance = parts.chance
    if (parts.shown !== undefined) this.shown = parts.shown
    parts.network.join(this)
  }

  get honest(): boolean { return this.plan.honest }
  /** Runs and is awake. */
  get there(): boolean { return this.#life !== null && !this.#life.asleep && this.sync !== null }

  /** What it follows; with headers alone that is ahead of its ledger. */
  get head(): Link | null { return this.plan.mode === 'headers' ? this.sync?.status.head ?? null : this.ledger?.head ?? null }

  life(): Life | null { return this.sync === null ? null : this.#life }

  /** Opens the tab. */
  comes(): void {
    if (this.#life !== null) return
    const life = new Life(this.parts.timeline, () => this.plan.skew)
    this.#life = life
    this.since = this.parts.timeline.now
    this.#begin(life).catch((error: unknown) => { this.parts.watch.broke(`${this.id} could not begin: ${textOf(error)}`) })
  }

  /** Closes it properly: the program stops by itself. */
  goes(): void {
    const { sync } = this
    const life = this.#over()
    if (sync === null || life === null) return
    sync.stop().then(() => { life.end() }, (error: unknown) => { this.parts.watch.broke(`${this.id} could not stop: ${textOf(error)}`) })
  }

  /** Ends it without a word. */
  killed(): void { this.#over()?.end() }

  /** Its disk is lost. */
  wipes(): void {
    this.wiped++
    this.memory.wipe()
    this.parts.store.wipe()
  }

  fallsAsleep(): void { this.#life?.fallAsleep() }
  wakes(): void {
    if (this.#life?.asleep !== true) return
    this.#life.wake()
    this.sync?.nudge()
  }

  async answer(question: AnyQuestion, from: string): Promise<Judged<StateAnswer>> {
    const { sync } = this
    if (sync === null) throw new Error('nobody is there')
    const honest = async (): Promise<Judged<StateAnswer>> => await sync.answer(question, from)
    const { lies } = this.plan
    return lies?.answers === undefined ? await honest() : await lies.answers(this, question, from, honest)
  }

  distrusts(station: Station, why: string): void { this.parts.watch.distrusts(this, station, why) }

  sign(value: UnsignedHeader): Uint8Array {
    const { key } = this.plan
    if (key === null) throw new Error('a block of somebody without a key')
    this.parts.watch.signs(this, value, headerDigest(value))
    return signHeader(value, key.secret, this.parts.signatures).signature
  }

  async #begin(life: Life): Promise<void> {
    const { parts: { network, diskMs, diskChance, random, watch }, plan } = this
    const disk = async (): Promise<boolean> => {
      if (diskMs > 0) await life.sleep(diskMs * (0.5 + diskChance.real()))
      return !life.over
    }
    const ledger = await this.parts.openLedger(this)
    const sync = await startSync({
      ledger, network: network.of(this, life), memory: this.memory.of(disk), clock: life, random,
      onChange: () => { watch.changed(this) }, onHead: move => { watch.moved(this, move) },
      onProblem: ({ code, message }) => { this.parts.tells(`${code}: ${message.replaceAll(/[0-9a-f]{16,}/g, '..')}`) },
    })
    if (life.over) return
    this.ledger = ledger
    this.sync = sync
    sync.setVoter(this.#voter())
    sync.setMode(plan.mode)
    sync.setMining(plan.mines && plan.key !== null)
    network.comes(this)
    sync.start()
    watch.changed(this)
    if (plan.mines && plan.key !== null) this.#mines(life, sync)
    await plan.lies?.begins?.(this)
  }

  #voter(): Voter | null {
    const { plan: { key }, parts: { signatures } } = this
    return key === null ? null : { address: key.address, publicKey: key.publicKey, sign: async (value: UnsignedStatement) => signStatement(value, key.secret, signatures) }
  }

  #mines(life: Life, sync: Sync): void {
    mine(sync.desk, life, value => this.sign(value)).catch((error: unknown) => {
      if (!life.over && this.sync === sync) this.parts.watch.broke(`${this.id} mining: ${textOf(error)}`)
    })
  }

  #over(): Life | null {
    const life = this.#life
    if (life === null) return null
    this.parts.network.goes(this)
    this.#life = null
    this.sync = null
    this.ledger = null
    return life
  }
}

export function textOf(error: unknown): string { return error instanceof Error ? error.stack ?? error.message : String(error) }

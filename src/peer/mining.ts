import type { Settings } from '../store/index.ts'
import type { MiningDesk, Sync, SyncMode, SyncPace } from '../sync/index.ts'
import type { DeskPart, DeskParts, MakePart } from './desk-parts.ts'
import type { LedgerHost, MiningState, RestReason } from './ledger-api.ts'
import { consentOf, ownRest, restOf, type MiningConditions } from './mining-rules.ts'
import { exposeOn } from './rpc.ts'
import type { TabStandings } from './tab-standings.ts'

/** Where the person's word is kept. */
export interface MiningMemory {
  setting<Name extends 'mining' | 'said-charging'>(name: Name): Promise<Settings[Name] | null>
  set<Name extends 'mining' | 'said-charging'>(name: Name, value: Settings[Name]): Promise<void>
}

export interface MiningOptions {
  readonly tabs: Pick<TabStandings, 'visible' | 'charging' | 'metered'>
  readonly memory: MiningMemory
  readonly host: LedgerHost
  /** What is told of it is another. */
  readonly changed: () => void
}

interface Steered { readonly sync: Sync | null, readonly mining: boolean, readonly mode: SyncMode, readonly pace: SyncPace }

/**
 * Whether this device makes blocks now. The miner's thread begins when all conditions hold, and ends when one of the person's, the machine's or the identity's is lost; blocks end here at
 * once, before the thread does. What only the peer says, as that it is a block behind, comes and goes with the blocks of others: the thread stays, and gets no turn meanwhile. The peer's
 * pace and mode follow the same facts.
 */
export class Mining {
  #said: Settings['mining'] | null = null
  #saidCharging = false
  #open: DeskParts | null = null
  /** The way to the miner's thread. */
  #port: MessagePort | null = null
  #wanted = false
  #ensuring = false
  #told = ''
  #steered: Steered = { sync: null, mining: false, mode: 'full', pace: 'slow' }

  constructor(private readonly options: MiningOptions) {}

  readonly part: MakePart = (open): DeskPart => {
    this.#open = open
    const look = () => { this.look() }
    look()
    return { onIdentity: look, onStatus: look, close: () => { this.#open = null; this.look() } }
  }

  async load(): Promise<void> {
    const { memory } = this.options
    this.#said = await memory.setting('mining')
    this.#saidCharging = await memory.setting('said-charging') ?? false
    this.look()
  }

  get state(): Omit<MiningState, 'due' | 'mined'> {
    const rests = this.#rest()
    return { rests: rests === null && this.#port === null ? 'beginning' : rests, consent: this.#consent, saidCharging: this.#saidCharging }
  }

  async consent(agreed: boolean): Promise<void> {
    this.#said = agreed ? 'agreed' : 'declined'
    this.look() // at once: no disk is waited for
    await this.options.memory.set('mining', this.#said)
  }

  async sayCharging(on: boolean): Promise<void> {
    this.#saidCharging = on
    this.look()
    await this.options.memory.set('said-charging', on)
  }

  /** `port` leads to a miner's thread; null: it is gone. */
  join(port: MessagePort | null): void {
    this.#port?.close()
    this.#port = null
    if (port !== null && this.#open !== null && this.#wanted) {
      this.#port = port
      exposeOn(port, deskFor(this.#open.sync))
    } else port?.close()
    this.look()
  }

  /** Makes what happens agree with how things stand. */
  look(): void {
    const rest = this.#rest()
    const wanted = rest === null || this.#wanted && this.#lasts()
    if (!wanted) {
      this.#port?.close()
      this.#port = null
    }
    if (wanted !== this.#wanted) {
      this.#wanted = wanted
      this.options.host.mine(wanted)
    }
    this.#steer()
    if (rest === 'no-identity' && this.#open?.identity() === null && this.#trusting) void this.#ensureIdentity(this.#open.keys)
    const told = JSON.stringify(this.state)
    if (told === this.#told) return
    this.#told = told
    this.options.changed()
  }

  get #trusting(): boolean { return (this.#open?.ledger.parameters.minimumPower ?? 0) > 0 }
  get #consent(): MiningState['consent'] { return consentOf(this.#said, this.#trusting) }

  #rest(): RestReason | null { return this.#open === null ? 'beginning' : restOf(this.#conditions(this.#open)) }

  /** Whether a thread that is there stays. */
  #lasts(): boolean { return this.#open !== null && ownRest(this.#conditions(this.#open)) === null }

  #conditions({ identity, sync }: DeskParts): MiningConditions {
    const { visible, charging, metered } = this.options.tabs
    return { consent: this.#consent, visible, charging, saidCharging: this.#saidCharging, metered, identity: identity(), trusting: this.#trusting, sync: sync.status }
  }

  /** Tells the peer what is another than it was told before. */
  #steer(): void {
    const { visible, metered } = this.options.tabs
    const before = this.#steered
    const now: Steered = { sync: this.#open?.sync ?? null, mining: this.#port !== null, mode: metered ? 'headers' : 'full', pace: visible ? 'quick' : 'slow' }
    this.#steered = now // first: what is told now may come back here
    const { sync, mining, mode, pace } = now
    if (sync === null) return
    const isNew = sync !== before.sync
    if (isNew || mode !== before.mode) sync.setMode(mode)
    if (isNew || pace !== before.pace) sync.setPace(pace)
    if (isNew || mining !== before.mining) sync.setMining(mining)
    if (!isNew && pace === 'quick' && before.pace === 'slow') sync.nudge()
  }

  /** Where all trust each other a block needs no more than a key, which is made when there is none. */
  async #ensureIdentity(keys: DeskParts['keys']): Promise<void> {
    if (this.#ensuring) return
    this.#ensuring = true
    try { await keys.ensureIdentity() } catch {} finally { this.#ensuring = false } // the next look tries again
  }
}

/** What the miner's thread may ask, and nothing else of the peer. */
function deskFor({ desk }: Sync): MiningDesk {
  return {
    turn: async () => await desk.turn(),
    changed: async parent => { await desk.changed(parent) },
    draft: async parent => await desk.draft(parent),
    seal: async (header, signature) => { await desk.seal(header, signature) },
  }
}

import { HoldfastError, fromHex, limits, loadSecp256k1, type Alarm, type Random } from '../base/index.ts'
import { Ledger, networkOf, parametersFromJson, type Parameters } from '../ledger/index.ts'
import type { IdentityState } from '../keys/index.ts'
import { openLedgerStore, type LedgerStore } from '../store/index.ts'
import type { HeadMove, StateNetwork, Sync, SyncMemory, SyncParts } from '../sync/index.ts'
import type { DeskPart, DeskParts, LedgerValues, MakePart } from './desk-parts.ts'
import { EverySoOften } from './every-so-often.ts'
import type { LedgerService, LedgerState, LedgerUpdate, MiningState } from './ledger-api.ts'
import { LedgerView, summaryOf } from './ledger-view.ts'
import { readAccount } from './read-account.ts'

export interface LedgerDeskOptions {
  readonly clock: Alarm
  readonly random: Random
  readonly network: StateNetwork
  readonly keys: DeskParts['keys']
  /** What is done for a network that is open, in this order. */
  readonly parts: readonly MakePart[]
  readonly startSync: (parts: SyncParts) => Promise<Sync>
  /** How making blocks stands, beside what the chain says of it. */
  readonly mining: () => Omit<MiningState, 'due' | 'mined'>
  /** News for all tabs. */
  readonly tell: (update: LedgerUpdate) => void
}

interface Open extends DeskParts { readonly parts: DeskPart[], readonly view: LedgerView, readonly closing: AbortController, stuck: HoldfastError | null }

/**
 * The ledger of the one network this browser is in, in the worker that owns its store, and the peer of that network. `use` opens it, and another in its
 * place where the network's parameters changed. In idle slices what fell out of range is pruned.
 */
export class LedgerDesk {
  #open: Open | null = null
  #problem: HoldfastError | null = null
  #using: Promise<void> = Promise.resolve()
  #identity: IdentityState | null = null
  /** What parts told last. */
  #told: Omit<LedgerUpdate, 'ledger'> = {}
  readonly #telling = new EverySoOften(async () => { await this.#tellState() }, limits.ledgerTellMs)

  constructor(private readonly options: LedgerDeskOptions) {}

  /** Opens the ledger of the network that a network file's `ledger` tells of. One that is open already stays. */
  async use(json: unknown): Promise<void> {
    const opening = this.#using.catch(() => {}).then(async () => { await this.#change(json) })
    this.#using = opening
    await opening
  }

  /** Whose account it is. */
  setIdentity(identity: IdentityState | null): void {
    this.#identity = identity
    for (const part of this.#open?.parts ?? []) part.onIdentity?.(identity)
    this.changed()
  }

  /** Something that pages see is another. */
  changed(): void { this.#telling.ask() }

  async state(): Promise<LedgerState> {
    if (this.#open === null) return this.#problem === null ? { phase: 'waiting' } : { phase: 'failed', problem: this.#problem.toObject() }
    const { view, ledger, stuck } = this.#open
    const mined = this.#identity === null ? 0 : Number((await ledger.account(this.#identity.address)).mined)
    return await view.state({ ...this.options.mining(), mined }, stuck?.toObject() ?? null)
  }

  async snapshot(): Promise<LedgerUpdate> {
    return { ...this.#told, ledger: await this.state() }
  }

  readonly account: LedgerService['account'] = async (address, root) => await readAccount(this.#parts, address, root)
  readonly judge: LedgerService['judge'] = async transaction => await this.#parts.ledger.judge(transaction, this.#now)

  readonly prove: LedgerService['prove'] = async (names, root = this.#parts.ledger.head.root) => {
    const { ledger } = this.#parts
    return { root, ...ledger.parts(root), nodes: await ledger.prove(names, root) }
  }

  readonly offer: LedgerService['offer'] = async (header, body) => {
    const { ledger, sync } = this.#parts
    const verdict = await ledger.offer(header, body, this.#now)
    if (!verdict.ok) return verdict
    sync.nudge() // one that waits for its time is waited for
    this.changed()
    return { ok: true, block: summaryOf(verdict.value) }
  }

  readonly decideAlert: LedgerService['decideAlert'] = async (tip, take) => {
    await this.#parts.sync.decide(tip, take)
    await this.#telling.now()
  }

  get #now(): number { return Math.floor(this.options.clock.now() / 1000) }

  get #parts(): DeskParts {
    if (this.#open === null) throw this.#problem ?? new HoldfastError('not-found', 'no ledger is open yet')
    return this.#open
  }

  async #change(json: unknown): Promise<void> {
    try {
      const judged = parametersFromJson(json)
      if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
      const network = await networkOf(judged.value)
      if (this.#open?.network === network) return
      await this.#close()
      await this.#begin(judged.value, network)
      this.#problem = null
    } catch (error) {
      this.#problem = HoldfastError.from(error)
      throw this.#problem
    } finally { await this.#telling.now() }
  }

  async #begin(parameters: Parameters, network: string): Promise<void> {
    const store = await openStore(parameters, network, reason => { this.#lose(reason) })
    let open: Open | null = null
    try {
      const { clock, random, network: others, startSync } = this.options
      const ledger = await Ledger.open({ parameters, store, signatures: await loadSecp256k1() })
      const sync = await startSync({
        ledger, clock, random, network: others,
        memory: store as unknown as SyncMemory, // which names its own values alone
        onChange: () => { this.#statusChanged(open) },
        onHead: move => { this.#headMoved(open, move) },
        onProblem: problem => { this.#getStuck(open, problem) },
      })
      open = this.#assemble({ ledger, sync, store, network })
      this.#open = open
      for (const make of this.options.parts) open.parts.push(make(open))
      for (const part of open.parts) part.onIdentity?.(this.#identity)
      sync.start()
      void prune(store, open.closing.signal)
    } catch (error) {
      this.#leave()
      await store.close()
      throw error
    }
  }

  #assemble(parts: Pick<DeskParts, 'ledger' | 'sync' | 'store' | 'network'>): Open {
    const { clock, keys: keysWorker, tell } = this.options
    return {
      ...parts, clock, keys: keysWorker, parts: [], view: new LedgerView(parts), closing: new AbortController(), stuck: null,
      identity: () => this.#identity,
      tell: news => {
        this.#told = { ...this.#told, ...news }
        tell(news)
      },
    }
  }

  #statusChanged(open: Open | null): void {
    if (open === null || open !== this.#open) return
    for (const part of open.parts) part.onStatus?.()
    this.changed()
  }

  #headMoved(open: Open | null, move: HeadMove): void {
    if (open === null || open !== this.#open) return
    open.stuck = null
    for (const part of open.parts) part.onHead?.(move)
    this.changed()
  }

  #getStuck(open: Open | null, problem: HoldfastError): void {
    if (open === null || open !== this.#open || problem.code === 'aborted') return
    open.stuck = problem
    this.changed()
  }

  async #tellState(): Promise<void> {
    this.options.tell({ ledger: await this.state() })
  }

  /** The browser took the database away. */
  #lose(reason: HoldfastError): void {
    const open = this.#leave()
    if (open === null) return
    void open.sync.stop().catch(() => {}) // it has nothing left to write to
    this.#problem = reason
    void this.#telling.now()
  }

  async #close(): Promise<void> {
    const open = this.#leave()
    await open?.sync.stop()
    await open?.store.close()
  }

  /** Lets go of the ledger that is open. */
  #leave(): Open | null {
    const open = this.#open
    this.#open = null
    open?.closing.abort()
    for (const part of open?.parts ?? []) part.close?.()
    const gone = Object.keys(this.#told)
    this.#told = {}
    if (gone.length > 0) this.options.tell(Object.fromEntries(gone.map(name => [name, null])))
    return open
  }
}

async function openStore({ range, epoch, activeWindow }: Parameters, network: string, onClosed: (reason: HoldfastError) => void): Promise<LedgerStore<LedgerValues>> {
  return await openLedgerStore<LedgerValues>(fromHex(network)!, {
    // The active set of a fork at the end of the range is counted over headers a window and two epochs older.
    range: { states: range + 2 * epoch, bodies: range, headers: range + 2 * epoch + activeWindow },
    onClosed,
  })
}

async function prune(store: LedgerStore<LedgerValues>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await new Promise(done => { setTimeout(done, limits.ledgerPruneMs) })
    // A full disk is made room on by pruning, and told by whoever writes next.
    const more = signal.aborted ? false : await store.pruneStep().catch(() => false)
    if (!more) await new Promise(done => { setTimeout(done, limits.ledgerPruneRestMs) })
  }
}

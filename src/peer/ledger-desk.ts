import { HoldfastError, fromHex, limits, loadSecp256k1, type Clock } from '../base/index.ts'
import { Ledger, networkOf, parametersFromJson, type Link, type Parameters } from '../ledger/index.ts'
import { keys } from '../state/index.ts'
import { openLedgerStore, type LedgerStore } from '../store/index.ts'
import type { BlockSummary, LedgerService, LedgerState } from './ledger-api.ts'

/** Nothing is kept beside the blocks. */
type Store = LedgerStore<object>

interface Open { readonly ledger: Ledger, readonly store: Store, readonly closing: AbortController, timer?: ReturnType<typeof setTimeout> }

/**
 * The ledger of the one network this browser is in, in the worker that owns its store. `use` opens it, and another in its place where the network's
 * parameters changed. In idle slices what fell out of range is pruned; blocks that came before their time become the head when it has come.
 */
export class LedgerDesk {
  #open: Open | null = null
  #problem: HoldfastError | null = null
  #using: Promise<void> = Promise.resolve()

  constructor(private readonly clock: Clock, private readonly tell: (state: LedgerState) => void) {}

  /** Opens the ledger of the network that a network file's `ledger` tells of. One that is open already stays. */
  async use(json: unknown): Promise<void> {
    const opening = this.#using.catch(() => {}).then(async () => { await this.#change(json) })
    this.#using = opening
    await opening
  }

  async state(): Promise<LedgerState> {
    if (this.#open === null) return this.#problem === null ? { phase: 'waiting' } : { phase: 'failed', problem: this.#problem.toObject() }
    const { ledger } = this.#open
    const { head } = ledger
    const { network, parameters: { name, minimumPower } } = ledger
    return { phase: 'open', name, network, head: summary(head), miners: await ledger.read(keys.minerTotal, head.root) ?? 0, trusting: minimumPower > 0 }
  }

  readonly account: LedgerService['account'] = async (address, root) => await this.#ledger.account(address, root)
  readonly judge: LedgerService['judge'] = async transaction => await this.#ledger.judge(transaction, this.#now)

  readonly prove: LedgerService['prove'] = async (names, root = this.#ledger.head.root) => {
    const ledger = this.#ledger
    return { root, ...ledger.parts(root), nodes: await ledger.prove(names, root) }
  }

  readonly offer: LedgerService['offer'] = async (header, body) => {
    const ledger = this.#ledger
    const before = ledger.head.root
    const verdict = await ledger.offer(header, body, this.#now)
    if (!verdict.ok) return verdict
    if (ledger.head.root !== before) this.tell(await this.state())
    this.#watch()
    return { ok: true, block: summary(verdict.value) }
  }

  get #now(): number { return Math.floor(this.clock.now() / 1000) }

  get #ledger(): Ledger {
    if (this.#open === null) throw this.#problem ?? new HoldfastError('not-found', 'no ledger is open yet')
    return this.#open.ledger
  }

  async #change(json: unknown): Promise<void> {
    try {
      const judged = parametersFromJson(json)
      if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
      const network = await networkOf(judged.value)
      if (this.#open?.ledger.network === network) return
      await this.#leave()?.store.close()
      this.#open = await this.#opened(judged.value, network)
      this.#problem = null
      await this.#open.ledger.advance(this.#now) // what came to its time meanwhile
      this.#watch()
      void this.#prune(this.#open.store, this.#open.closing.signal)
    } catch (error) {
      this.#problem = HoldfastError.from(error)
      throw this.#problem
    } finally { this.tell(await this.state()) }
  }

  async #opened(parameters: Parameters, network: string): Promise<Open> {
    const { range, epoch, activeWindow } = parameters
    const store = await openLedgerStore<object>(fromHex(network)!, {
      // The active set of a fork at the end of the range is counted over headers a window and two epochs older.
      range: { states: range + 2 * epoch, bodies: range, headers: range + 2 * epoch + activeWindow },
      onClosed: reason => { this.#lose(reason) },
    })
    try {
      return { ledger: await Ledger.open({ parameters, store, signatures: await loadSecp256k1() }), store, closing: new AbortController() }
    } catch (error) {
      await store.close()
      throw error
    }
  }

  /** The browser took the database away. */
  #lose(reason: HoldfastError): void {
    if (this.#leave() === null) return
    this.#problem = reason
    void this.state().then(this.tell)
  }

  /** Lets go of the ledger that is open. */
  #leave(): Open | null {
    const open = this.#open
    this.#open = null
    open?.closing.abort()
    clearTimeout(open?.timer)
    return open
  }

  async #prune(store: Store, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await new Promise(done => { setTimeout(done, limits.ledgerPruneMs) })
      // A full disk is made room on by pruning, and told by whoever writes next.
      const more = signal.aborted ? false : await store.pruneStep().catch(() => false)
      if (!more) await new Promise(done => { setTimeout(done, limits.ledgerPruneRestMs) })
    }
  }

  /** Looks again when the next block that waits comes to its time. */
  #watch(): void {
    const open = this.#open
    if (open === null) return
    clearTimeout(open.timer)
    const next = open.ledger.nextTime(this.#now)
    if (next === null) return
    open.timer = setTimeout(() => {
      open.ledger.advance(this.#now).then(async moved => {
        if (moved) this.tell(await this.state())
        this.#watch()
      }).catch(() => {}) // the store failed: the next block tells
    }, 1000 * next - this.clock.now())
  }
}

function summary({ root, id, header: { number, time, miner } }: Link): BlockSummary { return { root, id, number, time, miner } }

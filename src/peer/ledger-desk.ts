import { HoldfastError, fromHex, limits, loadSecp256k1, type Clock } from '../base/index.ts'
import { Ledger, networkOf, parametersFromJson, type Link, type Parameters } from '../ledger/index.ts'
import { keys } from '../state/index.ts'
import { openLedgerStore, type LedgerStore } from '../store/index.ts'
import type { BlockSummary, LedgerService, LedgerState } from './ledger-api.ts'

/** Nothing is kept beside the blocks. */
type Store = LedgerStore<object>

interface Open { readonly ledger: Ledger, readonly store: Store, readonly closing: AbortController }

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
    const judged = parametersFromJson(json)
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    const opening = this.#using.catch(() => {}).then(async () => { await this.#change(judged.value) })
    this.#using = opening
    await opening
  }

  async state(): Promise<LedgerState> {
    if (this.#open === null) return this.#problem === null ? { phase: 'waiting' } : { phase: 'failed', problem: this.#problem.toObject() }
    const { ledger } = this.#open
    const { head } = ledger
    return { phase: 'open', name: ledger.parameters.name, network: ledger.network, head: summary(head), miners: await ledger.read(keys.minerTotal, head.root) ?? 0 }
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
    else this.#waitFor(verdict.value)
    return { ok: true, block: summary(verdict.value) }
  }

  get #now(): number { return Math.floor(this.clock.now() / 1000) }

  get #ledger(): Ledger {
    if (this.#open === null) throw this.#problem ?? new HoldfastError('not-found', 'no ledger is open yet')
    return this.#open.ledger
  }

  async #change(parameters: Parameters): Promise<void> {
    const network = await networkOf(parameters)
    if (this.#open?.ledger.network === network) return
    await this.#close()
    try {
      const { range, epoch, activeWindow } = parameters
      // The active set of a fork at the end of the range is counted over headers a window and two epochs older.
      const store = await openLedgerStore<object>(fromHex(network)!, { range: { states: range + 2 * epoch, bodies: range, headers: range + 2 * epoch + activeWindow }, onClosed: reason => { this.#lose(reason) } })
      const closing = new AbortController()
      try {
        this.#open = { ledger: await Ledger.open({ parameters, store, signatures: await loadSecp256k1() }), store, closing }
      } catch (error) {
        await store.close()
        throw error
      }
      this.#problem = null
      void this.#prune(store, closing.signal)
    } catch (error) {
      this.#problem = HoldfastError.from(error)
      throw this.#problem
    } finally { this.tell(await this.state()) }
  }

  /** The browser took the database away. */
  #lose(reason: HoldfastError): void {
    if (this.#open === null) return
    this.#open.closing.abort()
    this.#open = null
    this.#problem = reason
    void this.state().then(this.tell)
  }

  async #close(): Promise<void> {
    const open = this.#open
    this.#open = null
    open?.closing.abort()
    await open?.store.close()
  }

  async #prune(store: Store, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await new Promise(done => { setTimeout(done, limits.ledgerPruneMs) })
      // A full disk is made room on by pruning, and told by whoever writes next.
      const more = signal.aborted ? false : await store.pruneStep().catch(() => false)
      if (!more) await new Promise(done => { setTimeout(done, limits.ledgerPruneRestMs) })
    }
  }

  /** A block whose time is still to come is looked at again then. */
  #waitFor({ header: { time } }: Link): void {
    const open = this.#open
    const ahead = time - this.#now
    if (open === null || ahead <= 0) return
    setTimeout(() => {
      if (open.closing.signal.aborted) return
      open.ledger.advance(this.#now).then(async moved => { if (moved) this.tell(await this.state()) }).catch(() => {}) // told by the next block
    }, 1000 * ahead)
  }
}

function summary({ root, id, header: { number, time, miner } }: Link): BlockSummary { return { root, id, number, time, miner } }

import { HoldfastError, type ErrorObject } from '../base/index.ts'
import type { RecordRequest } from '../keys/index.ts'
import { factoidWindow } from '../records/index.ts'
import { keys } from '../state/index.ts'
import { isDue, needOf, type LivePayment, type PaymentShelf } from './payment-shelf.ts'
import { paidOf } from './record-items.ts'
import { nowOf, signed, timeOf, type LaneParts } from './record-lane.ts'
import type { Round } from './record-rounds.ts'
import { isOver } from './record-shelf.ts'
import { isOverAt, isOverForGood, witnessOf } from './record-standing.ts'

/** Coins of the account, on their way to the Factoid address. */
export interface WiringDesk {
  /** Resolves when it is kept. Said twice it is done once. */
  wire(wish: string, to: string, coins: number): Promise<void>
  /** What became of that: nothing is known of it, it is on its way or in a block that is not safe, or why it failed. */
  wiringOf(wish: string): 'none' | 'going' | ErrorObject
}

export interface PaymentOutboxParts extends LaneParts {
  readonly shelf: PaymentShelf
  readonly wirings: WiringDesk
  /** A wiring was signed, or cannot be. */
  again(): void
}

/**
 * Factoid payments of the person's, one after the other, each from the wish to the safety root. Where the Factoid address lacks coins for a purchase they are wired there first. As with entries
 * the newest state says what became of each, and one is signed again only when no block can take the former.
 */
export class PaymentOutbox {
  readonly #offered = new Map<LivePayment, string>()
  /** Whose wiring was asked for and is not signed yet, which may take until the next head. */
  readonly #wiring = new Set<LivePayment>()

  constructor(private readonly parts: PaymentOutboxParts) {}

  async look(round: Round): Promise<void> {
    const { shelf, lane } = this.parts
    for (const live of shelf.all()) if (isOver(live.value, nowOf(this.parts))) await shelf.forget(live)
    const own = shelf.all().filter(({ value }) => value.owner === round.payer.owner)
    for (const live of own) if (!await this.#follow(live, round)) return
    for (const [live, id] of this.#offered) {
      if (isDue(live)) continue
      this.#offered.delete(live)
      await lane.withdraw(id)
    }
    const next = own.find(isDue)
    if (next !== undefined) await this.#further(next, round).catch(() => {}) // locked, or the disk is full: entries go on without it
  }

  /** What the chain says of it. False where nobody tells. */
  async #follow(live: LivePayment, { ground, facts, idAt }: Round): Promise<boolean> {
    const { items, block, safe, problem } = live.value
    if (items.length === 0 || safe !== null) return true
    if (block === null || live.foundIn === null || live.foundIn !== idAt(block)) {
      let unknown = false
      let found: number | null = null
      for (const item of items) {
        const [root, key] = [witnessOf(ground, item, factoidWindow), keys.paid(paidOf(item.bytes))]
        if (root !== null && await facts.load(root, [key])) found ??= facts.get(root, key)
        else if (root === ground.at.root) return false
        else unknown = true
      }
      const unsure = found === null && unknown && items.every(item => isOverForGood(ground, item, factoidWindow))
      const next = unsure ? { code: 'timeout', message: 'this device was away too long to know whether it was paid', data: { unsure: true } } as const : found === null ? problem : null
      if (found !== block || next !== problem) await this.parts.shelf.keep(live, { block: found, problem: next })
      live.foundIn = found === null ? null : idAt(found)
    }
    const at = live.value.block
    if (at !== null && at <= this.parts.sync.status.safe.header.number) await this.parts.shelf.keep(live, { safe: nowOf(this.parts) })
    return true
  }

  async #further(live: LivePayment, round: Round): Promise<void> {
    const { shelf, lane } = this.parts
    const { ground, facts, payer } = round
    const { items } = live.value
    const open = items.findLast(item => !isOverForGood(ground, item, factoidWindow))
    if (open === undefined) {
      const from = keys.factoid(live.value.from ?? payer.factoid)
      if (!await facts.load(ground.at.root, [from])) return
      const balance = facts.get(ground.at.root, from) ?? 0
      if (live.value.from !== undefined && items.length > 0) {
        await shelf.keep(live, { problem: { code: 'timeout', message: 'no block took it in time, and a key of elsewhere signs only when asked', data: {} } })
        return
      }
      if (balance < needOf(live.value)) { await this.#wire(live, needOf(live.value) - balance, round); return }
      await this.#sign(live)
      if (live.value.items.length === 0) return
    } else if (isOverAt(ground.at, open, factoidWindow)) return // until it is so for good
    const verdict = await lane.submit(live.value.items.at(-1)!.bytes)
    if (verdict.ok) this.#offered.set(live, verdict.id)
    else if (verdict.rule === 'factoid-fee' || verdict.rule === 'record-encoding') await shelf.keep(live, { problem: { code: 'internal', message: verdict.detail, data: { rule: verdict.rule } } })
  }

  async #wire(live: LivePayment, missing: number, { payer }: Round): Promise<void> {
    const { shelf, wirings, again } = this.parts
    const fail = async (problem: ErrorObject): Promise<void> => { await shelf.keep(live, { problem }) }
    if (live.value.wiring === 'none') { await fail({ code: 'too-large', message: 'more than there is at the Factoid address', data: { missing } }); return }
    if (this.#wiring.has(live)) return
    const wish = `records/${live.value.wish}`
    const state = wirings.wiringOf(wish)
    if (typeof state === 'object') { await fail(state); return }
    if (state === 'going') {
      if (live.value.wiring !== 'sent') await shelf.keep(live, { wiring: 'sent' })
      return
    }
    if (live.value.wiring === 'sent') { await fail({ code: 'too-large', message: 'the coins that came to the Factoid address were spent otherwise', data: { missing } }); return }
    if (live.value.wiring === 'wanted') await shelf.keep(live, { wiring: 'planned', wired: missing })
    this.#wiring.add(live)
    void this.#ask(live, wirings.wire(wish, payer.factoid, live.value.wired)).catch(() => false).then(isTold => { // what could not be written down is found out anew, with the next head
      this.#wiring.delete(live)
      if (isTold) again()
    })
  }

  /** Whether something is known of it now: not where what stands in the way may pass. */
  async #ask(live: LivePayment, wiring: Promise<void>): Promise<boolean> {
    const { shelf } = this.parts
    try { await wiring } catch (error) {
      const problem = HoldfastError.from(error)
      if (problem.code === 'locked' || problem.code === 'aborted' || problem.code === 'peer-unreachable' || problem.code.startsWith('storage-')) return false
      await shelf.keep(live, { problem: problem.toObject() })
      return true
    }
    await shelf.keep(live, { wiring: 'sent' })
    return true
  }

  async #sign(live: LivePayment): Promise<void> {
    const { shelf } = this.parts
    const { kind, to, coins, fee, from, items } = live.value
    // Two that say the same at the same time would be one payment.
    const last = Math.max(0, ...shelf.all().flatMap(({ value }) => value.items.map(({ time }) => time)))
    const time = Math.max(timeOf(this.parts), last + 1)
    const output = [{ address: to, coins }]
    const request: RecordRequest = { kind: 'factoid', time, fee, outputs: kind === 'buy-credits' ? [] : output, purchases: kind === 'buy-credits' ? output : [], ...from === undefined ? {} : { by: from } }
    const result = await signed(this.parts, [request])
    await shelf.keep(live, 'problem' in result ? result : { items: [...items, { bytes: result.all[0]!, time }] })
  }
}

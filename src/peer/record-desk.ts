import { HoldfastError, addressBytes, concat, fromHex, isAddress, limits, toHex, type Address, type ErrorObject } from '../base/index.ts'
import type { ImportedKey, KeyService } from '../keys/index.ts'
import type { Parameters } from '../ledger/index.ts'
import { factoidFee, formatAddress, parseAddress, rcdHashOf } from '../records/index.ts'
import { keys } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import { GroupCommit } from './group-commit.ts'
import { PaymentOutbox, type WiringDesk } from './payment-outbox.ts'
import { PaymentShelf, isDue, needOf, showPayment, type LivePayment } from './payment-shelf.ts'
import { RecordAdmission } from './record-admission.ts'
import type { CreditState, RecordSending, RecordService } from './record-api.ts'
import type { LaneParts } from './record-lane.ts'
import { RecordOutbox } from './record-outbox.ts'
import type { RecordReader } from './record-reading.ts'
import { RecordRounds, type Round } from './record-rounds.ts'
import { RecordShelf, stageOf, type LiveRecord } from './record-shelf.ts'
import type { RecordKeys, RecordStore } from './record-values.ts'

export interface RecordDeskParts extends LaneParts {
  readonly parameters: Pick<Parameters, 'short' | 'creditRate' | 'minimumFee'>
  readonly sync: Pick<Sync, 'status' | 'chain' | 'read'>
  readonly store: RecordStore
  readonly keys: Pick<KeyService, 'signRecords' | 'networkKeys'>
  readonly wirings: WiringDesk & {
    /** Coins of the account that nothing on its way takes. */
    spare(owner: Address): Promise<number>
  }
  /** Keeps entries of the person's, before any block has them, as long as they are to be recorded; told of the EC addresses that pay. */
  readonly reader: Pick<RecordReader, 'written' | 'unwritten' | 'setPayers'>
  /** Makes an identity where there is none. `locked` where nothing can be signed. */
  owner(): Promise<Address>
  /** What is on its way, or lies at the person's addresses, is another. */
  changed(): void
}

/** What a Factoid transaction from the own address to one other costs, in entry credits: its size is the same for all amounts, as far as that goes. */
const paymentFee = factoidFee({ size: 200, outputs: 1, signatures: 1 })
const mostCoins = 2 ** 40 - 1

/** Acts of records: what the person has recorded, and pays for that. */
export class RecordDesk implements Pick<RecordService, 'quote' | 'record' | 'forget' | 'buyCredits' | 'sendFactoids' | 'credits'> {
  readonly #rounds: RecordRounds
  readonly #outbox: RecordOutbox
  readonly #payments: PaymentOutbox
  readonly #admission: RecordAdmission
  #person: Address | null = null
  /** What was seen last at the person's addresses. */
  #holds: { readonly at: string, readonly factoids: number, readonly credits: number, readonly imported: ReadonlyMap<string, number> } | null = null
  /** Keys of elsewhere. */
  #imported: readonly ImportedKey[] = []

  private constructor(private readonly parts: RecordDeskParts, private readonly shelf: RecordShelf, private readonly paying: PaymentShelf, private payer: RecordKeys | null) {
    const coming = (key: string): number => this.#coming(key)
    const poor = (missing: number, by?: string): ErrorObject => this.#poor(missing, by)
    this.#outbox = new RecordOutbox({ ...parts, shelf, coming, poor, changed: () => { parts.changed() } })
    this.#payments = new PaymentOutbox({ ...parts, shelf: paying, again: () => { void this.kick() } })
    this.#rounds = new RecordRounds({
      ...parts, payer: () => this.#known(),
      look: async round => {
        await this.#note(round)
        await this.#payments.look(round)
        await this.#outbox.look(round)
      },
    })
    this.#admission = new RecordAdmission({ ...parts, shelf, rounds: this.#rounds, coming, poor })
  }

  /** What was on its way goes on with the next head. */
  static async open(parts: RecordDeskParts): Promise<RecordDesk> {
    const writes = new GroupCommit(parts.store)
    return new RecordDesk(parts, await RecordShelf.open(parts.store, writes), await PaymentShelf.open(parts.store, writes), await parts.store.value('record-keys'))
  }

  /** The head moved, or keys can be used again. */
  async kick(): Promise<void> { await this.#rounds.kick() }

  /** Who the person is now. Their keys are known once they were not locked. */
  async setPerson(address: Address, locked: boolean, imported: readonly ImportedKey[] = []): Promise<void> {
    this.#person = address
    this.#imported = imported
    if (!locked) await this.#learn(address).catch(() => {}) // whoever needs them is told
    const payer = this.#known()
    if (payer !== null) this.#tellPayers(payer)
    this.parts.changed()
    await this.kick()
  }

  close(): void { this.#rounds.close() }

  readonly quote: RecordService['quote'] = async (draft, by = null) => {
    const key = keyOf(by, 'EC')
    const ready = await this.#ready().catch((error: unknown) => HoldfastError.from(error))
    return await this.#admission.quote(draft, key, ready instanceof HoldfastError ? ready.toObject() : null, missing => this.#priceOf(missing))
  }

  readonly record: RecordService['record'] = async (wish, draft, by = null) => {
    const key = keyOf(by, 'EC')
    await this.#ready()
    const { bytes, ...admitted } = await this.#admission.record(wish, draft, key)
    if (bytes !== null) this.parts.reader.written(bytes).catch(() => {}) // the outbox has them too
    void this.kick()
    return admitted
  }

  readonly forget: RecordService['forget'] = async wish => {
    const [live, payment] = [this.shelf.ofWish(wish), this.paying.ofWish(wish)]
    if (live === null && payment === null) throw new HoldfastError('not-found', 'nothing of that name is on its way')
    const isGone = live === null ? payment!.value.problem !== null : live.value.problem !== null || live.value.commits.length === 0
    if (!isGone) throw new HoldfastError('already-exists', 'others have it already')
    if (live === null) await this.paying.forget(payment!)
    else {
      await this.shelf.forget([live])
      this.parts.reader.unwritten(live.value.entryHash).catch(() => {}) // the store failed: they lie there a while longer
    }
    this.parts.changed()
  }

  readonly buyCredits: RecordService['buyCredits'] = async (wish, credits) => {
    const { creditRate } = this.parts.parameters
    if (!Number.isSafeInteger(credits) || credits < 1 || (credits + paymentFee) * creditRate > mostCoins) throw new HoldfastError('bad-input', 'not a number of entry credits')
    await this.#pay(wish, ({ credit: to }) => ({ kind: 'buy-credits', to, coins: credits * creditRate, credits, wiring: 'wanted' }))
  }

  readonly sendFactoids: RecordService['sendFactoids'] = async (wish, to, coins, from = null) => {
    const { creditRate } = this.parts.parameters
    const key = keyOf(from, 'FA')
    if (!Number.isSafeInteger(coins) || coins < 1 || coins + paymentFee * creditRate > mostCoins) throw new HoldfastError('bad-input', 'not an amount of coins')
    const receiver = receiverOf(to)
    if (receiver.kind === 'buy-credits' && coins < creditRate) throw new HoldfastError('bad-input', 'buys no entry credit', { rate: creditRate })
    await this.#pay(wish, () => ({ ...receiver, coins, credits: receiver.kind === 'buy-credits' ? Math.floor(coins / creditRate) : 0, wiring: 'none', ...key === undefined ? {} : { from: key } }))
  }

  readonly credits: RecordService['credits'] = async () => {
    await this.#rounds.now()
    return this.creditState()
  }

  /** As it was seen last; null where that is not known. */
  creditState(): CreditState | null {
    const payer = this.#known()
    if (payer === null || this.#holds === null) return null
    const { factoids, credits, imported } = this.#holds
    return {
      factoidAddress: formatAddress('FA', fromHex(payer.factoid)!), creditAddress: formatAddress('EC', fromHex(payer.credit)!), factoids, credits, rate: this.parts.parameters.creditRate,
      imported: this.#imported.map(each => ({ ...each, holds: imported.get(each.address) ?? 0 })),
      sending: this.paying.all().filter(({ value }) => value.owner === payer.owner).map(showPayment),
    }
  }

  /** In the order they were asked for: those on their way first, where there are too many to tell of. */
  sending(): readonly RecordSending[] {
    const own = [...this.shelf.all()].filter(({ value }) => value.owner === this.#person)
    if (own.length > limits.recordsShown) own.sort((a, b) => Number(a.value.safe !== null) - Number(b.value.safe !== null) || a.value.number - b.value.number)
    return own.slice(0, limits.recordsShown).map(live => this.#show(live))
  }

  #show(live: LiveRecord): RecordSending {
    const { wish, chain, entryHash, begins, credits, spent, place, made, problem } = live.value
    return {
      wish, chain, entryHash, begins, credits, stage: stageOf(live.value), spent, block: place?.block ?? null, index: place?.index ?? null, made, pulled: this.#outbox.wasPulled(live), problem,
    }
  }

  async #pay(wish: string, make: (payer: RecordKeys) => Pick<LivePayment['value'], 'kind' | 'to' | 'coins' | 'credits' | 'from' | 'wiring'>): Promise<void> {
    const payer = await this.#ready()
    if (this.paying.ofWish(wish) !== null) return
    if (this.paying.size >= limits.paymentsOpen) throw new HoldfastError('too-many', 'too many payments are on their way already')
    const round = await this.#rounds.now()
    if (round === null) throw new HoldfastError('peer-unreachable', 'nobody tells what there is')
    if (this.paying.ofWish(wish) !== null) return // said again meanwhile
    const { parameters: { creditRate, minimumFee }, clock, wirings } = this.parts
    const fresh = { ...make(payer), fee: paymentFee * creditRate }
    const at = keys.factoid(fresh.from ?? payer.factoid)
    const { facts, ground: { at: { root } } } = round
    if (!await facts.load(root, [at])) throw new HoldfastError('peer-unreachable', 'nobody tells what there is')
    const due = this.paying.all().filter(live => isDue(live) && live.value.owner === payer.owner && live.value.from === fresh.from)
    const wired = due.reduce((sum, { value }) => value.wiring === 'sent' ? sum + value.wired : sum, 0)
    const spare = (facts.get(root, at) ?? 0) + wired - due.reduce((sum, { value }) => sum + needOf(value), 0)
    const missing = needOf(fresh) - Math.max(0, spare)
    if (missing > 0 && fresh.wiring === 'none') throw new HoldfastError('too-large', 'more than there is at the Factoid address', { coins: needOf(fresh), spare: Math.max(0, spare) })
    const from = missing > 0 ? await wirings.spare(payer.owner) : 0
    const taken = missing + Math.max(0, -spare) + minimumFee
    if (missing > 0 && taken > from) throw new HoldfastError('too-large', 'more coins than there are', { coins: taken, spare: Math.max(0, from) })
    await this.paying.add({ ...fresh, wish, owner: payer.owner, made: Math.floor(clock.now() / 1000) })
    this.parts.changed()
    void this.kick()
  }

  /** Whose keys pay: known and not locked. */
  async #ready(): Promise<RecordKeys> {
    const owner = await this.parts.owner()
    this.#person = owner
    return await this.#learn(owner)
  }

  async #learn(owner: Address): Promise<RecordKeys> {
    if (this.payer?.owner === owner) return this.payer
    const { keys: service, network, store } = this.parts
    const { factoid, entryCredit } = await service.networkKeys(network)
    const payer = { owner, factoid: toHex(rcdHashOf(factoid)), credit: toHex(entryCredit) }
    await store.setValues({ 'record-keys': payer })
    this.#holds = null
    this.payer = payer
    this.#tellPayers(payer)
    return payer
  }

  #known(): RecordKeys | null { return this.payer?.owner === this.#person ? this.payer : null }

  #tellPayers({ credit }: RecordKeys): void {
    this.parts.reader.setPayers([formatAddress('EC', fromHex(credit)!), ...this.#imported.flatMap(({ kind, address }) => kind === 'EC' ? [address] : [])])
  }

  async #note({ ground: { at }, facts, payer }: Round): Promise<void> {
    const others = this.#imported.map(({ kind, address }) => [address, kind === 'FA' ? keys.factoid(keyOf(address, 'FA')!) : keys.credit(keyOf(address, 'EC')!)] as const)
    if (!await facts.load(at.root, others.map(([, key]) => key))) return
    const imported = new Map(others.map(([address, key]) => [address, facts.get(at.root, key) ?? 0]))
    const holds = { at: at.root, imported, factoids: facts.get(at.root, keys.factoid(payer.factoid)) ?? 0, credits: facts.get(at.root, keys.credit(payer.credit)) ?? 0 }
    this.#holds = holds
  }

  /** Entry credits for a key that are bought and not there yet. */
  #coming(key: string): number {
    return this.paying.all().reduce((sum, live) => isDue(live) && live.value.kind === 'buy-credits' && live.value.to === key ? sum + live.value.credits : sum, 0)
  }

  #poor(missing: number, by?: string): ErrorObject {
    if (by !== undefined) return { code: 'too-large', message: `${missing} entry credits are missing at the key that was to pay`, data: { missing } }
    const coins = this.#priceOf(missing)
    return { code: 'too-large', message: `${missing} entry credits are missing; buying them takes ${coins} coins`, data: { missing, coins } }
  }

  /** Coins that buying so many credits takes, with all fees. */
  #priceOf(credits: number): number {
    const { creditRate, minimumFee } = this.parts.parameters
    const need = (credits + paymentFee) * creditRate
    return credits === 0 ? 0 : need + ((this.#holds?.factoids ?? 0) < need ? minimumFee : 0)
  }
}

/** The 32 bytes of the address of a key of elsewhere, in hex; nothing where the person's own is meant. `bad-input` where it is none of that kind. */
function keyOf(address: string | null, kind: ImportedKey['kind']): string | undefined {
  if (address === null) return undefined
  const read = parseAddress(address)
  if (!read.ok || read.value.kind !== kind) throw new HoldfastError('bad-input', `not an ${kind} address`)
  return toHex(read.value.payload)
}

/** What an address is of: an account's is twelve zero bytes and its twenty, as Factoid outputs have it. */
function receiverOf(to: string): { readonly kind: LivePayment['value']['kind'], readonly to: string } {
  if (isAddress(to)) return { kind: 'to-account', to: toHex(concat(new Uint8Array(12), addressBytes(to)!)) }
  const address = parseAddress(to)
  if (!address.ok) throw new HoldfastError('bad-input', address.reason)
  const { kind, payload } = address.value
  if (kind === 'Fs' || kind === 'Es') throw new HoldfastError('bad-input', 'a secret key, not an address: never give it to anybody')
  return { kind: kind === 'EC' ? 'buy-credits' : 'send', to: toHex(payload) }
}

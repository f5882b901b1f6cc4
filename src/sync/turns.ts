import { HoldfastError, encode, equalBytes, limits, type Address, type Cid, type Random } from '../base/index.ts'
import {
  bodyId, encodeBody, header as headerCodec, headerDigest, judgeHeaderBytes, minerKey, transaction as transactionCodec, transactionId, turnAfter, type Body, type Header, type Ledger, type Link, type PowerAt, type Receipt, type Transaction, type Turn, type UnsignedHeader,
} from '../ledger/index.ts'
import type { MiningDesk, SyncMemory, Voter } from './ports.ts'
import { chooseRecords } from './pool/choose-records.ts'
import { chooseTransactions } from './pool/choose.ts'
import type { Pool } from './pool/pool.ts'
import type { RecordPool } from './pool/record-pool.ts'
import { Receipts } from './pool/receipts.ts'
import type { Pace } from './pace.ts'
import type { StateAnswer } from './wire.ts'

export interface TurnParts {
  readonly ledger: Ledger
  readonly pool: Pool
  readonly records: RecordPool
  readonly memory: SyncMemory
  readonly random: Random
  readonly pace: Pace
  /** Seconds. */
  now(): number
  voter(): Voter | null
  /** What others prove of this device's power, where the state it lies in is not here; rejects where nobody does. */
  readonly powerAt: PowerAt
  /** Whether blocks may be made at all now. */
  mayMine(): boolean
  /** A block of this device waits for its time, or is the head. */
  onSealed(): void
}

/** How often others are chosen in the place of transactions that were refused, for one block. */
const composings = 8
/** Names and heads of the lists in a body; 41 are used. */
const bodyHeadBytes = 64

/** The turn of this device after one block. */
interface OwnTurn { readonly parent: Link, readonly turn: Turn | null }

interface Signed { readonly header: Header, readonly body: Uint8Array }

/** A turn whose time is known, seconds since 1970. `rescue`: the block takes the time at which it is made. */
interface Due { readonly at: number, readonly kind: 'deadline' | 'rescue' }

/**
 * The blocks of this device: when they are due, what is in them, and the one that was signed on a root, which is on disk before anybody sees it, so that no second one ever is. Signing
 * itself is the miner's: what it asks is here.
 */
export class Turns implements MiningDesk {
  #turn: OwnTurn | null = null
  #drafted: { readonly header: UnsignedHeader, readonly body: Uint8Array } | null = null
  /** By the root they are on; null where nobody may see it: it is not on disk yet, or the ledger refuses it. */
  readonly #sealed = new Map<Cid, Header | null>()
  /** The last one signed, where the ledger could not keep it. */
  #unkept: Signed | null = null
  #waiting: (() => void)[] = []
  /** Whether there was a change since the turn was asked for last: whoever asks to be told of it was not there yet. */
  #woken = false
  readonly #receipts: Receipts

  constructor(private readonly parts: TurnParts) { this.#receipts = new Receipts(parts.ledger.network) }

  /** Blocks signed before the last end, which nobody may have seen: they are offered to the ledger again. */
  async restore(): Promise<void> {
    const { ledger, memory, now } = this.parts
    for (const [name, { number, header, body }] of await memory.values('sealed/')) {
      const judged = judgeHeaderBytes(header)
      if (number < ledger.head.header.number - ledger.parameters.range || !judged.ok) await memory.setValues({ [name]: undefined })
      else {
        const verdict = await ledger.offer(header, body, now())
        this.#sealed.set(name.slice('sealed/'.length), mayBeShown(verdict) ? judged.value : null)
      }
    }
  }

  /** Of a visitor of this device. */
  log(receipt: Receipt): void { this.#receipts.add(receipt) }

  /** Whoever waits for a change looks again. */
  wake(): void {
    this.#woken = true
    for (const wake of this.#waiting.splice(0)) wake()
  }

  /** For a new head: its turn is worked out, and blocks signed below the range are forgotten. */
  async headMoved(): Promise<void> {
    await this.#own()
    const { ledger, memory } = this.parts
    const gone = [...this.#sealed].filter(([, header]) => header !== null && header.number < ledger.head.header.number - ledger.parameters.range).map(([root]) => root)
    for (const root of gone) this.#sealed.delete(root)
    if (gone.length > 0) await memory.setValues(Object.fromEntries(gone.map(root => [`sealed/${root}`, undefined])))
    this.wake()
  }

  /** When the next own block is due; null where there is none on this head. */
  get due(): number | null { return this.#due()?.at ?? null }

  /** Whether this device's account has no power on this head; null where nobody's account is known. */
  get tooYoung(): boolean | null {
    const { turn } = this.#turn ?? { turn: null }
    return turn === null ? null : turn.interval === null
  }

  /** What a peer is told of the next own block. */
  answer(cutOff: boolean): StateAnswer<'future'>['own'] {
    const { ledger, mayMine } = this.parts
    const sealed = this.#sealed.get(ledger.head.root)
    if (sealed !== undefined && sealed !== null) return { sealed }
    if (cutOff) return { none: 'cut-off' }
    if (!mayMine()) return { none: this.tooYoung === true ? 'too-young' : 'resting' }
    const due = this.#due()
    return due === null ? { none: this.tooYoung === false ? 'busy' : 'too-young' } : { plan: due.at }
  }

  async turn(): Promise<{ readonly parent: Cid, readonly sealAt: number | null }> {
    this.#woken = false
    if (!this.parts.mayMine()) return { parent: this.parts.ledger.head.root, sealAt: null }
    const unkept = this.#unkept
    if (unkept?.header.previousRoot === this.parts.ledger.head.root) await this.#keep(unkept) // no other is signed in its place: where nobody else makes blocks there would be none any more
    const { parent } = await this.#own()
    const due = this.#due()
    if (due === null || this.#sealed.has(parent.root) || this.#beaten()) return { parent: parent.root, sealAt: null }
    return { parent: parent.root, sealAt: 1000 * (due.kind === 'deadline' ? due.at - this.parts.pace.seal : due.at) }
  }

  async changed(parent: Cid): Promise<void> {
    if (this.#woken || this.parts.ledger.head.root !== parent) return
    await new Promise<void>(resolve => { this.#waiting.push(resolve) })
  }

  async draft(root: Cid): Promise<UnsignedHeader | null> {
    const { ledger, now, voter, mayMine } = this.parts
    const { parent, turn } = await this.#own()
    const due = this.#due()
    const miner = voter()?.address
    if (parent.root !== root || turn === null || due === null || miner === undefined || !mayMine() || this.#sealed.has(root) || this.#beaten()) return null
    const time = due.kind === 'deadline' ? due.at : Math.max(due.at, now())
    const { mined } = await ledger.account(miner, root)
    const at = { time, nonce: mined + 1n, profile: null }
    const { body: _, ...header } = turn.header({ ...at, body: root })
    const body = encodeBody(await this.#compose(root, header, miner))
    const draft = turn.header({ ...at, body: bodyId(body) })
    if (voter()?.address !== miner) return null
    this.#drafted = { header: draft, body }
    return draft
  }

  async seal(header: UnsignedHeader, signature: Uint8Array): Promise<void> {
    const { ledger, memory } = this.parts
    const root = header.previousRoot
    const drafted = this.#drafted
    if (root === null || drafted === null || !equalBytes(headerDigest(drafted.header), headerDigest(header))) throw new HoldfastError('bad-input', 'not the block that was drafted')
    if (this.#sealed.has(root)) throw new HoldfastError('already-exists', 'one block was signed on this root')
    const signed: Header = { ...drafted.header, signature: signature as Uint8Array<ArrayBuffer> }
    if (minerKey(signed, ledger.signatures) === null) throw new HoldfastError('bad-input', 'not the signature of its miner')
    this.#sealed.set(root, null) // before anything waits: a second draft must not get in between
    const bytes = encode(headerCodec, signed)
    try { await memory.setValues({ [`sealed/${root}`]: { number: signed.number, header: bytes, body: drafted.body } }) } catch (error) {
      this.#sealed.delete(root) // nobody saw it
      throw error
    }
    await this.#keep({ header: signed, body: drafted.body })
  }

  /** Of another person, or of none: what was worked out is of no use. */
  forget(): void {
    this.#turn = null
    this.#drafted = null
    this.wake()
  }

  async #keep(block: Signed): Promise<void> {
    const { ledger, now, onSealed } = this.parts
    this.#unkept = block
    const verdict = await ledger.offer(encode(headerCodec, block.header), block.body, now())
    this.#unkept = null
    if (mayBeShown(verdict)) this.#sealed.set(block.header.previousRoot!, block.header)
    onSealed()
    if (!verdict.ok && verdict.rule !== 'not-yet') throw new HoldfastError('internal', `an own block is refused: ${verdict.rule}: ${verdict.detail}`)
  }

  /** What goes in. Those that only execution refuses are set aside and others chosen in their place: they cost who sent them nothing, and must not keep blocks empty. */
  async #compose(root: Cid, header: Omit<UnsignedHeader, 'body'>, own: Address): Promise<Body> {
    const { ledger, pool, records, random, now } = this.parts
    const { blockTime } = ledger.parameters
    const receipts = this.#receipts.candidates(header.time).filter(({ server }) => server === own)
    for (let tries = composings; ; tries--) {
      const account = async (address: Address) => await ledger.account(address, root)
      const candidates = await chooseTransactions(pool.candidates(now()), { account, parameters: ledger.parameters, now: header.time, own, random })
      const chosen = chooseRecords(records.candidates(now()), { count: limits.blockRecords, bytes: roomFor(candidates, receipts) })
      const body = await ledger.compose(root, { header, candidates, receipts, records: chosen.map(({ item }) => item.bytes.slice()) })
      const refused = candidates.filter(each => !body.transactions.includes(each))
      const left = chosen.filter(({ item: { bytes } }) => !body.records.some(each => equalBytes(each, bytes)))
      if (refused.length + left.length === 0 || tries === 0) return body
      pool.setAside(refused.map(transactionId), now(), blockTime)
      records.setAside(left.map(({ id }) => id), now(), blockTime)
    }
  }

  async #own(): Promise<OwnTurn> {
    const { ledger, voter, powerAt } = this.parts
    const parent = ledger.head
    if (this.#turn?.parent === parent) return this.#turn
    const miner = voter()
    let turn: Turn | null = null
    if (miner !== null) {
      const power = await ledger.powerAfter(parent, miner.address, powerAt).catch(unknown)
      turn = power === null ? null : turnAfter(ledger.chain, parent, { publicKey: miner.publicKey, power }, ledger.network, ledger.parameters)
    }
    const own = { parent, turn }
    if (ledger.head === parent && voter() === miner && (turn !== null || miner === null)) this.#turn = own
    return own
  }

  /**
   * The deadline, where it is not later than a rescue nor long past: who comes back after a pause must not make all the blocks it missed. Else a rescue, in which
   * the others go first by how long they would have had to wait, or many make one at the same second.
   */
  #due(): Due | null {
    const { ledger: { parameters: { rescue, blockTime }, head }, now } = this.parts
    if (this.#turn?.parent !== head || this.#turn.turn === null) return null
    const { interval } = this.#turn.turn
    if (interval === null) return null
    const { time } = head.header
    if (interval <= BigInt(rescue) && time + Number(interval) >= now() - rescue) return { at: time + Number(interval), kind: 'deadline' }
    const late = interval > BigInt(rescue) ? Number(min(interval - BigInt(rescue), BigInt(6 * blockTime))) : 0
    return { at: time + rescue + Math.floor(late / 6), kind: 'rescue' }
  }

  /** Whether a block lies on the head that would win against ours. */
  #beaten(): boolean {
    const { ledger } = this.parts
    const { turn } = this.#turn ?? { turn: null }
    const interval = turn?.interval ?? null
    return turn !== null && interval !== null && ledger.childrenOf(ledger.head.root).some(child => beats(child, turn, interval, BigInt(ledger.parameters.rescue)))
  }
}

/** Bytes that are left for records in a body with all of these. */
function roomFor(candidates: readonly Transaction[], receipts: readonly Receipt[]): number {
  const transactions = candidates.reduce((sum, each) => sum + encode(transactionCodec, each).length, 0)
  return limits.bodyBytes - bodyHeadBytes - transactions - Math.min(receipts.length, limits.blockReceipts) * limits.receiptBytes
}

/** A block the ledger keeps, or only does not keep yet. */
function mayBeShown(verdict: Awaited<ReturnType<Ledger['offer']>>): boolean { return verdict.ok || verdict.rule === 'not-yet' }

/** Nobody could be asked: the next look asks again. */
function unknown(error: unknown): null {
  if (HoldfastError.from(error).code !== 'peer-unreachable') throw error
  return null
}

/** By rank time and then by the hit for the power, as heads are compared. */
function beats(child: Link, own: Turn, interval: bigint, rescue: bigint): boolean {
  const [theirs, ours] = [min(child.interval, rescue), min(interval, rescue)]
  return theirs !== ours ? theirs < ours : child.hit * own.power < own.hit * child.power
}

function min(a: bigint, b: bigint): bigint { return a < b ? a : b }

import { limits, type Address, type Cid } from '../base/index.ts'
import { RecordExecution, forgetPayments } from '../records/index.ts'
import { StateView, keys, noAccount, type Account, type StateReader } from '../state/index.ts'
import { forgetReceipts, logReceipt } from './attachment-log.ts'
import type { Body } from './body.ts'
import type { Header } from './header.ts'
import { judgeTransaction, type Rulebook } from './judge-transaction.ts'
import { ops, recordsOp, type Bodies, type OpCode, type OpContext } from './ops/index.ts'
import type { Op } from './ops/types.ts'
import { setProfile } from './profile.ts'
import type { Parameters } from './parameters.ts'
import type { Receipt } from './receipt.ts'
import { breaks, keeps, type Refusal, type Verdict } from './rules.ts'
import { transactionId, type Transaction } from './transaction.ts'
import { expire } from './uploads/expiry.ts'
import { settleKeepers } from './uploads/periods.ts'
import { paysKeepers } from './uploads/terms.ts'

/** What transactions are executed in: a block, as far as its state depends on it before all of its body is known. */
export interface BlockFrame extends Rulebook {
  readonly block: Cid
  readonly header: Pick<Header, 'number' | 'time' | 'generation' | 'miner' | 'nonce' | 'profile'>
  /** Of the block before, seconds since 1970. */
  readonly parentTime: number
  /** Whether a root lies on the block's own chain, within the mutable range. */
  isWitness(root: Cid): boolean
}

/**
 * Execution: what a block does to the state its parent left. A function of both and of the network's parameters, and of nothing else. All
 * coins, wherever they lie, add up to what they were, and the reward. Order: keepers whose turn it is, uploads that are over, receipts nobody can log and
 * payments nobody can make, the miner's step and its log, transactions, records, coinbase. Whatever is refused was refused before anything of it was written.
 */
export interface BlockContext extends BlockFrame {
  readonly header: Header
  readonly body: Body
}

/** The state after a block, as changes to the one before. */
export async function execute(before: StateReader, context: BlockContext): Promise<Verdict<StateView>> {
  const { body: { transactions, records, attachments }, parameters } = context
  if (records.length > 0 && !hasRecords(parameters)) return breaks('unknown-record', 'this network has no records')
  if (transactions.filter(({ stamp }) => stamp !== null).length > parameters.stampedPerBlock) return breaks('stamped-excess', `more than ${parameters.stampedPerBlock} stamped ones`)
  const begun = await Execution.begin(before, context)
  if (!begun.ok) return begun
  for (const receipt of attachments) {
    const refusal = await begun.value.log(receipt)
    if (refusal !== null) return refusal
  }
  for (const [index, transaction] of transactions.entries()) {
    const refusal = await begun.value.execute(transaction, index)
    if (refusal !== null) return { ...refusal, index }
  }
  for (const [index, record] of records.entries()) {
    const refusal = await begun.value.record(record, index)
    if (refusal !== null) return { ...refusal, index }
  }
  return await begun.value.end()
}

const mostCoins = 2 ** 40 - 1

/** Whether blocks of a network may carry records. */
export function hasRecords({ ops: codes }: Pick<Parameters, 'ops'>): boolean { return codes.includes(recordsOp) }

/** The miner's step: one more block, one more power, and the profile it gives. */
async function mine(state: StateView, { header: { miner, nonce, profile } }: BlockFrame): Promise<Refusal | null> {
  const account = await state.get(keys.account(miner)) ?? noAccount
  if (nonce !== account.mined + 1n) return breaks('block-nonce', `block ${nonce} of its miner comes after ${account.mined}`)
  await setAccount(state, miner, account, { ...account, mined: nonce, power: account.power + 1n })
  if (profile !== null) setProfile(state, miner, profile, keys.minedRelays(miner, nonce))
  return null
}

/** The steps of one block, one after the other. */
export class Execution {
  /** Coins all fees so far come to. */
  #fees = 0
  /** Envelopes opened so far. */
  #opened = 0
  readonly #powered = new Set<Address>()
  readonly #records: RecordExecution

  private constructor(private readonly context: BlockFrame, private readonly state: StateView, private readonly before: number) {
    const { header: { number, time }, parentTime, network, parameters: { creditRate } } = context
    this.#records = new RecordExecution(state, { number, time, parentTime, network, creditRate })
  }

  /** After the miner's step. */
  static async begin(before: StateReader, context: BlockFrame): Promise<Verdict<Execution>> {
    const state = new StateView(before)
    const fees = await state.get(keys.fees) ?? 0
    const { header: { number, generation }, parameters } = context
    if (paysKeepers(parameters)) await settleKeepers(state, { number, generation, period: parameters.keeperPeriod })
    await expire(state, number)
    await forgetReceipts(state, context.header.time)
    if (hasRecords(context.parameters)) await forgetPayments(state, context.header.time)
    return await mine(state, context) ?? keeps(new Execution(context, state, fees))
  }

  /** Before the first transaction. */
  async log(receipt: Receipt): Promise<Refusal | null> { return await logReceipt(this.state, this.context, receipt) }

  async execute(transaction: Transaction, index: number): Promise<Refusal | null> {
    const { context } = this
    const refusal = judgeTransaction(transaction, context.header.time, context)
    if (refusal !== null) return refusal
    return await this.#apply(ops[transaction.op], transaction, index)
  }

  async #apply(op: Op<Bodies[OpCode]>, transaction: Transaction, index: number): Promise<Refusal | null> {
    const { sender, nonce, fee, body, profile, witness } = transaction
    const { state, context: { block, header: { number, time }, isWitness, network, parameters } } = this
    const account = await state.get(keys.account(sender)) ?? noAccount
    if (nonce !== account.nonce + 1n) return breaks('tx-nonce', `nonce ${nonce} comes after ${account.nonce}`)
    if (witness !== null && !isWitness(witness)) return breaks('tx-witness', 'its witness is not on this chain within the mutable range')
    const spent = op.spends(body) + fee
    if (spent > account.balance) return breaks('tx-balance', `${spent} coins of ${account.balance}`)
    if (this.#fees + fee + parameters.reward > mostCoins) return breaks('amount-range', 'no miner could be paid all fees of this block')
    const opens = op.opens?.(body) === true
    if (opens && this.#opened === limits.envelopesOpened) return breaks('settle-excess', `more than ${limits.envelopesOpened} envelopes to open`)
    const context: OpContext = { state, network, parameters, number, time, sender, nonce, stamped: transaction.stamp !== null }
    const refusal = await op.judge(body, context)
    if (refusal !== null) return refusal

    const gains = fee >= parameters.minimumFee && this.#powered.size < parameters.powerSenders && !this.#powered.has(sender)
    if (gains) this.#powered.add(sender)
    await setAccount(state, sender, account, { ...account, balance: account.balance - spent, nonce, power: account.power + (gains ? 1n : 0n) })
    if (profile !== null) setProfile(state, sender, profile, keys.relays(sender, nonce))
    await op.apply(body, context)
    state.put(keys.output(sender, nonce), { op: op.code, block, index, transaction: op.lasting ? transactionId(transaction) : null })
    this.#fees += fee
    if (opens) this.#opened++
    return null
  }

  /** After the last transaction. What a record pays is for the next miner. */
  async record(bytes: Uint8Array, index: number): Promise<Refusal | null> {
    const executed = await this.#records.execute(bytes, index, mostCoins - this.#fees - this.context.parameters.reward)
    if (!executed.ok) return executed
    this.#fees += executed.value
    return null
  }

  /** The coinbase: fees of the block before, and the reward; and the blocks of chains that got entries. */
  async end(): Promise<Verdict<StateView>> {
    const { state, context: { block, header: { miner, nonce }, parameters: { reward } } } = this
    const account = await state.get(keys.account(miner)) ?? noAccount
    const amount = this.before + reward
    if (account.balance + amount > mostCoins) return breaks('amount-range', 'the miner would hold more than amounts can say')
    state.set(keys.account(miner), { ...account, balance: account.balance + amount })
    state.put(keys.coinbase(miner, nonce), { op: 0, amount, block })
    state.set(keys.fees, this.#fees)
    await this.#records.end()
    return state.minted === reward ? keeps(state) : breaks('books', `${state.minted} coins came of ${reward}`)
  }
}

/** Writes an account, and its name into the list of known miners when it holds power for the first time. */
async function setAccount(state: StateView, address: Address, before: Account, after: Account): Promise<void> {
  state.set(keys.account(address), after)
  if (before.power > 0n || after.power === 0n) return
  const total = await state.get(keys.minerTotal) ?? 0
  state.put(keys.miner(total), address)
  state.set(keys.minerTotal, total + 1)
}

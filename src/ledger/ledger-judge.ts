import { HoldfastError, limits, type Cid, type Secp256k1 } from '../base/index.ts'
import { RecordExecution, noEffects, recordsOfBlock, type RecordEffects } from '../records/index.ts'
import { StateView } from '../state/index.ts'
import { judgeBodyBytes, type Body } from './body.ts'
import type { Link } from './chain.ts'
import type { Candidates } from './compose.ts'
import { hasRecords } from './execute.ts'
import { Executor } from './executor.ts'
import type { NetworkId } from './fields.ts'
import type { UnsignedHeader } from './header.ts'
import { judgeTransaction, type Rulebook } from './judge-transaction.ts'
import { Links } from './links.ts'
import type { LedgerMemo } from './memo.ts'
import { ops, type OpContext } from './ops/index.ts'
import type { Parameters } from './parameters.ts'
import type { LedgerParts } from './ports.ts'
import { LedgerReader, notKept } from './reader.ts'
import { breaks, type Refusal } from './rules.ts'
import { rememberSigners } from './signers.ts'
import { ReadTransaction, type Transaction, type UnsignedTransaction } from './transaction.ts'
import { Tries } from './tries.ts'
import { mostCoins } from './uploads/coins.ts'

/** What the rules of a ledger say of what its blocks carry, and of what the next one may. Keeps nothing. */
export class LedgerJudge extends LedgerReader {
  readonly network: NetworkId
  readonly parameters: Parameters
  protected readonly rulebook: Rulebook
  protected readonly executor: Executor
  protected readonly memo: LedgerMemo | null

  protected constructor(network: NetworkId, { parameters, store, signatures, ...shared }: LedgerParts) {
    const memo = shared.memo ?? null
    super(store, new Links(store, parameters.rescue, memo?.links), memo?.tries ?? new Tries(store.nodes, limits.openTries))
    this.parameters = parameters
    this.network = network
    this.memo = memo
    this.rulebook = { network, parameters, signatures: memo?.signatures ?? rememberSigners(signatures), ...memo === null ? {} : { judgeAlone: (transaction, rulebook) => memo.judgeAlone(transaction, rulebook) } }
    this.executor = new Executor({ store, links: this.links, tries: this.tries, rulebook: this.rulebook, memo })
  }

  /** Checks signatures, and remembers their signers. */
  get signatures(): Secp256k1 { return this.rulebook.signatures }

  /** What is in a block; null where its body is not here. */
  async bodyOf({ header }: Link): Promise<Body | null> {
    const bytes = await this.store.find(header.body)
    const judged = bytes === null ? null : this.memo?.body(bytes, header.body) ?? judgeBodyBytes(bytes, header.body)
    return judged?.ok === true ? judged.value : null
  }

  readTransaction(bytes: Uint8Array): ReadTransaction { return this.memo?.transaction(bytes) ?? new ReadTransaction(bytes) }

  /** The first rule a transaction would break in a block made now on the head, as far as no other transaction has to come before it. */
  async judge(bytes: Uint8Array, now: number): Promise<Refusal | null> {
    const { verdict: read } = this.readTransaction(bytes)
    if (!read.ok) return read
    const refusal = judgeTransaction(read.value, now, this.rulebook)
    if (refusal !== null) return refusal
    const { sender, nonce } = read.value
    const account = await this.account(sender)
    return nonce > account.nonce ? null : breaks('tx-nonce', `nonce ${nonce} was used`)
  }

  /** The first rule of its own that an operation would break as the next one of its sender, in a block made now on the head. */
  async judgeNext({ op, body }: Pick<UnsignedTransaction, 'op' | 'body'>, { sender, nonce, stamped }: Pick<OpContext, 'sender' | 'nonce' | 'stamped'>, now: number): Promise<Refusal | null> {
    const { network, parameters, head } = this
    const state = new StateView(await this.tries.at(this.store.block(head.root)))
    const judged = ops[op].judge as (body: UnsignedTransaction['body'], context: OpContext) => Promise<Refusal | null>
    return await judged(body, { state, network, parameters, number: head.header.number + 1, time: Math.max(now, head.header.time), sender, nonce, stamped })
  }

  /**
   * The first rule a record would break as the first one in a block made now on the head. What keeps a rule of `waitingRules` may yet be taken, after other records or in another block.
   */
  async judgeNextRecord(bytes: Uint8Array, now: number): Promise<Refusal | null> {
    const { network, parameters, head: { root, header } } = this
    if (!hasRecords(parameters)) return breaks('unknown-record', 'this network has no records')
    const state = new StateView(await this.tries.at(this.store.block(root)))
    const frame = { number: header.number + 1, time: Math.max(now, header.time + 1), parentTime: header.time, network, creditRate: parameters.creditRate }
    const executed = await new RecordExecution(state, frame).execute(bytes, 0, mostCoins - parameters.reward)
    return executed.ok ? null : executed
  }

  /**
   * What the records of a block did to chains (`recordsOfBlock`). Null where its body or the state before it is not here; `not-found` where the root is not kept.
   */
  async recordsOf(root: Cid): Promise<RecordEffects | null> {
    const { header, parent } = this.links.record(root) ?? notKept(root)
    const before = parent === null ? null : this.store.block(parent)
    const bytes = before === null || before.place === null ? null : await this.store.body(root)
    if (parent === null || before === null || bytes === null) return parent === null ? noEffects : null
    const { time: parentTime } = (this.links.record(parent) ?? notKept(parent)).header
    const body = judgeBodyBytes(bytes, header.body)
    if (!body.ok) throw new HoldfastError('storage-damaged', body.detail, { root })
    return await recordsOfBlock(await this.tries.at(before), { number: header.number, time: header.time, parentTime, network: this.network }, body.value.records)
  }

  /** What a block on `parent` may carry of these: `composeBody`. Nothing is kept. */
  async compose(parent: Cid, { header, candidates, receipts = [], records = [] }: { readonly header: Omit<UnsignedHeader, 'body'>, readonly candidates: readonly Transaction[] } & Partial<Pick<Candidates, 'receipts' | 'records'>>): Promise<Body> {
    return await this.executor.compose(this.links.record(parent) ?? notKept(parent), header, { transactions: candidates, receipts, records })
  }
}

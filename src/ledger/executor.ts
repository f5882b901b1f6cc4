import { encode, type Cid } from '../base/index.ts'
import { judgeBodyBytes, type Body } from './body.ts'
import { knownWitnesses, type Link, type Tip } from './chain.ts'
import { composeBody, type Candidates } from './compose.ts'
import { execute } from './execute.ts'
import { rootOf } from './genesis.ts'
import { header as headerCodec, type UnsignedHeader } from './header.ts'
import type { Rulebook } from './judge-transaction.ts'
import type { Links } from './links.ts'
import type { LedgerMemo } from './memo.ts'
import type { BlockStore, NewBlock } from './ports.ts'
import { breaks, headersMissing, keeps, type NotYet, type Verdict } from './rules.ts'
import type { Tries } from './tries.ts'

/** A block that was executed, as it is to be kept. */
export interface Executed { readonly link: Link, readonly block: NewBlock }

/** What the blocks of a ledger are executed with. */
export interface ExecutorParts { readonly store: BlockStore, readonly links: Links, readonly tries: Tries, readonly rulebook: Rulebook, readonly memo: LedgerMemo | null }

/** Executes blocks on the states of kept ones. Keeps nothing itself. */
export class Executor {
  constructor(private readonly parts: ExecutorParts) {}

  /** What a judged header becomes with its body. */
  async run(tip: Tip, parent: Link, bodyBytes: Uint8Array): Promise<Verdict<Executed> | NotYet> {
    const { memo } = this.parts
    const known = memo?.executed.get(tip.id)
    if (memo === null || known === undefined) return await this.#run(tip, parent, bodyBytes)
    return memo.digest(bodyBytes) === tip.header.body ? known : breaks('body-mismatch', 'not the bytes its header names')
  }

  /** What a block on `parent` may carry of these. */
  async compose(parent: Link, header: Omit<UnsignedHeader, 'body'>, candidates: Candidates): Promise<Body> {
    const before = await this.parts.tries.at(this.parts.store.block(parent.root))
    return await composeBody(before, { ...this.parts.rulebook, block: noBlock, header, parentTime: parent.header.time, isWitness: this.#pastOf(parent).isWitness }, candidates)
  }

  async #run(tip: Tip, parent: Link, bodyBytes: Uint8Array): Promise<Verdict<Executed> | NotYet> {
    const body = judgeBodyBytes(bodyBytes, tip.header.body)
    if (body.ok) return await this.#execute(tip, parent, body.value, bodyBytes)
    return body.rule === 'body-mismatch' ? body : this.#told(tip.id, body)
  }

  async #execute(tip: Tip, parent: Link, body: Body, bytes: Uint8Array): Promise<Verdict<Executed> | NotYet> {
    const { store, tries, rulebook, memo } = this.parts
    const { id, header, power } = tip
    const before = await tries.at(store.block(parent.root))
    const past = this.#pastOf(parent)
    const executed = await execute(before, { ...rulebook, block: id, header, body, parentTime: parent.header.time, isWitness: past.isWitness })
    if (!executed.ok && executed.rule === 'tx-witness' && !past.isWhole) return headersMissing('a witness may lie further back than headers do here')
    if (!executed.ok) return this.#told(id, executed)
    const after = before.fork()
    await after.update(executed.value.changes())
    const state = memo === null ? after.commit(store.nextPack) : memo.commit(after)
    const { root } = rootOf(header, state.root.digest)
    tries.add(root, after)
    const block = { root, block: id, parent: parent.root, number: header.number, header: encode(headerCodec, header), power, body: { cid: header.body, bytes }, state }
    return this.#told(id, keeps({ link: { ...tip, root }, block }))
  }

  #told(id: Cid, verdict: Verdict<Executed>): Verdict<Executed> { return this.parts.memo?.remember(id, verdict) ?? verdict }

  /** What a child of `parent` may take as a witness. */
  #pastOf(parent: Link): { isWitness(this: void, root: Cid): boolean, readonly isWhole: boolean } {
    const { links, rulebook: { parameters: { range } } } = this.parts
    let past: ReturnType<typeof knownWitnesses> | null = null
    return { isWitness: root => (past ??= knownWitnesses(links, parent, range)).roots.has(root), get isWhole() { return past?.isWhole ?? true } }
  }
}

/** Stands in outputs for the id of a block that has none yet. */
const noBlock: Cid = '0'.repeat(64)

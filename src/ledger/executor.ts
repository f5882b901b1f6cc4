import { encode, type Cid } from '../base/index.ts'
import { judgeBodyBytes, type Body } from './body.ts'
import { witnesses, type Link, type Tip } from './chain.ts'
import { composeBody } from './compose.ts'
import { execute } from './execute.ts'
import { rootOf } from './genesis.ts'
import { header as headerCodec, type UnsignedHeader } from './header.ts'
import type { Rulebook } from './judge-transaction.ts'
import type { Links } from './links.ts'
import type { LedgerMemo } from './memo.ts'
import type { BlockStore, NewBlock } from './ports.ts'
import { breaks, keeps, type Verdict } from './rules.ts'
import type { Transaction } from './transaction.ts'
import type { Tries } from './tries.ts'

/** A block that was executed, as it is to be kept. */
export interface Executed { readonly link: Link, readonly block: NewBlock }

/** What the blocks of a ledger are executed with. */
export interface ExecutorParts { readonly store: BlockStore, readonly links: Links, readonly tries: Tries, readonly rulebook: Rulebook, readonly memo: LedgerMemo | null }

/** Executes blocks on the states of kept ones. Keeps nothing itself. */
export class Executor {
  constructor(private readonly parts: ExecutorParts) {}

  /** What a judged header becomes with its body. */
  async run(tip: Tip, parent: Link, bodyBytes: Uint8Array): Promise<Verdict<Executed>> {
    const { memo } = this.parts
    const known = memo?.executed.get(tip.id)
    if (memo === null || known === undefined) return await this.#run(tip, parent, bodyBytes)
    return memo.digest(bodyBytes) === tip.header.body ? known : breaks('body-mismatch', 'not the bytes its header names')
  }

  /** What a block on `parent` may carry of these transactions. */
  async compose(parent: Link, header: Omit<UnsignedHeader, 'body'>, candidates: readonly Transaction[]): Promise<Body> {
    const before = await this.parts.tries.at(this.parts.store.block(parent.root))
    return await composeBody(before, { ...this.parts.rulebook, block: noBlock, header, isWitness: this.#witnessOf(parent) }, candidates)
  }

  async #run(tip: Tip, parent: Link, bodyBytes: Uint8Array): Promise<Verdict<Executed>> {
    const { memo } = this.parts
    const body = judgeBodyBytes(bodyBytes, tip.header.body)
    if (!body.ok && body.rule === 'body-mismatch') return body
    const verdict = body.ok ? await this.#execute(tip, parent, body.value, bodyBytes) : body
    return memo === null ? verdict : memo.remember(tip.id, verdict)
  }

  async #execute(tip: Tip, parent: Link, body: Body, bytes: Uint8Array): Promise<Verdict<Executed>> {
    const { store, tries, rulebook, memo } = this.parts
    const { id, header, power } = tip
    const before = await tries.at(store.block(parent.root))
    const executed = await execute(before, { ...rulebook, block: id, header, body, isWitness: this.#witnessOf(parent) })
    if (!executed.ok) return executed
    const after = before.fork()
    await after.update(executed.value.changes())
    const state = memo === null ? after.commit(store.nextPack) : memo.commit(after)
    const { root } = rootOf(header, state.root.digest)
    tries.add(root, after)
    const block = { root, block: id, parent: parent.root, number: header.number, header: encode(headerCodec, header), power, body: { cid: header.body, bytes }, state }
    return keeps({ link: { ...tip, root }, block })
  }

  /** What a child of `parent` may take as a witness. */
  #witnessOf(parent: Link): (root: Cid) => boolean {
    let roots: ReadonlySet<Cid> | null = null
    return root => (roots ??= witnesses(this.parts.links, parent, this.parts.rulebook.parameters.range)).has(root)
  }
}

/** Stands in outputs for the id of a block that has none yet. */
const noBlock: Cid = '0'.repeat(64)

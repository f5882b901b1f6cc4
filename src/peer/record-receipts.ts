import { HoldfastError, encode, limits, type Cid, type Judged } from '../base/index.ts'
import { ancestor, header as headerCodec, pastOf, type Ledger, type Link } from '../ledger/index.ts'
import { entryHash, judgeExport, receiptKey, writeReceipt, type ReceiptBlocks, type ReceiptPosition, type ReceiptProof, type RecordFinding } from '../records/index.ts'
import { keys } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { EntryIndex } from './entry-index.ts'
import { blockKey, entryBlockKey, type RecordedBlock } from './entry-keys.ts'
import type { ChainId, EntryHash } from './record-api.ts'
import type { EntrySource } from './record-reading.ts'
import { RecordState } from './record-state.ts'

export interface ReceiptMakerParts {
  readonly ledger: Pick<Ledger, 'position' | 'prove' | 'network'>
  readonly sync: Pick<Sync, 'status' | 'chain' | 'read'>
  readonly index: EntryIndex
  readonly source: Pick<EntrySource, 'fetch'>
}

/** A copy of an entry that a receipt is of. */
interface Subject { readonly hash: EntryHash, readonly chain: ChainId, readonly index: number, readonly block: number }

/** Receipts of entries from what is kept here, and what they and Factom's own are worth to this device. */
export class RecordReceipts {
  constructor(private readonly parts: ReceiptMakerParts) {}

  /**
   * Of the first copy that is filed here, or else of the first there is. The state after its own block is the best to prove it by, since that names its Entry Block and its Directory Block as the last ones; where
   * that is here no more, a later one says that the entry stands there.
   */
  async make(hash: EntryHash): Promise<string> {
    const subject = await this.#subject(hash)
    const [entry, blocks] = await Promise.all([this.#bytes(hash), this.#blocks(subject)])
    const { proof, headers } = await this.#proof(subject)
    if (proof === null && blocks === null) throw new HoldfastError('not-found', 'neither its blocks nor a state that proves it are here')
    return writeReceipt({ network: this.parts.ledger.network, entry, index: subject.index, blocks, proof, headers })
  }

  /** Roots up to the safety root are trusted as those that are given; what ends in none of them is judged by the given ones alone, since what this device never saw is not wrong for that. */
  verify(text: string, trusted: readonly string[]): Judged<readonly RecordFinding[]> {
    const { status: { safe }, chain } = this.parts.sync
    const judged = judgeExport(text, [...trusted, ...[...pastOf(chain, safe)].map(({ root }) => root)])
    if (!judged.ok || judged.value.some(({ claim, holds }) => claim === 'trust' && holds === true)) return judged
    return judgeExport(text, trusted)
  }

  async #subject(hash: EntryHash): Promise<Subject> {
    const [filed] = await this.parts.index.copiesOf(hash)
    if (filed !== undefined) return { hash, chain: filed.place.chain, index: filed.place.index, block: filed.place.number }
    const [first] = await new RecordState(this.parts.sync).copies(hash, 1)
    if (first === undefined) throw new HoldfastError('not-found', 'the ledger has no such entry')
    return { hash, ...first }
  }

  async #bytes(hash: EntryHash): Promise<Uint8Array> {
    const [here = null] = await this.parts.index.rows.entries([hash])
    const bytes = here ?? (await this.parts.source.fetch([hash])).find(each => entryHash(each) === hash)
    if (bytes === undefined) throw new HoldfastError('not-found', 'nobody has the bytes of this entry')
    return bytes
  }

  async #blocks({ chain, block }: Subject): Promise<ReceiptBlocks | null> {
    const [entryBlock = null, made = null] = await this.parts.index.rows.rows([entryBlockKey(block, chain), blockKey(block)])
    return entryBlock === null || made === null ? null : { entryBlock: entryBlock as Uint8Array, directoryBlock: (made as RecordedBlock).directory }
  }

  async #proof({ chain, index, block }: Subject): Promise<{ readonly proof: ReceiptProof | null, readonly headers: readonly ReceiptPosition[] }> {
    const { sync: { status: { head, safe }, chain: links } } = this.parts
    const own = ancestor(links, head, block)
    const names = [receiptKey(chain, index), keys.chain(chain).name, keys.directory.name]
    const best = own === null || safe.header.number - block > limits.receiptHeaders ? null : await this.#proveAt(own, names)
    if (own !== null && best !== null) {
      const after = [...pastOf(links, safe)].filter(({ header: { number } }) => number > block).toReversed().map(({ root }) => this.#position(root))
      if (after.every(position => position !== null)) return { proof: best, headers: after }
    }
    return { proof: safe.header.number < block ? null : await this.#proveAt(safe, names.slice(0, 1)), headers: [] }
  }

  /** Null where that state is not here. */
  async #proveAt({ root }: Link, names: readonly string[]): Promise<ReceiptProof | null> {
    const position = this.#position(root)
    if (position === null) return null
    try { return { ...position, keys: names, nodes: await this.parts.ledger.prove(names, root) } } catch (error) {
      if (HoldfastError.from(error).code !== 'not-found') throw error
      return null
    }
  }

  #position(root: Cid): ReceiptPosition | null {
    const position = this.parts.ledger.position(root)
    return position === null ? null : { header: encode(headerCodec, position.header), state: position.state }
  }
}

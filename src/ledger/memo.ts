import { limits, sha256, toHex, type Cid, type Secp256k1 } from '../base/index.ts'
import { MemoryNodeStore, type Commit, type Hamt } from '../hamt/index.ts'
import { judgeBodyBytes, type Body } from './body.ts'
import type { Link, Tip } from './chain.ts'
import type { Executed } from './executor.ts'
import type { NetworkId } from './fields.ts'
import { firstBlock, networkIdOf } from './genesis.ts'
import { ActiveSets, activeSetRules } from './head/active-set.ts'
import { judgeHeaderBytes, type Header } from './header.ts'
import { BlockShelf } from './memo-store.ts'
import { judgeAlone, type Rulebook } from './judge-transaction.ts'
import type { Parameters } from './parameters.ts'
import type { NewBlock } from './ports.ts'
import type { Refusal, Verdict } from './rules.ts'
import { rememberSigners } from './signers.ts'
import { ReadTransaction, type Transaction } from './transaction.ts'
import { Tries } from './tries.ts'

/** Bodies kept as they were read. */
const bodiesKept = 64

/**
 * What many ledgers of one network in one process share: verdicts and states, each worked out once, by the first who needs it. All of it follows from the blocks alone, so no
 * ledger does anything else than without it, but for one thing: it need not ask for a power that another had to know. Which blocks a ledger keeps, and which one is its head,
 * is its own. Nothing of it is ever forgotten but tries.
 */
export class LedgerMemo {
  /** By the block's content id. */
  readonly tips: Map<Cid, Verdict<Tip>> = new Map()
  readonly executed: Map<Cid, Verdict<Executed>> = new Map()
  /** By root. */
  readonly links: Map<Cid, Link> = new Map()
  readonly nodes: MemoryNodeStore = new MemoryNodeStore()
  /** What stores of these ledgers have in common. */
  readonly shelf: BlockShelf = new BlockShelf()
  readonly tries: Tries
  readonly active: ActiveSets
  readonly signatures: Secp256k1
  readonly network: NetworkId
  readonly genesis: NewBlock
  readonly #headers = new Map<Cid, Verdict<Header>>()
  /** Those read last: all ledgers read them about when their block is new. */
  readonly #bodies = new Map<Cid, Verdict<Body>>()
  readonly #digests = new WeakMap<Uint8Array, Cid>()
  readonly #transactions = new WeakMap<Uint8Array, ReadTransaction>()
  readonly #alone = new WeakMap<Transaction, { readonly refusal: Refusal | null }>()
  #nextPack = 0

  private constructor(readonly parameters: Parameters, signatures: Secp256k1, genesis: NewBlock) {
    this.signatures = rememberSigners(signatures)
    this.tries = new Tries(this.nodes, limits.sharedTries)
    this.active = new ActiveSets({ record: root => this.links.get(root) ?? null }, activeSetRules(parameters))
    this.genesis = { ...genesis, state: this.#keep(genesis.state) }
    this.network = networkIdOf(genesis.root)
  }

  static async of(parameters: Parameters, signatures: Secp256k1): Promise<LedgerMemo> {
    return new LedgerMemo(parameters, signatures, await firstBlock(parameters, 0))
  }

  /** SHA-256 of bytes that nobody changes: once for each array. */
  digest(bytes: Uint8Array): Cid {
    let digest = this.#digests.get(bytes)
    if (digest === undefined) {
      digest = toHex(sha256(bytes))
      this.#digests.set(bytes, digest)
    }
    return digest
  }

  header(bytes: Uint8Array): Verdict<Header> {
    const id = this.digest(bytes)
    let header = this.#headers.get(id)
    if (header === undefined) {
      header = judgeHeaderBytes(bytes)
      this.#headers.set(id, header)
    }
    return header
  }

  body(bytes: Uint8Array, id: Cid): Verdict<Body> {
    let body = this.#bodies.get(id)
    if (body === undefined) {
      body = judgeBodyBytes(bytes, id)
      this.#bodies.set(id, body)
      for (const oldest of this.#bodies.keys()) {
        if (this.#bodies.size <= bodiesKept) break
        this.#bodies.delete(oldest)
      }
    }
    return body
  }

  transaction(bytes: Uint8Array): ReadTransaction {
    let read = this.#transactions.get(bytes)
    if (read === undefined) {
      read = new ReadTransaction(bytes)
      this.#transactions.set(bytes, read)
    }
    return read
  }

  judgeAlone(transaction: Transaction, rulebook: Rulebook): Refusal | null {
    let judged = this.#alone.get(transaction)
    if (judged === undefined) {
      judged = { refusal: judgeAlone(transaction, rulebook) }
      this.#alone.set(transaction, judged)
    }
    return judged.refusal
  }

  /** Commits a trie or a copy of one to the shared nodes: there is nothing left to keep. */
  commit(trie: Pick<Hamt, 'commit'>): Commit { return this.#keep(trie.commit(this.#nextPack)) }

  /** The first verdict on a block is everybody's: of two who executed it at once, the later one takes the other's places. */
  remember(id: Cid, verdict: Verdict<Executed>): Verdict<Executed> {
    const first = this.executed.get(id)
    if (first !== undefined) return first
    this.executed.set(id, verdict)
    return verdict
  }

  #keep({ root, packs }: Commit): Commit {
    this.nodes.keep(packs)
    this.#nextPack += packs.length
    return { root, packs: [], replaced: [] }
  }
}

import { encode, type Cid, type Secp256k1 } from '../../../src/base/index.ts'
import type { Difference } from '../../../src/hamt/index.ts'
import { Ledger, ancestor, bodyId, childRules, encodeBody, header as headerCodec, pastOf, signHeader, turnAfter, type Link, type Parameters, type Transaction, type Turn } from '../../../src/ledger/index.ts'
import { memLedgerStore } from '../../../src/store/index.ts'
import type { Key } from '../people/peer.ts'
import { added, noCoins, totalOf, type Sums } from './books.ts'

/** A block that was made and taken. */
export interface Made {
  readonly link: Link
  /** Where nothing comes back to any more, only what they were is known. */
  transactions: readonly Transaction[]
  readonly said: readonly Said[]
  readonly sums: Sums
}

/** Who sent what: `op`, of keepers what they said, and how many leaves they showed. */
export interface Said { readonly sender: string, readonly what: string, readonly leaves: number }

interface ChainParts { readonly parameters: Parameters, readonly signatures: Secp256k1, readonly miners: readonly Key[] }

/**
 * The one ledger that all honest peers would have, with its blocks mined in turn, judged, executed over the trie and kept as a peer's are, on any branch.
 * Coins are counted after each of them, from what differs between two states.
 */
export class SimChain {
  /** By root; of the blocks of all branches. */
  readonly made = new Map<Cid, Made>()
  /** What was wrong with the coins of a state, if anything ever was. */
  wrong: string | null = null

  readonly #recent: Made[] = []

  private constructor(readonly ledger: Ledger, private readonly parts: ChainParts, private readonly coins: number, sums: Sums) {
    this.made.set(ledger.head.root, { link: ledger.head, transactions: [], said: [], sums })
  }

  static async begin(parts: ChainParts): Promise<SimChain> {
    const { parameters, signatures } = parts
    const kept = parameters.range + 2 * parameters.epoch
    const ledger = await Ledger.open({ parameters, signatures, store: await memLedgerStore({ states: kept, bodies: kept }) })
    const coins = parameters.allocations.reduce((sum, { balance }) => sum + balance, 0)
    return new SimChain(ledger, parts, coins, { ...noCoins, accounts: coins })
  }

  get head(): Link { return this.ledger.head }

  of(root: Cid): Made {
    const made = this.made.get(root)
    if (made === undefined) throw new Error(`no block has the root ${root}`)
    return made
  }

  /** The next block on a link: by whose turn comes first, or, of several, by who comes `place` places later. It becomes the head where the ledger takes it for the better one. */
  async extend(parent: Link, candidates: readonly Transaction[], place = 0): Promise<Made> {
    const { ledger, parts: { miners, parameters: { rescue }, signatures } } = this
    const { powerRoot } = childRules(ledger.chain, parent, ledger.parameters)
    const turns: { readonly miner: Key, readonly turn: Turn, readonly seconds: number }[] = []
    for (const miner of miners) {
      const { power } = await ledger.account(miner.address, powerRoot)
      const turn = turnAfter(ledger.chain, parent, { publicKey: miner.publicKey, power }, ledger.network, ledger.parameters)
      if (turn !== null && turn.interval !== null) turns.push({ miner, turn, seconds: Math.min(Number(turn.interval), rescue) })
    }
    const next = turns.sort((a, b) => a.seconds - b.seconds)[Math.min(place, turns.length - 1)]
    if (next === undefined) throw new Error('nobody can mine')
    const { miner, turn, seconds } = next
    const { mined } = await ledger.account(miner.address, parent.root)
    const at = { time: parent.header.time + Math.max(1, seconds), nonce: mined + 1n, profile: null }
    const body = await ledger.compose(parent.root, { header: turn.header({ ...at, body: noBody }), candidates })
    const bytes = encodeBody(body)
    const signed = signHeader(turn.header({ ...at, body: bodyId(bytes) }), miner.secret, signatures)
    const verdict = await ledger.offer(encode(headerCodec, signed), bytes, at.time)
    if (!verdict.ok) throw new Error(`${verdict.rule}: ${verdict.detail}`)
    return await this.#count(parent, verdict.value, body.transactions)
  }

  /** Blocks from below the head's chain up to it that `from` has not: what comes with a switch. */
  between(from: Link, to: Link): { readonly fork: Link, readonly left: readonly Made[], readonly taken: readonly Made[] } {
    const { chain } = this.ledger
    const above = (tip: Link, other: Link): Made[] => {
      const made: Made[] = []
      for (const link of pastOf(chain, tip)) {
        if (ancestor(chain, other, link.header.number)?.root === link.root) break
        made.unshift(this.of(link.root))
      }
      return made
    }
    const left = above(from, to), taken = above(to, from)
    const fork = left[0]?.link ?? taken[0]?.link
    return { fork: fork === undefined ? to : ancestor(chain, to, fork.header.number - 1)!, left, taken }
  }

  async differences(before: Cid, after: Cid): Promise<readonly Difference[]> {
    const found: Difference[] = []
    for await (const difference of this.ledger.changes(before, after)) found.push(difference)
    return found
  }

  async #count(parent: Link, link: Link, transactions: readonly Transaction[]): Promise<Made> {
    const sums = (await this.differences(parent.root, link.root)).reduce(added, this.of(parent.root).sums)
    if (totalOf(sums) !== this.coins) this.wrong ??= `${totalOf(sums)} coins of ${this.coins} at block ${link.header.number}: ${JSON.stringify(sums)}`
    const made = { link, transactions, said: transactions.map(saidIn), sums }
    this.made.set(link.root, made)
    this.#recent.push(made)
    if (this.#recent.length > remembered) this.#recent.shift()!.transactions = []
    return made
  }
}

/** Blocks whose transactions may come back: far more than any branch has that is left. */
const remembered = 64

const opNames = ['coinbase', 'wiring', 'message', 'publish', 'assign', 'keep', 'audit']

function saidIn({ op, sender, body }: Transaction): Said {
  const what = op === 5 ? Object.keys(body)[0]! : opNames[op] ?? String(op)
  return { sender, what, leaves: op === 6 ? body.proofs.length : 0 }
}

const noBody = '0'.repeat(64)

import { HoldfastError, fromHex, utf8, type Address, type Cid, type Random } from '../base/index.ts'
import { ledgerShape, verifyProof } from '../hamt/index.ts'
import { accountOf, type Ledger } from '../ledger/index.ts'
import { keys } from '../state/index.ts'
import { answerOf } from './ask.ts'
import { fetchNodes } from './bodies.ts'
import type { Following } from './following.ts'
import { lot } from './lot.ts'
import { bodySources } from './pace.ts'
import type { StateNetwork } from './ports.ts'

export interface ReadParts {
  readonly ledger: Ledger
  readonly following: Following
  readonly network: StateNetwork
  readonly random: Random
  readonly signal: AbortSignal
}

export interface ReadValues { readonly root: Cid, readonly values: readonly (Uint8Array | null)[] }

/** Reads what is not here: values that others prove under a root that is certain, and nodes by content id. Nobody is believed. */
export class Reads {
  constructor(private readonly parts: ReadParts) {}

  async read(names: readonly string[], root?: Cid): Promise<ReadValues | null> {
    const { ledger, following } = this.parts
    const at = root ?? following.certain.root
    try { return { root: at, values: await ledger.values(names, at) } } catch (error) {
      if (HoldfastError.from(error).code !== 'not-found') throw error
    }
    const state = following.position(at)?.state
    return state === undefined ? null : await this.#ask(names, at, fromHex(state)!)
  }

  /** The power of an account in a state, which others prove. Rejects with `peer-unreachable` where nobody does. */
  async powerAt(root: Cid, miner: Address): Promise<bigint> {
    const read = await this.read([keys.account(miner).name], root)
    const account = read === null ? null : accountOf(read.values[0] ?? null)
    if (account?.ok !== true) throw new HoldfastError('peer-unreachable', 'nobody proves the power of a miner')
    return account.value.power
  }

  async fetch(cid: Cid): Promise<Uint8Array | null> {
    const { ledger, network, random, signal } = this.parts
    const found = await ledger.find(cid)
    if (found !== null) return found
    const from = this.#somebody()
    if (from === null) return null
    for await (const bytes of fetchNodes([cid], { network, random, from, signal })) return bytes
    return null
  }

  async #ask(names: readonly string[], root: Cid, state: Uint8Array): Promise<ReadValues | null> {
    const { network, signal } = this.parts
    const [asked, tried] = [names.map(name => utf8(name)), new Set<string>()]
    while (tried.size < bodySources && !signal.aborted) {
      const id = this.#somebody(tried)
      if (id === null) break
      tried.add(id) // whoever does not answer has perhaps just gone
      const answer = await answerOf(network, id, 'get', { root, keys: asked }, signal)
      if (answer === null) continue
      const proof = verifyProof(state, ledgerShape, asked, answer.nodes)
      if (proof.ok) return { root, values: proof.value }
      network.distrust(id, proof.reason)
    }
    return null
  }

  #somebody(but: ReadonlySet<string> = new Set()): string | null {
    const neighbours = this.parts.network.neighbours().filter(({ id }) => !but.has(id))
    return neighbours.length === 0 ? null : neighbours[lot(this.parts.random, neighbours.length)]!.id
  }
}

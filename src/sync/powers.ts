import { HoldfastError, fromHex, limits, type Address, type Cid } from '../base/index.ts'
import { ledgerShape, verifyProof } from '../hamt/index.ts'
import { accountOf, type PowerAt } from '../ledger/index.ts'
import { keyBytes, keys } from '../state/index.ts'
import { answerOf } from './ask.ts'
import type { StateNetwork } from './ports.ts'
import type { Position } from './wire.ts'

export interface PowersOf {
  readonly from: string
  /** Headers that are to be judged. */
  readonly positions: readonly Position[]
  /** The state of a root, where that is known to belong to it. */
  stateOf(root: Cid): Cid | null
  readonly signal: AbortSignal
}

/**
 * Powers in states that are not here, proved by others. A state is asked for all miners of the headers that it decides about, in one question; what was proved stays, so that a branch
 * whose proofs did not come in one go is judged further the next time.
 */
export class Powers {
  /** By state and miner: whose root it is does not matter to the proof. */
  readonly #known = new Map<string, bigint>()

  constructor(private readonly network: Pick<StateNetwork, 'ask'>) {}

  /** Rejects with `peer-unreachable` where nothing was proved, with `bad-reply` where what came proves nothing. */
  for({ from, positions, stateOf, signal }: PowersOf): PowerAt {
    return async (root, miner) => {
      const state = stateOf(root)
      const known = state === null ? undefined : this.#known.get(`${state}/${miner}`)
      if (known !== undefined) return known
      if (state === null) throw new HoldfastError('peer-unreachable', 'nobody proves the power of a miner')
      const others = positions.flatMap(({ header }) => header.powerRoot === root && !this.#known.has(`${state}/${header.miner}`) ? [header.miner] : [])
      const miners = [...new Set([miner, ...others])].slice(0, limits.provenKeys)
      const powers = await this.#proved(from, root, state, miners, signal)
      if (this.#known.size + miners.length > limits.knownPowers) this.#known.clear()
      for (const [i, each] of miners.entries()) this.#known.set(`${state}/${each}`, powers[i]!)
      return powers[0]!
    }
  }

  async #proved(from: string, root: Cid, state: Cid, miners: readonly Address[], signal: AbortSignal): Promise<readonly bigint[]> {
    const names = miners.map(miner => keyBytes(keys.account(miner)))
    const answer = await answerOf(this.network, from, 'get', { root, keys: names }, signal)
    if (answer === null) throw new HoldfastError('peer-unreachable', 'nobody proves the power of a miner')
    const proof = verifyProof(fromHex(state)!, ledgerShape, names, answer.nodes)
    if (!proof.ok) throw new HoldfastError('bad-reply', proof.reason)
    return proof.value.map(value => {
      const account = accountOf(value)
      if (!account.ok) throw new HoldfastError('bad-reply', account.reason)
      return account.value.power
    })
  }
}

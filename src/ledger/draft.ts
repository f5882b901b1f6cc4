import { addressOfKey, type Cid } from '../base/index.ts'
import type { Chain, Link } from './chain.ts'
import type { NetworkId } from './fields.ts'
import type { UnsignedHeader } from './header.ts'
import { childRules } from './judge-header.ts'
import type { Parameters } from './parameters.ts'
import { hit, nextGeneration } from './pot/hit.ts'
import { interval } from './pot/time-rule.ts'

/** A miner's turn after a block: what its header will say, but for what only the miner decides. */
export interface Turn {
  /** Seconds after the parent; null where the power is 0. */
  readonly interval: bigint | null
  readonly hit: bigint
  readonly power: bigint
  /** The header of the block this miner may make at `time`. */
  header(at: { readonly time: number, readonly nonce: bigint, readonly profile: string | null, readonly body: Cid }): UnsignedHeader
}

/** Whose turn: a compressed public key, and the power the account has at the power root. */
export interface Miner { readonly publicKey: Uint8Array, readonly power: bigint }

/** A miner's turn after `parent`. Null where the chain can have no child any more. */
export function turnAfter(chain: Chain, parent: Link, { publicKey, power: own }: Miner, network: NetworkId, parameters: Parameters): Turn | null {
  const { number, powerRoot, baseTarget, difficulty } = childRules(chain, parent, parameters)
  if (difficulty === null) return null
  const generation = nextGeneration(parent.header.generation, publicKey)
  const drawn = hit(generation)
  const power = own > BigInt(parameters.minimumPower) ? own : BigInt(parameters.minimumPower)
  return {
    hit: drawn, power, interval: interval(drawn, baseTarget, power),
    header: at => ({ version: 1, network, number, previousRoot: parent.root, powerRoot, baseTarget, difficulty, generation, miner: addressOfKey(publicKey), ...at }),
  }
}

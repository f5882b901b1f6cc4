import { addressOfKey, type Cid } from '../base/index.ts'
import type { Link } from './chain.ts'
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

/** The turn of the miner with this compressed public key and this power. Null where the chain can have no child any more. */
export function turnAfter(parent: Link, publicKey: Uint8Array, ownPower: bigint, network: NetworkId, parameters: Parameters): Turn | null {
  const { number, powerRoot, baseTarget, difficulty } = childRules(parent, parameters)
  if (difficulty === null) return null
  const generation = nextGeneration(parent.header.generation, publicKey)
  const drawn = hit(generation)
  const power = ownPower > BigInt(parameters.minimumPower) ? ownPower : BigInt(parameters.minimumPower)
  return {
    hit: drawn, power, interval: interval(drawn, baseTarget, power),
    header: at => ({ version: 1, network, number, previousRoot: parent.root, powerRoot, baseTarget, difficulty, generation, miner: addressOfKey(publicKey), ...at }),
  }
}

import type { Address, Cid } from '../../../src/base/index.ts'
import type { ActiveSet, Chain, Link, Statement } from '../../../src/ledger/index.ts'
import type { Chains } from '../ledger/head/chains.ts'
import type { HeaderRecord } from '../../../src/ledger/head/header-chain.ts'

export const network = '0123456789abcdef'
export const drift = 15

/** A statement nobody signed: signatures are verified where they are decoded. */
export function says(miner: Address, root: Cid, time: number, number = 0): Statement {
  return { network, miner, root, number, safe: 'genesis', time, signature: new Uint8Array(65) }
}

export function setOf(weights: Readonly<Record<Address, number>>): ActiveSet {
  const all = Object.entries(weights).map(([miner, weight]) => [miner, BigInt(weight)] as const)
  return { weights: new Map(all), total: all.reduce((sum, [, weight]) => sum + weight, 0n) }
}

/** Chains made by hand, as the vote looks at them: it reads no more of a header than they have. */
export function asChain(chains: Chains): Chain { return chains as unknown as Chain }
export function asLink(record: HeaderRecord): Link { return record as unknown as Link }

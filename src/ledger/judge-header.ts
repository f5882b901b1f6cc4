import { HoldfastError, equalBytes, type Address, type Cid } from '../base/index.ts'
import { ancestor, type Chain, type Link, type Tip } from './chain.ts'
import { blockId, minerKey, type Header } from './header.ts'
import type { Rulebook } from './judge-transaction.ts'
import { genesisPower, type Parameters } from './parameters.ts'
import { childBaseTarget, childDifficulty, genesisTarget } from './pot/base-target.ts'
import { hit, nextGeneration } from './pot/hit.ts'
import { blockKind, interval, powerBlock } from './pot/time-rule.ts'
import { breaks, keeps, type Verdict } from './rules.ts'

/** The power an account had in the state of a root; 0 where it is unknown there. */
export type PowerAt = (root: Cid, miner: Address) => Promise<bigint>

/** What headers are judged by, beside the rules. */
export interface ChainView { readonly chain: Chain, readonly powerAt: PowerAt }

/** What proof of transaction asks of any child of a block, whoever mines it. */
export interface ChildRules {
  readonly number: number
  readonly powerRoot: Cid
  readonly baseTarget: bigint
  /** Of the chain with the child; null where it would not fit 8 bytes, and the chain ends here. */
  readonly difficulty: bigint | null
}

export function childRules(chain: Chain, parent: Link, parameters: Parameters): ChildRules {
  const number = parent.header.number + 1
  const before = (wanted: number): Link => {
    const link = ancestor(chain, parent, wanted)
    if (link === null) throw new HoldfastError('not-found', `block ${wanted} is forgotten`)
    return link
  }
  const baseTarget = childBaseTarget(parent.header, () => before(number - 4).header.time, {
    blockTime: parameters.blockTime, genesisTarget: genesisTarget(parameters.blockTime, genesisPower(parameters)),
  })
  return { number, powerRoot: before(powerBlock(number, parameters.epoch)).root, baseTarget, difficulty: childDifficulty(parent.header.difficulty, baseTarget) }
}

/**
 * Judges a header as the child of `parent`, by the chain alone: no clock, so that all agree. Whether it is due is the caller's question; its nonce,
 * body and effects are the execution's. Throws `not-found` where the chain before `parent` is not held far enough back.
 */
export async function judgeHeader(header: Header, parent: Link, { chain, powerAt }: ChainView, { network, parameters, signatures }: Rulebook): Promise<Verdict<Tip>> {
  if (header.network !== network) return breaks('block-network', 'made for another network')
  if (header.previousRoot !== parent.root) return breaks('unknown-parent', 'goes on from another root')
  if (header.number !== parent.header.number + 1) return breaks('block-number', `${header.number} after ${parent.header.number}`)
  if (header.time <= parent.header.time) return breaks('block-time', 'not later than its parent')
  const key = minerKey(header, signatures)
  if (key === null) return breaks('block-signature', 'not the signature of its miner')

  const rules = childRules(chain, parent, parameters)
  if (header.powerRoot !== rules.powerRoot) return breaks('power-root', `not the root of block ${powerBlock(header.number, parameters.epoch)}`)
  if (header.baseTarget !== rules.baseTarget) return breaks('base-target', `${header.baseTarget} instead of ${rules.baseTarget}`)
  const generation = nextGeneration(parent.header.generation, key)
  if (!equalBytes(header.generation, generation)) return breaks('generation', 'not of its parent and miner')
  if (header.difficulty !== rules.difficulty) return breaks('difficulty', `${header.difficulty} instead of ${rules.difficulty ?? 'nothing: the chain is full'}`)

  const own = await powerAt(rules.powerRoot, header.miner)
  const power = own > BigInt(parameters.minimumPower) ? own : BigInt(parameters.minimumPower)
  const drawn = hit(generation)
  const seconds = interval(drawn, header.baseTarget, power)
  if (seconds === null) return breaks('too-young', 'its miner has no power')
  const kind = blockKind({ parentTime: parent.header.time, time: header.time, interval: seconds, rescue: parameters.rescue })
  if (kind === null) return breaks('block-due', `neither ${seconds} s after its parent nor at least ${parameters.rescue} s`)
  return keeps({ id: blockId(header), parent: parent.root, header, hit: drawn, power, interval: seconds, kind })
}

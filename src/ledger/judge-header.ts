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

/** Throws `not-found` where the chain before `parent` is not held far enough back. */
export function childRules(chain: Chain, parent: Link, parameters: Parameters): ChildRules {
  const rules = knownChildRules(chain, parent, parameters)
  if (rules === null) throw new HoldfastError('not-found', 'the headers that rule its children are forgotten', { root: parent.root })
  return rules
}

/** The same, null where the chain is not held so far back: to the power root, and four blocks. */
export function knownChildRules(chain: Chain, parent: Link, parameters: Parameters): ChildRules | null {
  const number = parent.header.number + 1
  const third = number < 4 ? parent : ancestor(chain, parent, number - 4)
  const powers = ancestor(chain, parent, powerBlock(number, parameters.epoch))
  if (third === null || powers === null) return null
  const baseTarget = childBaseTarget(parent.header, () => third.header.time, {
    blockTime: parameters.blockTime, genesisTarget: genesisTarget(parameters.blockTime, genesisPower(parameters)),
  })
  return { number, powerRoot: powers.root, baseTarget, difficulty: childDifficulty(parent.header.difficulty, baseTarget) }
}

/** What can be said of a header by its parent alone: the generation it has to have, or the first rule it breaks. */
export function judgeLinkage(header: Header, parent: Link, { network, signatures }: Rulebook): Verdict<Uint8Array> {
  if (header.network !== network) return breaks('block-network', 'made for another network')
  if (header.previousRoot !== parent.root) return breaks('unknown-parent', 'goes on from another root')
  if (header.number !== parent.header.number + 1) return breaks('block-number', `${header.number} after ${parent.header.number}`)
  if (header.time <= parent.header.time) return breaks('block-time', 'not later than its parent')
  const key = minerKey(header, signatures)
  return key === null ? breaks('block-signature', 'not the signature of its miner') : keeps(nextGeneration(parent.header.generation, key))
}

/**
 * Judges a header as the child of `parent`, by the chain alone: no clock, so that all agree. Whether it is due is the caller's question; its nonce,
 * body and effects are the execution's. Throws `not-found` where the chain before `parent` is not held far enough back and no `known` rules are given.
 */
export async function judgeHeader(header: Header, parent: Link, { chain, powerAt }: ChainView, rulebook: Rulebook, known?: ChildRules): Promise<Verdict<Tip>> {
  const { parameters } = rulebook
  const linkage = judgeLinkage(header, parent, rulebook)
  if (!linkage.ok) return linkage
  const generation = linkage.value

  const rules = known ?? childRules(chain, parent, parameters)
  if (header.powerRoot !== rules.powerRoot) return breaks('power-root', `not the root of block ${powerBlock(header.number, parameters.epoch)}`)
  if (header.baseTarget !== rules.baseTarget) return breaks('base-target', `${header.baseTarget} instead of ${rules.baseTarget}`)
  if (!equalBytes(header.generation, generation)) return breaks('generation', 'not of its parent and miner')
  if (header.difficulty !== rules.difficulty) return breaks('difficulty', `${header.difficulty} instead of ${rules.difficulty ?? 'nothing: the chain is full'}`)

  const own = await powerAt(rules.powerRoot, header.miner)
  const power = own > BigInt(parameters.minimumPower) ? own : BigInt(parameters.minimumPower)
  const drawn = hit(header.generation)
  const seconds = interval(drawn, header.baseTarget, power)
  if (seconds === null) return breaks('too-young', 'its miner has no power')
  const kind = blockKind({ parentTime: parent.header.time, time: header.time, interval: seconds, rescue: parameters.rescue })
  if (kind === null) return breaks('block-due', `neither ${seconds} s after its parent nor at least ${parameters.rescue} s`)
  return keeps({ id: blockId(header), parent: parent.root, header, hit: drawn, power, interval: seconds, kind })
}

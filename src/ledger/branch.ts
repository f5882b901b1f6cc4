import { accept, decode, fromHex, type Address, type Cid, type Judged } from '../base/index.ts'
import { ledgerShape, verifyProof } from '../hamt/index.ts'
import { account, keyBytes, keys, noAccount, type Account } from '../state/index.ts'
import type { Chain, Link, Tip } from './chain.ts'
import { rootOf } from './genesis.ts'
import { blockId, type Header } from './header.ts'
import { judgeHeader, knownChildRules, type PowerAt } from './judge-header.ts'
import type { Rulebook } from './judge-transaction.ts'
import { linkOf } from './links.ts'
import { breaks, headersMissing, keeps, type NotYet, type Verdict } from './rules.ts'

/** A block by its header and the state after it: what its root is the hash of. For the newest block of a branch the state is a claim, until a child names it. */
export interface Position { readonly header: Header, readonly state: Cid }

/** Blocks whose headers keep the rules, each the parent of the next; bodies and states may be nowhere here. */
export interface Branch {
  /** Oldest first. */
  readonly links: readonly Link[]
  readonly tip: Link
  /** The kept blocks, and those of the branch. */
  readonly chain: Chain
}

/** The ledger's part in judging a branch. */
export interface BranchGround {
  readonly chain: Chain
  readonly rulebook: Rulebook
  /** A kept block by its parent and content id, whatever state somebody claims after it. */
  kept(parent: Cid, id: Cid): Link | null
  /** Verdicts of before, and how many may be: they depend on the chain alone. */
  readonly tips: Map<Cid, Verdict<Tip>>
  readonly mostTips: number
}

/** The power a miner has in the state of a root; null where nobody here can say. */
export type KnownPower = (root: Cid, miner: Address) => Promise<bigint | null>

/** Judges a header as the child of `parent`, unless that was done before. */
export async function judgeTip(header: Header, id: Cid, parent: Link, ground: BranchGround, powerOf: KnownPower): Promise<Verdict<Tip> | NotYet> {
  const { chain, rulebook, tips, mostTips } = ground
  const known = tips.get(id)
  if (known !== undefined) return known
  const rules = knownChildRules(chain, parent, rulebook.parameters)
  if (rules === null) return headersMissing('its power root or base target lies further back than headers do here')
  let isKnown = true
  const powerAt: PowerAt = async (root, miner) => {
    const power = await powerOf(root, miner)
    isKnown = power !== null
    return power ?? 0n
  }
  const verdict = await judgeHeader(header, parent, { chain, powerAt }, rulebook, rules)
  if (!isKnown) return headersMissing('the state its power is looked up in is not here')
  if (tips.size >= mostTips) tips.clear()
  tips.set(id, verdict)
  return verdict
}

/**
 * Judges headers before their bodies are fetched: the first goes on from a kept block, or from one of `on`, each other from the one before. A kept block among them is taken as
 * it is. Rejects where `powerOf` does.
 */
export async function judgePositions(ground: BranchGround, positions: readonly Position[], powerOf: KnownPower, on: Branch | null): Promise<Verdict<Branch> | NotYet> {
  const links = linksBelow(on, positions[0]?.header.previousRoot ?? null)
  const own = new Map(links.map(link => [link.root, link]))
  const chain: Chain = { record: root => own.get(root) ?? ground.chain.record(root) }
  for (const position of positions) {
    const link = await judgePosition({ ...ground, chain }, position, links.at(-1) ?? null, powerOf)
    if (!link.ok) return link
    links.push(link.value)
    own.set(link.value.root, link.value)
  }
  const tip = links.at(-1)
  return tip === undefined ? breaks('unknown-parent', 'no blocks') : keeps({ links, tip, chain })
}

async function judgePosition(ground: BranchGround, { header, state }: Position, before: Link | null, powerOf: KnownPower): Promise<Verdict<Link> | NotYet> {
  const { chain } = ground
  const { previousRoot } = header
  if (before !== null && previousRoot !== before.root) return breaks('unknown-parent', 'does not go on from the block before it')
  const id = blockId(header)
  const { root } = rootOf(header, fromHex(state)!)
  const kept = chain.record(root) ?? (previousRoot === null ? null : ground.kept(previousRoot, id))
  if (kept !== null) return keeps(kept)
  const parent = before ?? (previousRoot === null ? null : chain.record(previousRoot))
  if (parent === null) return breaks('unknown-parent', 'the root it goes on from is not known here')
  const tip = await judgeTip(header, id, parent, ground, powerOf)
  return tip.ok ? keeps(linkOf(tip.value, root)) : tip
}

/** The blocks of a branch up to this root; none where it is not on it. */
function linksBelow(branch: Branch | null, root: Cid | null): Link[] {
  const at = branch === null ? -1 : branch.links.findLastIndex(link => link.root === root)
  return branch === null ? [] : branch.links.slice(0, at + 1)
}

/** What a state has of an account, from the nodes somebody proves it with. */
export function accountFromProof(state: Cid, address: Address, nodes: readonly Uint8Array[]): Judged<Account> {
  const digest = fromHex(state)
  const key = keys.account(address)
  const values = verifyProof(digest ?? new Uint8Array(), ledgerShape, [keyBytes(key)], nodes)
  if (!values.ok) return values
  return accountOf(values.value[0] ?? null)
}

/** The account of these bytes of a state; none of which is one nobody has heard of. */
export function accountOf(value: Uint8Array | null): Judged<Account> { return value === null ? accept(noAccount) : decode(account, value) }

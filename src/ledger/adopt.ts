import { HoldfastError, encode, equalBytes, fromHex, toHex, type Cid } from '../base/index.ts'
import type { Commit, StateCopy } from '../hamt/index.ts'
import { judgeTip, type Branch, type BranchGround, type KnownPower, type Position } from './branch.ts'
import type { Chain, Link } from './chain.ts'
import { rootOf } from './genesis.ts'
import { blockId, header as headerCodec, minerKey, type Header } from './header.ts'
import { judgeLinkage, knownChildRules } from './judge-header.ts'
import { linkOf } from './links.ts'
import type { NewBlock } from './ports.ts'
import { childDifficulty } from './pot/base-target.ts'
import { hit } from './pot/hit.ts'
import { breaks, keeps, type NotYet, type Verdict } from './rules.ts'

/**
 * Judges the newest part of a chain that goes on from nothing here. Each header is judged as in a branch as soon as what it is judged by is among those before it: two epochs of
 * headers. The ones before have a signature, and follow each other in number, time, generation and difficulty; their miners' powers are not known.
 */
export async function judgeApart(ground: BranchGround, positions: readonly Position[], powerOf: KnownPower): Promise<Verdict<Branch> | NotYet> {
  const own = new Map<Cid, Link>()
  const chain: Chain = { record: root => own.get(root) ?? null }
  const links: Link[] = []
  for (const { header, state } of positions) {
    const before = links.at(-1) ?? null
    const judged = before === null ? judgeFirst(header, ground) : await judgeNext(header, before, { ...ground, chain }, powerOf)
    if (!judged.ok) return judged
    const link = linkOf(judged.value, rootOf(header, fromHex(state)!).root)
    links.push(link)
    own.set(link.root, link)
  }
  const tip = links.at(-1)
  return tip === undefined ? breaks('unknown-parent', 'no blocks') : keeps({ links, tip, chain })
}

type Judged = Omit<Link, 'root'>

function judgeFirst(header: Header, { rulebook: { network, signatures } }: BranchGround): Verdict<Judged> {
  if (header.network !== network) return breaks('block-network', 'made for another network')
  return minerKey(header, signatures) === null ? breaks('block-signature', 'not the signature of its miner') : keeps(unweighed(header))
}

async function judgeNext(header: Header, before: Link, ground: BranchGround, powerOf: KnownPower): Promise<Verdict<Judged> | NotYet> {
  const { chain, rulebook } = ground
  if (header.previousRoot !== before.root) return breaks('unknown-parent', 'does not go on from the block before it')
  if (knownChildRules(chain, before, rulebook.parameters) !== null) return await judgeTip(header, blockId(header), before, ground, powerOf)
  const linkage = judgeLinkage(header, before, rulebook)
  if (!linkage.ok) return linkage
  if (!equalBytes(header.generation, linkage.value)) return breaks('generation', 'not of its parent and miner')
  if (header.baseTarget < 1n || header.difficulty !== childDifficulty(before.header.difficulty, header.baseTarget)) return breaks('difficulty', 'not that of its parent and its target')
  return keeps(unweighed(header))
}

/** A block whose miner's power is not known: none, as a store gives it back. */
function unweighed(header: Header): Judged {
  return { id: blockId(header), parent: header.previousRoot, header, hit: hit(header.generation), power: 0n, interval: 0n, kind: 'rescue' }
}

/** Blocks to begin a ledger with: headers up to the one at `at`, and there the state. `bad-input` where the state is another, or no header of the branch names it. */
export function beginningOf({ links, tip }: Branch, at: Cid, positions: readonly Position[], copy: StateCopy, commit: () => Commit): NewBlock[] {
  const last = links.findIndex(({ root }) => root === at)
  if (last < 0 || at === tip.root) throw new HoldfastError('bad-input', 'no header of the branch names this root', { root: at })
  if (positions[last]!.state !== toHex(copy.root) || !copy.isWhole) throw new HoldfastError('bad-input', 'not the state of this root', { root: at })
  return links.slice(0, last + 1).map(({ root, id, parent, header, power }, i): NewBlock => ({
    root, block: id, parent, number: header.number, header: encode(headerCodec, header), power, body: { cid: header.body, bytes: null },
    state: i < last ? { root: { digest: fromHex(positions[i]!.state)!, place: null }, packs: [], replaced: [] } : commit(),
  }))
}

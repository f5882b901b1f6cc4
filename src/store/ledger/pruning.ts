import { limits } from '../../base/index.ts'
import type { Chain } from './chain.ts'
import { decodePlaces } from './places.ts'
import { drop, put, type BlockRow } from './records.ts'
import type { Step } from './step.ts'

/**
 * The next small step that takes away what no kept block needs, or null where there is none; small enough for a commit to wait for. Whatever happens
 * between two steps, what is kept is whole.
 *
 * Kept are the base, an ancestor of the head, and all that descends from it. Before the base moves on to its child on the way to the head, its other
 * children go with all that descends from them, leaves first, and with their packs: only they themselves reach nodes in those. What that child's state no
 * longer has of the old base's is dead from then on: all that is left descends from the child, and a node once left is never linked to again, since the
 * same content made anew gets another place. So no node is ever marked. Of the base that was the header stays as long as headers do: what proof of
 * transaction makes of blocks in range reaches further back than their states.
 */
export async function nextPruning(chain: Chain): Promise<readonly Step[] | null> {
  const { base, head } = chain
  if (base === null || head === null) return null
  if (head.number - base.number > chain.range.states) return await narrowing(chain, base, head)
  if (head.number - chain.row.bodiesFrom > chain.range.bodies) return bodiesGoing(chain, head)
  if (head.number - chain.row.headersFrom > headersOf(chain)) return headersGoing(chain, head)
  return await chain.shelf.tidying()
}

async function narrowing(chain: Chain, base: BlockRow, head: BlockRow): Promise<readonly Step[]> {
  const next = chain.index.ancestor(head, base.number + 1)!
  const others = chain.index.childrenOf(base.root).filter(child => child !== next).flatMap(child => chain.index.leavesFirst(child.root))
  if (others.length > 0) return others.slice(0, limits.prunedBlocks).map(row => abandoning(chain, row))
  const [replaced = null] = await chain.records.get('replaced', [next.root])
  const keepsHeader = headersOf(chain) > chain.range.states
  return [
    keepsHeader ? passing(chain, base) : forgetting(chain, base),
    { edits: [drop('replaced', next.root)] },
    chain.shelf.burying(replaced === null ? [] : decodePlaces(replaced)),
    // What a state fetched from peers no longer has of the one before is not known, but nothing that descends from it links to any pack of before.
    ...next.place === null && base.place !== null ? [chain.shelf.droppingBelow(Math.min(chain.row.nextPack, ...chain.packsOfOthers(base)))] : [],
    // Where it began from headers alone, those go later.
    chain.changing({ base: next.root, ...keepsHeader || chain.row.headersFrom < base.number ? {} : { headersFrom: next.number } }),
  ]
}

/** A block on no way to the head, with its packs. */
export function abandoning(chain: Chain, row: BlockRow): Step {
  const [blocks, packs] = [forgetting(chain, row), chain.shelf.dropping(Array.from({ length: row.packs }, (_, i) => row.firstPack + i))]
  return { edits: [...blocks.edits, ...packs.edits], done: () => { blocks.done?.(); packs.done?.() } }
}

/** Of a block there is its header from now on. */
function passing(chain: Chain, row: BlockRow): Step {
  const header: BlockRow = { ...row, place: null, firstPack: 0, packs: 0 }
  return { edits: [put('blocks', row.root, header), drop('bodies', row.root), drop('replaced', row.root)], done: () => { chain.index.add(header) } }
}

function headersOf({ range: { states, headers = states } }: Chain): number { return Math.max(states, headers) }

function headersGoing(chain: Chain, head: BlockRow): readonly Step[] {
  const from = chain.row.headersFrom
  const to = Math.min(from + limits.prunedBlocks, head.number - headersOf(chain), chain.base!.number)
  const gone = Array.from({ length: Math.max(0, to - from) }, (_, i) => chain.index.at(from + i)).flat()
  return [...gone.map(row => forgetting(chain, row)), chain.changing({ headersFrom: Math.max(from, to) })]
}

function forgetting(chain: Chain, { root }: BlockRow): Step {
  return { edits: [drop('blocks', root), drop('bodies', root), drop('replaced', root)], done: () => { chain.index.remove(root) } }
}

function bodiesGoing(chain: Chain, head: BlockRow): readonly Step[] {
  const from = Math.max(chain.row.bodiesFrom, chain.base!.number)
  const to = Math.min(from + limits.prunedBlocks, head.number - chain.range.bodies)
  const gone = Array.from({ length: Math.max(0, to - from) }, (_, i) => chain.index.at(from + i)).flat()
  return [{ edits: gone.map(({ root }) => drop('bodies', root)) }, chain.changing({ bodiesFrom: Math.max(from, to) })]
}

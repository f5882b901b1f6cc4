import { limits, type Cid } from '../base/index.ts'
import { answerOf } from './ask.ts'
import type { StateNetwork } from './ports.ts'
import { rootOfPosition } from './positions.ts'
import type { Position } from './wire.ts'

/** Headers on the way back from a peer's head to where it is known, oldest first; or why there are none. */
export type Walked =
  | { readonly way: 'found', readonly positions: readonly Position[] }
  | { readonly way: 'too-far', readonly positions: readonly Position[] }
  /** It did not answer (any more), or what it answered is not what its root is the hash of. */
  | { readonly way: 'silent' }
  | { readonly way: 'false' }

export interface Walk {
  readonly network: Pick<StateNetwork, 'ask'>
  readonly from: string
  readonly start: Position
  readonly isKnown: (root: Cid) => boolean
  /** Whether a root is that of our genesis, which may be forgotten here. */
  readonly isGenesis: (root: Cid) => boolean
  /** Blocks, the first among them. */
  readonly most: number
  readonly signal: AbortSignal
}

/** Most heads are a block or two ahead; who is far behind asks for ever more at once. */
const firstDepth = 8

/** Asks `from` for what comes before its head, until a known root or the beginning: each header is the one that its child's root names. */
export async function walkBack({ network, from, start, isKnown, isGenesis, most, signal }: Walk): Promise<Walked> {
  const back: Position[] = [start]
  for (let depth = firstDepth; ;) {
    const oldest = back.at(-1)!.header.previousRoot
    if (oldest === null) return isGenesis(rootOfPosition(back.at(-1)!)) ? { way: 'too-far', positions: back.toReversed() } : { way: 'false' }
    if (isKnown(oldest)) return { way: 'found', positions: back.toReversed() }
    if (back.length >= most) return { way: 'too-far', positions: back.toReversed() }
    const asked = Math.min(depth, limits.walkDepth, most - back.length)
    const answer = await answerOf(network, from, 'walk', { root: oldest, depth: asked }, signal)
    if (answer === null) return { way: 'silent' }
    for (const position of answer.blocks) {
      const named = back.at(-1)!.header.previousRoot
      if (named === null || isKnown(named)) break
      if (rootOfPosition(position) !== named || position.header.number !== back.at(-1)!.header.number - 1) return { way: 'false' }
      back.push(position)
    }
    // Less than was asked for is all it has: whoever gives a header at a time would hold us up for hours.
    const next = back.at(-1)!.header.previousRoot
    if (answer.blocks.length < asked && next !== null && !isKnown(next)) return { way: 'silent' }
    depth *= 4
  }
}

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
  /** Blocks, the first among them. */
  readonly most: number
  readonly signal: AbortSignal
}

/** Most heads are a block or two ahead; who is far behind asks for ever more at once. */
const firstDepth = 8

/** Asks `from` for what comes before its head, until a known root or the beginning: each header is the one that its child's root names. */
export async function walkBack({ network, from, start, isKnown, most, signal }: Walk): Promise<Walked> {
  const back: Position[] = [start]
  for (let depth = firstDepth; ;) {
    const oldest = back.at(-1)!.header.previousRoot
    if (oldest === null) return { way: 'false' } // a beginning that is not ours
    if (isKnown(oldest)) return { way: 'found', positions: back.toReversed() }
    if (back.length >= most) return { way: 'too-far', positions: back.toReversed() }
    const answer = await answerOf(network, from, 'walk', { root: oldest, depth: Math.min(depth, limits.walkDepth, most - back.length) }, signal)
    if (answer === null || answer.blocks.length === 0) return { way: 'silent' }
    for (const position of answer.blocks) {
      const named = back.at(-1)!.header.previousRoot
      if (named === null || isKnown(named)) break
      if (rootOfPosition(position) !== named || position.header.number !== back.at(-1)!.header.number - 1) return { way: 'false' }
      back.push(position)
    }
    depth *= 4
  }
}

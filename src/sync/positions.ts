import { fromHex, type Cid } from '../base/index.ts'
import { blockId, rootOf, type Header } from '../ledger/index.ts'
import type { Position } from './wire.ts'

const roots = new WeakMap<Position, Cid>()

/** The root a position is the parts of. */
export function rootOfPosition(position: Position): Cid {
  let root = roots.get(position)
  if (root === undefined) {
    root = rootOf(position.header, fromHex(position.state)!).root
    roots.set(position, root)
  }
  return root
}

const ids = new WeakMap<Header, Cid>()

/** A block's content id. */
export function idOfHeader(header: Header): Cid {
  let id = ids.get(header)
  if (id === undefined) {
    id = blockId(header)
    ids.set(header, id)
  }
  return id
}

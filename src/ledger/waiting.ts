import { limits, type Cid } from '../base/index.ts'
import type { Chain, Link, Tip } from './chain.ts'
import { keptPending } from './head/pending.ts'
import { linkOf } from './links.ts'
import type { Parameters } from './parameters.ts'
import { notYet, type NotYet } from './rules.ts'

/** A place for a block before its time, and which of those that wait have to go for it. */
export interface Place { readonly ok: true, readonly gone: readonly Cid[] }

/** For blocks that need none. */
export const noWait: Place = { ok: true, gone: [] }

/** What a block is to wait beside: those of its parent's children whose time has not come either. */
export interface WaitingRoom { readonly waiting: readonly Link[], readonly headNumber: number, readonly chain: Chain, readonly parameters: Parameters }

/**
 * Whether a block may wait for its time, which has not come: nobody builds on a block that waits itself, none waits longer than a rescue, none whose parent
 * lies further than `short` below the head; and on one parent only the best, of one miner only a few.
 */
export function placeFor(tip: Tip, parent: Link, now: number, { waiting, headNumber, chain, parameters: { rescue, short } }: WaitingRoom): Place | NotYet {
  const { time } = tip.header
  if (parent.header.time > now) return notYet('its parent waits for its own time')
  if (time > now + rescue) return notYet(`${time - now} s ahead`)
  const newcomer = linkOf(tip, tip.id) // whatever its root, it is not looked at
  const kept = new Set(keptPending([...waiting, newcomer], headNumber, chain, { short, rescue, pendingPerParent: limits.pendingPerParent, variants: limits.variants }))
  if (!kept.has(newcomer)) return notYet('better ones wait on its parent, or that is too far below the head')
  return { ok: true, gone: waiting.filter(link => !kept.has(link)).map(({ root }) => root) }
}

import { concat, fromHex, sha256, toHex, type Cid } from '../base/index.ts'

/** What a volunteer looks at of one thing it holds, or could fetch now. `bytes`: all it takes. `copies`: known to be with others. `rank`: of `volunteerRank`. */
export interface Voluntary { readonly key: string, readonly bytes: number, readonly copies: number, readonly rank: string, readonly held: boolean }

/** What a volunteer has to give: bytes, and for how many things at most. */
export interface VolunteerRoom { readonly bytes: number, readonly things: number }

/** What it is to fetch, first things first, once it let go what is to go; and all it is to have then, the rarest first. */
export interface VolunteerPlan { readonly fetch: readonly string[], readonly drop: readonly string[], readonly keep: readonly string[] }

/** Of those with equally few copies each volunteer begins somewhere else: SHA-256(content id | who it is). */
export function volunteerRank(cid: Cid, me: Uint8Array): string {
  return toHex(sha256(concat(fromHex(cid) ?? new Uint8Array(), me)))
}

/**
 * What a good samaritan keeps within its room: what has the fewest known copies first, then what ranks lowest. What is held goes only for something that has fewer
 * copies elsewhere, as then the rarest of the two is less rare than before, and where the room itself became less; so two passes over the same never undo each other.
 */
export function planVoluntary(all: readonly Voluntary[], room: VolunteerRoom): VolunteerPlan {
  const held = all.filter(each => each.held).sort(first)
  const gone: Voluntary[] = []
  const fetched: Voluntary[] = []
  let [free, places] = [room.bytes - bytesOf(held), room.things - held.length]
  /** Until so much is free: the most common goes first, and what fits after all stays. */
  const make = (bytes: number, things: number): void => {
    while (free < bytes || places < things) {
      const last = held.pop()!
      free += last.bytes
      places++
      gone.push(last)
    }
    free -= bytes
    places -= things
    for (const back of gone.sort(first).filter(each => each.bytes <= free)) {
      if (back.bytes > free || places < 1) continue
      free -= back.bytes
      places--
      gone.splice(gone.indexOf(back), 1)
      held.push(back)
    }
    held.sort(first)
  }
  make(0, 0)
  /** What may go for something of so many copies; looked at anew when these, or what is held, are others. */
  let spare = { copies: -1, bytes: 0, things: 0 }
  for (const wanted of all.filter(each => !each.held).sort(first)) {
    if (spare.copies !== wanted.copies) {
      const common = held.filter(({ copies }) => copies > wanted.copies)
      spare = { copies: wanted.copies, bytes: bytesOf(common), things: common.length }
    }
    if (wanted.bytes > free + spare.bytes || places + spare.things < 1) continue
    make(wanted.bytes, 1)
    fetched.push(wanted)
    spare.copies = -1
  }
  return { fetch: keysOf(fetched), drop: keysOf(gone), keep: keysOf([...held, ...fetched].sort(first)) }
}

function first(a: Voluntary, b: Voluntary): number {
  return a.copies - b.copies || compare(a.rank, b.rank) || compare(a.key, b.key)
}

function compare(a: string, b: string): number { return a < b ? -1 : a > b ? 1 : 0 }
function bytesOf(things: readonly Voluntary[]): number { return things.reduce((sum, { bytes }) => sum + bytes, 0) }
function keysOf(things: readonly Voluntary[]): readonly string[] { return things.map(({ key }) => key) }

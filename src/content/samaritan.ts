import { concat, fromHex, sha256, toHex, utf8, type Cid } from '../base/index.ts'

/** What a volunteer looks at of one thing it holds, or could fetch now. `bytes`: all it takes. `copies`: known to be with others. `rank`: of `volunteerRank`. */
export interface Voluntary { readonly key: string, readonly bytes: number, readonly copies: number, readonly rank: string, readonly held: boolean }

/** What it is to fetch, first things first, once it let go what is to go. */
export interface VolunteerPlan { readonly fetch: readonly string[], readonly drop: readonly string[] }

/** Of those with equally few copies each volunteer begins somewhere else: SHA-256(content id | who it is). */
export function volunteerRank(cid: Cid, me: string): string {
  return toHex(sha256(concat(fromHex(cid) ?? new Uint8Array(), utf8(me))))
}

/**
 * What a good samaritan keeps within its room: what has the fewest known copies first, then what ranks lowest. What is held goes only for something that has fewer
 * copies elsewhere, as then the rarest of the two is less rare than before, and where the room itself became less; so two passes over the same never undo each other.
 */
export function planVoluntary(all: readonly Voluntary[], room: number): VolunteerPlan {
  const first = (a: Voluntary, b: Voluntary): number => a.copies - b.copies || (a.rank < b.rank ? -1 : 1)
  const held = all.filter(each => each.held).sort(first)
  const gone: Voluntary[] = []
  const fetch: string[] = []
  let free = room - held.reduce((sum, { bytes }) => sum + bytes, 0)
  /** Until so much is free: the most common goes first, and what fits after all stays. */
  const make = (bytes: number): void => {
    while (free < bytes) {
      const last = held.pop()!
      free += last.bytes
      gone.push(last)
    }
    free -= bytes
    for (const back of gone.sort(first).filter(each => each.bytes <= free)) {
      if (back.bytes > free) continue
      free -= back.bytes
      gone.splice(gone.indexOf(back), 1)
      held.push(back)
    }
    held.sort(first)
  }
  make(0)
  for (const wanted of all.filter(each => !each.held).sort(first)) {
    const spare = held.filter(({ copies }) => copies > wanted.copies).reduce((sum, { bytes }) => sum + bytes, 0)
    if (wanted.bytes > free + spare) continue
    make(wanted.bytes)
    fetch.push(wanted.key)
  }
  return { fetch, drop: gone.map(({ key }) => key) }
}

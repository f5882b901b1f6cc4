import type { Chance } from '../engine/chance.ts'

/** When somebody is there: from, to; milliseconds since 1970, in order. */
export type Spans = readonly (readonly [from: number, to: number])[]

const day = 86_400_000

export type Habit =
  | { readonly is: 'always' }
  /** So long each day, at about the same hour. */
  | { readonly is: 'daily', readonly ms: number }
  /** From then on. */
  | { readonly is: 'joins', readonly at: number }
  | { readonly is: 'spans', readonly spans: Spans }

/** The spans of a habit, between the begin and the end of a simulation; `all` is when everybody is there at the end. */
export function spansOf(habit: Habit, begin: number, end: number, all: number, chance: Chance): Spans {
  if (habit.is === 'always') return [[begin, end]]
  if (habit.is === 'joins') return [[habit.at, end]]
  if (habit.is === 'spans') return habit.spans
  const spans: [number, number][] = []
  const hour = chance.between(0, day)
  for (let midnight = begin - day; midnight < all; midnight += day) {
    const from = Math.max(begin, midnight + hour + chance.between(-day / 48, day / 48))
    const to = Math.min(all, from + habit.ms * chance.between(0.8, 1.2))
    const last = spans.at(-1)
    if (to <= from || last !== undefined && from <= last[1]) continue
    spans.push([from, to])
  }
  return all < end ? [...spans, [all, end]] : spans
}

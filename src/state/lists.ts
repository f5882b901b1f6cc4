import type { KeyList, StateKey } from './keys.ts'
import type { StateView } from './view.ts'

/** Puts a row behind the others of a list, and says where it stands. */
export async function append<T>(view: StateView, list: KeyList<T>, row: T): Promise<number> {
  const total = await view.get(list.total) ?? 0
  view.put(list.at(total), row)
  view.set(list.total, total + 1)
  return total
}

/** Takes a row out of a list, whose last one takes its place: that one, which has moved, or null. A list without rows has no total. */
export async function remove<T>(view: StateView, list: KeyList<T>, index: number): Promise<T | null> {
  const total = await view.get(list.total) ?? 0
  view.set(list.total, total > 1 ? total - 1 : null)
  return await swapOut(view, list.at, index, total - 1)
}

/** The same of rows that are counted elsewhere, the last of which is `last`. */
export async function swapOut<T>(view: StateView, at: (index: number) => StateKey<T>, index: number, last: number): Promise<T | null> {
  const row = await view.get(at(last))
  view.set(at(last), null)
  if (index === last) return null
  await view.get(at(index))
  view.set(at(index), row)
  return row
}

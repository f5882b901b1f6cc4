import type { Item } from './types.ts'

/** Items as they are listed: those that are here only as pictures of others that are here stand with them. */
export interface Listed { readonly items: readonly Item[], picturesIn(item: Pick<Item, 'cid'>): readonly Item[] }

export function listed(items: readonly Item[]): Listed {
  const here = new Set(items.filter(({ pictureOf }) => pictureOf.length === 0).map(({ cid }) => cid))
  const within = new Map<string, Item[]>()
  for (const item of items) for (const cid of item.pictureOf) if (here.has(cid)) within.set(cid, [...within.get(cid) ?? [], item])
  const shown = items.filter(({ pictureOf }) => !pictureOf.some(cid => here.has(cid)))
  return { items: shown, picturesIn: ({ cid }) => within.get(cid) ?? [] }
}

/** Pictures that nothing else here needs: they go with this item. */
export function goingWith(items: readonly Item[], { cid }: Pick<Item, 'cid'>): readonly Item[] {
  const here = new Set(items.map(each => each.cid))
  return items.filter(({ pictureOf }) => pictureOf.includes(cid) && pictureOf.every(each => each === cid || !here.has(each)))
}

import { indexOf, packOf, placeOf, type Place } from '../../hamt/index.ts'
import { decodePlaces, encodePlaces } from './places.ts'
import type { DeadRow } from './records.ts'

/**
 * Nodes in the packs of one table that nothing reaches any more and that still take room. A pack is `unseen` from when nodes of it die until somebody
 * has looked whether it is worth writing anew. `row` is what is written down of this.
 */
export class DeadPlaces {
  private readonly packs = new Map<number, Set<number>>()
  private readonly unseen = new Set<number>()

  constructor(row: DeadRow | null) {
    if (row === null) return
    this.add(decodePlaces(row.places))
    this.unseen.clear() // most of these packs were seen
    for (const pack of decodePlaces(row.unseen)) this.unseen.add(pack)
  }

  add(places: readonly Place[]): void {
    for (const place of places) {
      const pack = packOf(place)
      const dead = this.packs.get(pack)
      if (dead === undefined) this.packs.set(pack, new Set([indexOf(place)]))
      else dead.add(indexOf(place))
      this.unseen.add(pack)
    }
  }

  /** Takes back an `add` of places that could not be written down; their packs are looked at once more than they must. */
  remove(places: readonly Place[]): void {
    for (const place of places) this.packs.get(packOf(place))?.delete(indexOf(place))
  }

  of(pack: number): ReadonlySet<number> {
    return this.packs.get(pack) ?? new Set()
  }

  nextUnseen(): number | null {
    const [pack] = this.unseen
    return pack ?? null
  }

  seen(pack: number): void {
    this.unseen.delete(pack)
  }

  /** Nothing of the pack takes room any more. */
  forget(pack: number): void {
    this.packs.delete(pack)
    this.unseen.delete(pack)
  }

  forgetBelow(pack: number): void {
    for (const each of this.packs.keys()) if (each < pack) this.forget(each)
  }

  /** As it is written down; without what is known of one pack, where that is given. */
  row(without: number | null = null): DeadRow {
    const places: Place[] = []
    for (const [pack, dead] of this.packs) if (pack !== without) for (const index of dead) places.push(placeOf(pack, index))
    return { places: encodePlaces(places), unseen: encodePlaces([...this.unseen].filter(pack => pack !== without)) }
  }
}

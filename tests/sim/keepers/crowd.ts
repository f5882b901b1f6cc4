import type { Key } from '../people/peer.ts'
import { Chance } from '../engine/chance.ts'

/** What a person is up to. The last six want something for nothing. */
export const kinds = ['owner', 'always there', 'evenings', 'weekend laptop', 'false root', 'drops a tenth', 'releases picks', 'sybil owner', 'sybil keeper', 'vanishes'] as const
export type Kind = typeof kinds[number]

/** What befalls an honest keeper: nothing; two weeks away; a disk that is empty one day; a device that is gone for good; or it closes in good order. */
export type Luck = 'none' | 'holiday' | 'disk' | 'broken' | 'retires'

export const honestKeepers: ReadonlySet<Kind> = new Set(['always there', 'evenings', 'weekend laptop'])
const keeping: ReadonlySet<Kind> = new Set([...honestKeepers, 'drops a tenth', 'releases picks', 'sybil keeper', 'vanishes'])

export interface Person {
  readonly number: number
  readonly key: Key
  readonly kind: Kind
  readonly keeps: boolean
  readonly chance: Chance
  readonly luck: Luck
  /** When that comes, in periods since the beginning. */
  readonly luckAt: number
  /** When it comes, in periods. */
  readonly joins: number
  /** Where its week begins, in weeks. */
  readonly phase: number
  /** Who belongs together: a Sybil owner and its keepers; -1: nobody. */
  readonly gang: number
}

/** How many of each hundred. */
const shares: readonly (readonly [Kind, number])[] = [['always there', 16], ['evenings', 18], ['weekend laptop', 18], ['false root', 1], ['drops a tenth', 2], ['releases picks', 2], ['sybil owner', 1], ['sybil keeper', 3], ['vanishes', 2]]

/** The people of a run, all else are owners. `periods`: how long it is. */
export function crowdOf(peers: number, seed: number, periods: number, keyOf: (name: string) => Key): readonly Person[] {
  const list: Kind[] = shares.flatMap(([kind, share]) => Array.from({ length: Math.max(1, Math.round(peers * share / 100)) }, () => kind))
  while (list.length < peers) list.push('owner')
  const gangs = { 'sybil owner': 0, 'sybil keeper': 0 }
  const most = list.filter(kind => kind === 'sybil owner').length
  return list.slice(0, peers).map((kind, number) => {
    const chance = new Chance(seed, `person ${number}`)
    const luck = honestKeepers.has(kind) ? luckOf(chance) : 'none'
    const gang = kind === 'sybil owner' || kind === 'sybil keeper' ? gangs[kind]++ % most : -1
    return {
      number, key: keyOf(`keepers ${seed} ${number}`), kind, keeps: keeping.has(kind), chance, luck, luckAt: chance.between(2, Math.max(3, periods - 4)),
      joins: keeping.has(kind) ? chance.between(0, 0.7) : chance.between(0.8, 1.8), phase: chance.real(), gang,
    }
  })
}

function luckOf(chance: Chance): Luck {
  const drawn = chance.real()
  return drawn < 0.25 ? 'holiday' : drawn < 0.4 ? 'disk' : drawn < 0.44 ? 'broken' : drawn < 0.48 ? 'retires' : 'none'
}

/** Whether its device is on at a time, in periods, which are its weeks. */
export function isThere(person: Person, at: number): boolean {
  const { kind, luck, luckAt, phase, joins } = person
  if (at < joins || isOver(person, at) || luck === 'holiday' && at >= luckAt && at < luckAt + 2) return false
  const day = (at + phase) % 1 * 7
  const hour = day % 1 * 24
  if (kind === 'evenings') return hour >= 17 && hour < 23
  if (kind === 'weekend laptop') return day >= 1 && day < 4 && hour >= 9 && hour < 17 // closed from Friday to Monday
  return kind !== 'owner' || hour >= 18 && hour < 21
}

/** Whether its device will never be on again. */
export function isOver({ luck, luckAt, kind }: Person, at: number): boolean { return (luck === 'broken' || kind === 'vanishes') && at >= luckAt }

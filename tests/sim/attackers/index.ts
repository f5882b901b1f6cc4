import type { Chance } from '../engine/chance.ts'
import type { Lies } from '../people/peer.ts'
import type { Lie } from '../scenario.ts'
import { equivocate, grind, withhold } from './blocks.ts'
import { forge, sybil } from './claims.ts'
import { spam } from './spam.ts'

const kinds: Readonly<Record<Lie, (chance: Chance) => Lies>> = { equivocate, withhold, forge, grind, sybil, spam }

export function liesOf(lie: Lie, chance: Chance): Lies { return kinds[lie](chance) }

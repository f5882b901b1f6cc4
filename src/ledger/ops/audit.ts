import { byteString, list, struct, u32, uint } from '../../base/index.ts'
import { auditFits, auditLeafBytes, auditPathNodes, type AuditProof } from '../../content/index.ts'
import { keys, mostPicks } from '../../state/index.ts'
import { breaks } from '../rules.ts'
import { isBound } from '../uploads/duties.ts'
import type { Op } from './types.ts'

/** Leaves a keeper was asked for, in the period that began in block `settled`; a proof names its pick by its place there. */
export interface Audit { readonly settled: number, readonly proofs: readonly (AuditProof & { readonly pick: number })[] }

/** Op 6 shows that a keeper has what it promised to keep: at any time before it is settled next, in parts if need be. */
export const audit: Op<Audit> = {
  code: 6,
  name: 'audit',
  body: struct({ settled: u32, proofs: list(struct({ pick: uint(mostPicks - 1), bytes: byteString(1, auditLeafBytes), path: list(byteString(32), auditPathNodes) }), mostPicks) }),
  stampable: false,
  lasting: false,
  spends: () => 0,

  async judge({ settled, proofs }, { state, sender }) {
    const [keeper, now] = [await state.get(keys.keeper(sender)), await state.get(keys.keeperNow(sender))]
    if (keeper === null || !isBound(keeper)) return breaks('keeper-unknown', 'its sender keeps nothing')
    if (now?.settled !== settled) return breaks('audit-period', `its period began in block ${now?.settled ?? 'none'}`)
    const seen = new Set<number>()
    for (const { pick: place, ...proof } of proofs) {
      const pick = now.picks[place]
      if (pick === undefined || seen.has(place)) return breaks('audit-pick', `pick ${place} is none, or shown twice`)
      seen.add(place)
      if ((now.answered >> place & 1) === 1) continue // by another device, or not needed any more: the rest is good all the same
      const row = await state.get(keys.upload(pick.cid, pick.owner))
      if (row === null) return breaks('audit-pick', `what pick ${place} is of is no more`)
      if (!auditFits(proof, pick.leaf, row.publication.file)) return breaks('audit-proof', `not leaf ${pick.leaf} of pick ${place}`)
    }
    return proofs.length > 0 ? null : breaks('audit-pick', 'no proof at all')
  },

  async apply({ proofs }, { state, sender }) {
    const key = keys.keeperNow(sender)
    const now = await state.get(key)
    if (now !== null) state.set(key, { ...now, answered: proofs.reduce((bits, { pick }) => bits | 1 << pick, now.answered) })
  },
}

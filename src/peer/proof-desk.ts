import type { Address } from '../base/index.ts'
import { auditFits, type AuditProof, type PublishedFile } from '../content/index.ts'
import { paysKeepers, type Ledger } from '../ledger/index.ts'
import { keys, type KeeperNow } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { KeepingPick } from './keeping-api.ts'
import { byItself } from './outbox-rules.ts'
import type { Outbox } from './outbox.ts'
import type { UploadName } from './upload-api.ts'
import type { UploadDesk } from './upload-desk.ts'
import { readRow, uploadsIn, type ReadValues } from './upload-state.ts'

/** What the network worker says of a leaf it was asked for: the proof; or that the file is not here whole (yet); or that this device does not keep now. */
export type LeafAnswer = AuditProof | 'missing' | 'resting'

export interface ProofDeskParts {
  readonly ledger: Pick<Ledger, 'head' | 'values' | 'parameters'>
  readonly sync: Pick<Sync, 'status'>
  readonly outbox: Pick<Outbox, 'open'>
  readonly desk: Pick<UploadDesk, 'prove'>
  /** Reads a leaf of a file and what shows that it is one. */
  readonly prove: (upload: UploadName, file: PublishedFile, leaf: number) => Promise<LeafAnswer>
}

/** Shows what this account is asked to show, at the first chance within the period; in parts where not all of it is here. */
export class ProofDesk {
  /** Picks that were asked for in vain, of the period that began in that block. */
  #missing: { readonly settled: number, readonly places: ReadonlySet<number> } = { settled: -1, places: new Set() }

  constructor(private readonly parts: ProofDeskParts) {}

  /** How each pick stands. */
  async standing(me: Address, { settled, picks, answered }: KeeperNow): Promise<readonly KeepingPick['state'][]> {
    const sent = this.#sent(me, settled)
    return await Promise.resolve(picks.map((_, i) => (answered >> i & 1) === 1 ? 'answered' : sent.has(i) ? 'sent' : this.#missing.settled === settled && this.#missing.places.has(i) ? 'missing' : 'open'))
  }

  /** Sends what can be shown by now. Resolves with whether something of it is missing. */
  async tend(me: Address): Promise<boolean> {
    const { ledger: { head, parameters }, sync: { status } } = this.parts
    if (!paysKeepers(parameters) || status.stage !== 'following' || status.mode !== 'full') return false
    const read: ReadValues = async names => await this.parts.ledger.values(names, head.root)
    const [keeper, now] = [await readRow(read, keys.keeper(me)), await readRow(read, keys.keeperNow(me))]
    if (keeper === null || now === null || keeper.status !== 'active' && keeper.status !== 'away') return false
    const sent = this.#sent(me, now.settled)
    const open = now.picks.flatMap((pick, place) => (now.answered >> place & 1) === 1 || sent.has(place) ? [] : [{ ...pick, place }])
    if (open.length === 0) { this.#missing = { settled: now.settled, places: new Set() }; return false }
    const rows = await uploadsIn(read, open)
    const [proofs, missing] = [[] as (AuditProof & { readonly pick: number })[], new Set<number>()]
    for (const [i, { cid, owner, leaf, place }] of open.entries()) {
      const file = rows[i]?.publication.file
      if (file === undefined) continue // withdrawn, and gone: it counts as shown
      const answer = await this.parts.prove({ cid, owner }, file, leaf)
      if (answer === 'resting') return false
      // The network worker reads from a disk: nothing is signed that the ledger would refuse.
      if (answer === 'missing' || !auditFits(answer, leaf, file)) missing.add(place)
      else proofs.push({ pick: place, ...answer })
    }
    this.#missing = { settled: now.settled, places: missing }
    if (proofs.length > 0) await this.parts.desk.prove(`${byItself}${crypto.randomUUID()}`, { settled: now.settled, proofs }).catch(() => {}) // without coins, or locked: looked at again with the next head
    return missing.size > 0
  }

  /** Picks of this period whose proofs are on their way. */
  #sent(me: Address, settled: number): ReadonlySet<number> {
    return new Set(this.parts.outbox.open(me).flatMap(wish => wish.op === 6 && wish.body.settled === settled ? wish.body.proofs.map(({ pick }) => pick) : []))
  }
}

import type { Address, Cid } from '../../base/index.ts'
import { uploadKey, type Duty } from './duties.ts'
import { dutyReason, type DutyWhy } from './reasons.ts'

/** A file the ledger has this device keep, by the first record that named it, and every reason for it. `at`: place in its files. */
export interface Expected {
  readonly duty: Duty
  readonly at: number
  readonly reasons: readonly string[]
  /** Records that name another torrent for it; absent where all agree. */
  readonly others?: readonly { readonly duty: Duty, readonly at: number }[]
}

/** Bytes of all its files. */
export function dutyBytes({ files }: Pick<Duty, 'files'>): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

/** The offers that are taken: those that were not accepted yet, and may be here at all. Whether its keeper's rules like one (what it pledged, open files, price), whoever made the list has judged. */
export function takenOffers(offered: readonly Duty[], obliged: readonly Duty[], may: (duty: Duty) => boolean): readonly Duty[] {
  const promisedCids = new Set(obliged.map(({ cid }) => cid))
  let promised: ReadonlySet<string> | null = null // few contents are in both lists
  const isPromised = (duty: Duty): boolean => promisedCids.has(duty.cid) && (promised ??= new Set(obliged.map(uploadKey))).has(uploadKey(duty))
  return offered.filter(duty => may(duty) && !isPromised(duty))
}

/** Every file of these uploads, the promised ones first. Most have one reason, which is the same text for all files of one owner. */
export function expectedFiles(network: string, lists: readonly (readonly [DutyWhy, readonly Duty[]])[]): Map<Cid, Expected> {
  const expected = new Map<Cid, Expected>()
  for (const [why, duties] of lists) {
    const ofOwner = new Map<Address, readonly string[]>()
    for (const duty of duties) {
      for (let at = 0; at < duty.files.length; at++) {
        const { cid } = duty.files[at]!
        let reasons = cid === duty.cid ? ofOwner.get(duty.owner) : undefined
        if (reasons === undefined) {
          reasons = [dutyReason(why, network, duty, cid)]
          if (cid === duty.cid) ofOwner.set(duty.owner, reasons)
        }
        const known = expected.get(cid)
        if (known === undefined) expected.set(cid, { duty, at, reasons })
        else if (!known.reasons.includes(reasons[0]!)) {
          const agrees = known.duty.files[known.at]!.infohash === duty.files[at]!.infohash
          expected.set(cid, { ...known, reasons: [...known.reasons, ...reasons], ...agrees ? {} : { others: [...known.others ?? [], { duty, at }] } })
        }
      }
    }
  }
  return expected
}

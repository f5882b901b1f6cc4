import type { Address, Cid } from '../../base/index.ts'
import { uploadKey, type Duty, type Pledge, type UploadName } from './duties.ts'
import { dutyReason, type DutyWhy } from './reasons.ts'

/** A file the ledger has this device keep, by the first record that named it, and every reason for it. `at`: place in its files. */
export interface Expected { readonly duty: Duty, readonly at: number, readonly reasons: readonly string[] }

/** What decides which offers are taken. */
export interface OfferRules {
  readonly pledge: Pledge | null | undefined
  /** Whether it may be here at all: not blocked, and nobody found out that it is not what its record says. */
  readonly may: (upload: UploadName) => boolean
  /** Whether it was taken before: it keeps its room. */
  readonly taken: (duty: Duty) => boolean
}

/** Bytes of all its files. */
export function dutyBytes({ files }: Pick<Duty, 'files'>): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

/**
 * The offers that are taken, in their order: protected ones, and others where that is pledged; no more than fits beside what was promised. What it
 * is paid for, whoever made the list has compared.
 */
export function takenOffers(offered: readonly Duty[], obliged: readonly Duty[], { pledge, may, taken }: OfferRules): readonly Duty[] {
  if (pledge === null) return []
  const promisedCids = new Set(obliged.map(({ cid }) => cid))
  let promised: ReadonlySet<string> | null = null // few contents are in both lists
  const isPromised = (duty: Duty): boolean => promisedCids.has(duty.cid) && (promised ??= new Set(obliged.map(uploadKey))).has(uploadKey(duty))
  const wanted = offered.filter(duty => (duty.protected || pledge?.public !== false) && may(duty) && !isPromised(duty))
  if (pledge === undefined) return wanted
  let room = pledge.pledged - bytesOf(obliged)
  if (bytesOf(wanted) <= room) return wanted
  const fitting = new Set([...wanted.filter(taken), ...wanted.filter(duty => !taken(duty))].filter(duty => {
    const bytes = dutyBytes(duty)
    if (bytes > room) return false
    room -= bytes
    return true
  }))
  return wanted.filter(duty => fitting.has(duty))
}

function bytesOf(duties: readonly Duty[]): number {
  return duties.reduce((bytes, duty) => bytes + dutyBytes(duty), 0)
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
        else if (!known.reasons.includes(reasons[0]!)) expected.set(cid, { ...known, reasons: [...known.reasons, ...reasons] })
      }
    }
  }
  return expected
}

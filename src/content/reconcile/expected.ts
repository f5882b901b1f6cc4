import type { Cid } from '../../base/index.ts'
import type { PublishedFile } from '../publication.ts'
import type { Kind } from '../types.ts'
import { fileKind, uploadKey, type Duty, type Pledge, type UploadName } from './duties.ts'
import { dutyReason, type DutyWhy } from './reasons.ts'

/** A file the ledger has this device keep, by the first record that named it, and every reason for it. */
export interface Expected { readonly file: PublishedFile, readonly kind: Kind, readonly title: string, readonly reasons: string[] }

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
  const promised = new Set(obliged.map(uploadKey))
  const wanted = offered.filter(duty => !promised.has(uploadKey(duty)) && (duty.protected || pledge?.public !== false) && may(duty))
  if (pledge === undefined) return wanted
  const [before, fresh] = [wanted.filter(taken), wanted.filter(duty => !taken(duty))]
  let room = pledge.pledged - obliged.reduce((sum, duty) => sum + dutyBytes(duty), 0)
  const fitting = new Set([...before, ...fresh].filter(duty => {
    const bytes = dutyBytes(duty)
    if (bytes > room) return false
    room -= bytes
    return true
  }))
  return wanted.filter(duty => fitting.has(duty))
}

/** Every file of these uploads, the promised ones first. */
export function expectedFiles(network: string, lists: readonly (readonly [DutyWhy, readonly Duty[]])[]): Map<Cid, Expected> {
  const expected = new Map<Cid, Expected>()
  for (const [why, duties] of lists) {
    for (const duty of duties) {
      duty.files.forEach((file, at) => {
        const reason = dutyReason(why, network, duty, file.cid)
        const known = expected.get(file.cid)
        if (known === undefined) expected.set(file.cid, { file, kind: fileKind(duty, at), title: duty.title, reasons: [reason] })
        else if (!known.reasons.includes(reason)) known.reasons.push(reason)
      })
    }
  }
  return expected
}

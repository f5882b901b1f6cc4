import type { Address } from '../base/index.ts'
import type { Link, Parameters } from '../ledger/index.ts'
import type { UploadRow } from '../state/index.ts'
import type { ContentVerdict } from '../content/index.ts'
import type { Access, Upload, UploadName } from './upload-api.ts'

export interface RowFacts {
  readonly me: Address | null
  readonly head: Link
  readonly safe: Link
  readonly verdict: ContentVerdict | null
  readonly access: Access
}

/** An upload as pages show it. */
export function shownUpload({ cid, owner }: UploadName, row: UploadRow, { me, head, safe, verdict, access }: RowFacts): Upload {
  const { publication, block, time, kept, until, replacedBy } = row
  const { kind, protected: locked, file, images, title, about, tags, maker, policy, holders, keepers, rent } = publication
  return {
    cid, owner, kind, protected: locked, own: owner === me, file, images, title, about, tags, maker, policy, holders: holders.map(({ address }) => address), keepers, kept, rent, until,
    withdrawn: isOver(row, head.header.number), replacedBy, block, time, safe: block <= safe.header.number, verdict, access,
  }
}

/** Whether it counts no more in the block after this one: the row itself goes by and by. */
export function isOver({ withdrawn, until }: Pick<UploadRow, 'withdrawn' | 'until'>, head: number): boolean { return withdrawn || head >= until }

/** Whether what was read at the safety root may be acted on: it is one of the network as it is followed now, and younger than the mutable range. */
export function isFresh({ stage, mode, head, safe }: { readonly stage: string, readonly mode: string, readonly head: Link, readonly safe: Link }, { range }: Pick<Parameters, 'range'>): boolean {
  return stage === 'following' && mode === 'full' && head.header.number - safe.header.number < range
}

import type { Cid } from '../base/index.ts'
import { dutiesOf, isDuty } from '../content/index.ts'
import type { ContentRow } from '../store/index.ts'

type Row = Pick<ContentRow, 'cid' | 'reasons' | 'pictureOf'>

/** What the person said of a file beside having it as a picture. */
const byItself: ReadonlySet<string> = new Set(['pinned', 'shared', 'attachment'])

/** The uploads a file is here as a picture of, where it is here as nothing else. */
export function picturesOf({ cid, reasons, pictureOf }: Row): readonly Cid[] {
  const duties = dutiesOf(reasons, cid).map(({ upload }) => upload.cid)
  const own = reasons.filter(reason => !isDuty(reason))
  if (duties.includes(cid) || own.some(reason => byItself.has(reason)) || own.length > 0 && pictureOf === undefined) return []
  return [...new Set([...pictureOf ?? [], ...duties])]
}

/** A row, once it is wanted as a picture of an upload; null: for itself. What was here for itself stays so. */
export function asPictureOf(row: ContentRow, upload: Cid | null, fresh = false): ContentRow {
  const { pictureOf, ...rest } = row
  if (upload === null) return rest
  return fresh || pictureOf !== undefined ? { ...rest, pictureOf: [...new Set([...pictureOf ?? [], upload])] } : row
}

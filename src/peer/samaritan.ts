import { addressBytes, limits, type Address, type Cid } from '../base/index.ts'
import { planVoluntary, volunteerRank } from '../content/index.ts'
import type { SamaritanRules } from './duty-api.ts'
import { refOf, type IndexedUpload } from './upload-index.ts'

interface Choosing extends Pick<SamaritanRules, 'space' | 'whose' | 'follows'> {
  readonly me: Address
  may(upload: IndexedUpload): boolean
  /** By name, those this account promised to keep. */
  readonly promised: ReadonlySet<string>
  /** Content ids of what is kept unasked already, or on its way. */
  readonly held: ReadonlySet<Cid>
}

/**
 * Which uploads a device keeps unasked, the rarest first: of those the person's choice admits, what `planVoluntary` says. Copies are those promised, as of what is not here
 * no others are known: were more of them counted of what is here, the two would take each other's place for ever.
 */
export function chooseSamaritan(uploads: readonly IndexedUpload[], { space, whose, follows, me, may, promised, held }: Choosing): readonly IndexedUpload[] {
  if (space === 0 || whose === 'fetched') return []
  const [followed, who] = [new Set(follows), addressBytes(me) ?? new Uint8Array()]
  const admits = (upload: IndexedUpload): boolean => followed.has(upload.owner) || whose === 'public' || whose === 'protected' && upload.protected
  const wanted = new Map(uploads.filter(upload => upload.owner !== me && upload.bytes <= space && admits(upload) && !promised.has(refOf(upload)) && may(upload)).map(upload => [refOf(upload), upload]))
  const all = [...wanted].map(([key, { cid, bytes, copies }]) => ({ key, bytes, copies, rank: volunteerRank(cid, who), held: held.has(cid) }))
  return planVoluntary(all, { bytes: space, things: limits.samaritanUploads }).keep.map(key => wanted.get(key)!)
}

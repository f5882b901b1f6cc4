import { addressBytes, compareBytes, concat, fromHex, limits, sha256, type Address } from '../base/index.ts'
import type { SamaritanRules } from './duty-api.ts'
import { refOf, type IndexedUpload } from './upload-index.ts'

interface Choosing extends Pick<SamaritanRules, 'space' | 'whose' | 'follows'> {
  readonly me: Address
  may(upload: IndexedUpload): boolean
  /** By name, those this account promised to keep. */
  readonly promised: ReadonlySet<string>
}

/** Which uploads a device keeps unasked: those of which the fewest copies are promised, of these the ones whose SHA-256(cid | account) is lowest, so that devices spread out; as far as the space reaches. */
export function chooseSamaritan(uploads: readonly IndexedUpload[], { space, whose, follows, me, may, promised }: Choosing): readonly IndexedUpload[] {
  if (space === 0 || whose === 'fetched') return []
  const followed = new Set(follows)
  const wanted = (upload: IndexedUpload): boolean => followed.has(upload.owner) || whose === 'public' || whose === 'protected' && upload.protected
  const ranked = uploads.filter(upload => upload.owner !== me && upload.bytes <= space && wanted(upload) && !promised.has(refOf(upload)) && may(upload))
    .map(upload => ({ upload, hash: sha256(concat(fromHex(upload.cid) ?? new Uint8Array(), addressBytes(me) ?? new Uint8Array())) }))
    .toSorted((a, b) => a.upload.copies - b.upload.copies || compareBytes(a.hash, b.hash))
  const chosen: IndexedUpload[] = []
  let left = space
  for (const { upload } of ranked) {
    if (upload.bytes > left) continue
    left -= upload.bytes
    chosen.push(upload)
    if (chosen.length === limits.samaritanUploads) break
  }
  return chosen
}

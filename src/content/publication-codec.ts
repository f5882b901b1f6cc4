import { addressField, bool, byteString, hexString, list, nothing, nullable, oneOf, struct, uint, type Codec } from '../base/index.ts'
import { canonicalString } from './canonical-text.ts'
import { uploadKinds, type Assignment, type Envelope, type Policy, type Publication, type PublishedFile, type Rent, type UploadKind } from './publication.ts'

const MiB = 1024 * 1024

/** How many of each a record may have, and how much. */
export const publicationLimits = {
  fileBytes: 2 ** 36, imageBytes: 64 * MiB, images: 8, titleBytes: 128, aboutBytes: 512, tags: 8, tagBytes: 32, makerBytes: 64,
  listed: 32, holders: 8, keepers: 16, wanted: 8, periods: 52, price: 2 ** 40 - 1, sharePermille: 500,
  /** Of one with a stamp in place of its fee. */
  stampedPeriods: 4, stampedImages: 1,
} as const

const most = publicationLimits

const kindCode = uint(uploadKinds.length - 1)
const kind: Codec<UploadKind> = {
  write(out, value) { kindCode.write(out, uploadKinds.indexOf(value)) },
  read: input => uploadKinds[kindCode.read(input)]!,
}

const hash = hexString(32)
const fileOf = (bytes: number): Codec<PublishedFile> => struct({ cid: hash, size: uint(bytes, 1), infohash: hexString(20), audit: hash })

/** `enc` and `ct` of HPKE with a key of 32 bytes inside. */
export const envelopeFields = { enc: byteString(32), ct: byteString(48) } as const
export const envelope: Codec<Envelope> = struct(envelopeFields)

export const policy: Codec<Policy> = oneOf({
  open: nothing, public: hash, owner: nothing, list: list(addressField, most.listed), pay: struct({ price: uint(most.price, 1), share: uint(most.sharePermille) }),
})
export const holder = struct({ address: addressField, box: hash, ...envelopeFields })
export const rent: Codec<Rent> = struct({ each: uint(most.price), periods: uint(most.periods, 1), wanted: uint(most.wanted, 1) })

export const publication: Codec<Publication> = struct({
  kind, protected: bool, file: fileOf(most.fileBytes), images: list(fileOf(most.imageBytes), most.images),
  title: canonicalString(1, most.titleBytes), about: canonicalString(0, most.aboutBytes), tags: list(canonicalString(1, most.tagBytes), most.tags),
  plain: nullable(hash), maker: canonicalString(0, most.makerBytes), policy, keyCommit: nullable(hash),
  holders: list(holder, most.holders), keepers: list(addressField, most.keepers), rent: nullable(rent), until: uint(most.periods, 1),
})

export const assignment: Codec<Assignment> = struct({
  cid: hash, policy: nullable(policy), allow: list(addressField, most.listed), deny: list(addressField, most.listed), holders: nullable(list(holder, most.holders)),
  keepers: nullable(list(addressField, most.keepers)), rent: nullable(rent), until: nullable(uint(most.periods, 1)), withdrawn: bool, replacedBy: nullable(hash),
})
